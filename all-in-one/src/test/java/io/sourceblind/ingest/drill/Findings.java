// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Broken promises, each told once however often it is met.
final class Findings {
  private static final int EXAMPLES = 3;

  private final Map<BrokenPromise, Set<Object>> found =
      Stream.of(BrokenPromise.values())
          .collect(Collectors.toUnmodifiableMap(kind -> kind, _ -> ConcurrentHashMap.newKeySet()));

  void add(BrokenPromise kind, Object what) {
    of(kind).add(what);
  }

  void addAll(Findings more) {
    more.found.forEach((kind, all) -> of(kind).addAll(all));
  }

  boolean has(BrokenPromise kind, Object what) {
    return of(kind).contains(what);
  }

  int count(BrokenPromise kind) {
    return of(kind).size();
  }

  int countExcept(Set<BrokenPromise> kinds) {
    return Stream.of(BrokenPromise.values())
        .filter(kind -> !kinds.contains(kind))
        .mapToInt(this::count)
        .sum();
  }

  /// The kinds that were met, and how often.
  Map<BrokenPromise, Integer> counts() {
    return found.keySet().stream()
        .filter(kind -> count(kind) > 0)
        .collect(Collectors.toMap(kind -> kind, this::count, Integer::sum, TreeMap::new));
  }

  /// A line for each kind that was met, with a few examples.
  @Override
  public String toString() {
    return Stream.of(BrokenPromise.values())
        .filter(kind -> count(kind) > 0)
        .map(kind ->
            "%s %d, for example %s"
                .formatted(kind, count(kind), of(kind).stream().limit(EXAMPLES).toList()))
        .collect(Collectors.joining("\n"));
  }

  private Set<Object> of(BrokenPromise kind) {
    return Objects.requireNonNull(found.get(kind));
  }
}
