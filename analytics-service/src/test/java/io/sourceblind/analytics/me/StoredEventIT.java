// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.World;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredEventIT {

  @Test
  void everyColumnOfAnEventHasWords() {
    try (var world = new World(Clock.systemUTC())) {
      var columns =
          world
              .superuser()
              .sql(
                  """
                  select attname from pg_attribute
                   where attrelid = 'capture.event'::regclass and attnum > 0 and not attisdropped
                  """)
              .query(String.class)
              .stream()
              .map(String::valueOf)
              .toList();

      assertThat(columns).hasSizeGreaterThan(90).allMatch(FieldWords::knows);
    }
  }

  @Test
  void everyKindIsASentence() {
    for (var kind :
        new String[] {
          "session.started",
          "session.ended",
          "prompt.submitted",
          "turn.completed",
          "turn.failed",
          "tool.completed",
          "command.executed",
          "file.touched",
          "check.completed",
          "permission.decided",
          "model.usage",
          "context.compacted",
          "subagent.completed",
          "capture.gap",
          "rationale.recorded"
        }) {
      assertThat(new StoredEvent(Map.of("kind", kind)).sentence())
          .endsWith(".")
          .isNotEqualTo("Something happened.");
    }
  }

  @Test
  void valuesAreWrittenForPeople() {
    var event =
        new StoredEvent(
            Map.of("kind", "turn.completed", "duration_ms", 125_000, "is_subagent", false));

    assertThat(event.all())
        .contains(
            new StoredEvent.Field("How long it took", "125,000 ms (2 min)"),
            new StoredEvent.Field("Done by a sub-agent", "no"));
  }
}
