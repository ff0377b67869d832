// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sourceblind.ingest.allowlist.Reason;
import io.sourceblind.ingest.allowlist.Verdict;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CountersTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Counters counters = new Counters(meters);
  private final UUID organization = UUID.randomUUID();

  @Test
  void whatIsRefusedIsCountedByFieldAndReason() {
    var refused = new Verdict.Refused(null, "text", Reason.PROSE_CODE, List.of());

    counters.count(organization, List.of(), List.of(Answer.OfEvent.refused(refused)));

    assertThat(
            meters
                .get("sourceblind.ingest.refused")
                .tags("organization", organization.toString(), "field", "text")
                .tags("reason", "prose_code")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void aSenderCannotMakeUpEndlessMeters() {
    var answer = Answer.OfEvent.stored(UUID.randomUUID(), new Fate.Added());
    for (var i = 0; i < 10_000; i++) {
      counters.count(organization, List.of("name_" + "a".repeat(i % 300)), List.of(answer));
    }

    assertThat(meters.find("sourceblind.ingest.dropped").counters()).hasSizeLessThanOrEqualTo(201);
    assertThat(meters.get("sourceblind.ingest.dropped").tag("field", "other").counter().count())
        .isPositive();
  }
}
