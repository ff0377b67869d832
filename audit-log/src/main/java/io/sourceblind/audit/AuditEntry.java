// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/// One thing that was done, as it will be kept for good.
///
/// No text that could name a person fits in: a value has neither spaces nor an at sign.
///
/// @param organization whose log it goes to
/// @param action what was done, such as `credential.minted`
/// @param target what it was done to: an id, or a short name such as `team-page`
/// @param details strings, whole numbers and booleans by name
public record AuditEntry(
    UUID organization,
    Actor actor,
    String action,
    String target,
    Outcome outcome,
    Map<String, Object> details) {

  private static final Pattern ACTION = Pattern.compile("[a-z][a-z0-9_.]{1,63}");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._:/,=+-]{1,200}");
  private static final int MOST_DETAILS = 32;
  // RFC 7493, 2.2: a reader may keep no larger whole number exactly.
  private static final long LARGEST = (1L << 53) - 1;

  public AuditEntry {
    demand(ACTION, action, "The action", "`thing.done`: lower-case letters, digits, dots");
    demand(WORD, target, "The target", "an id or a short name: letters, digits and ._:/,=+-");
    if (details.size() > MOST_DETAILS) {
      throw new IllegalArgumentException(
          "An entry has at most %d details, not %d".formatted(MOST_DETAILS, details.size()));
    }
    var kept = new TreeMap<String, Object>();
    details.forEach((name, value) -> kept.put(name(name), value(name, value)));
    details = Collections.unmodifiableMap(kept);
  }

  private static String name(String name) {
    demand(NAME, name, "The name of a detail", "lower-case letters, digits and _");
    if (Set.of("action", "actor", "actor_kind", "at", "org", "outcome", "target", "uid", "v")
        .contains(name)) {
      throw new IllegalArgumentException("Every entry has its own `%s`".formatted(name));
    }
    return name;
  }

  private static Object value(String name, Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Integer number -> (long) number;
      case Long number when number >= -LARGEST && number <= LARGEST -> number;
      case Long _ ->
          throw new IllegalArgumentException(
              "The detail `%s` is not between -2^53 and 2^53".formatted(name));
      case String text -> {
        demand(
            WORD,
            text,
            "The detail `%s`".formatted(name),
            "an id or a short name: letters, digits and ._:/,=+-");
        yield text;
      }
      default ->
          throw new IllegalArgumentException(
              "The detail `%s` is a %s; strings, longs and booleans are kept"
                  .formatted(name, value.getClass().getSimpleName()));
    };
  }

  private static void demand(Pattern form, String text, String what, String right) {
    if (!form.matcher(text).matches()) {
      throw new IllegalArgumentException("%s is not %s".formatted(what, right));
    }
  }
}
