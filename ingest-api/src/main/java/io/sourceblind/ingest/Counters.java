// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Counts what was taken, left out and refused, by organization and field. No value is counted by.
final class Counters {
  /// A sender may make up as many names as it likes; the meters of a process are for everyone.
  private static final int MOST_NAMES = 200;

  private final MeterRegistry meters;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  Counters(MeterRegistry meters) {
    this.meters = meters;
  }

  /// @param dropped the names of the fields that were left out of the batch
  void count(UUID organization, List<String> dropped, List<Answer.OfEvent> answers) {
    var whose = Tags.of("organization", organization.toString());
    // A meter is looked for by all that it is named by: once a batch and not for every event.
    answers.stream()
        .collect(groupingBy(Answer.OfEvent::verdict, counting()))
        .forEach((verdict, times) ->
            meters
                .counter("sourceblind.ingest.events", whose.and("verdict", verdict))
                .increment(times));
    for (var name : dropped) {
      meters.counter("sourceblind.ingest.dropped", whose.and("field", known(name))).increment();
    }
    for (var answer : answers) {
      if (answer.field() != null && answer.reason() != null) {
        meters
            .counter(
                "sourceblind.ingest.refused",
                whose.and("field", answer.field(), "reason", answer.reason()))
            .increment();
      }
    }
  }

  private String known(String name) {
    if (names.contains(name)) {
      return name;
    }
    return names.size() < MOST_NAMES && names.add(name) ? name : "other";
  }
}
