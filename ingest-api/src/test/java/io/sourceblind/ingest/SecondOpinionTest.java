// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Trees;
import io.sourceblind.ingest.allowlist.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The oracle of the fuzzing finds what it is there to find.
class SecondOpinionTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final Allowlist ALLOWLIST = Allowlist.load(Clock.fixed(NOW, ZoneOffset.UTC));
  private static final FuzzedEvents EVENTS = new FuzzedEvents(NOW);
  private static final SecondOpinion SECOND = new SecondOpinion(NOW);

  static Set<String> mistakes() {
    return CarelessDecisions.of(ALLOWLIST).keySet();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aCarelessDecisionIsFound(String mistake) {
    var careless = Objects.requireNonNull(CarelessDecisions.of(ALLOWLIST).get(mistake));

    assertThat(FuzzedEvents.programs(3_000).map(program -> EVENTS.bent(new Draws(program))))
        .anyMatch(event -> !SECOND.objections(event, careless.apply(event)).isEmpty());
  }

  @Test
  void aWholeEventOfEachKindHasNothingToObjectTo() {
    for (var kind : ListedFields.KINDS) {
      var event = Trees.whole(ALLOWLIST, kind, NOW);

      var verdict = ALLOWLIST.decide(event);

      assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
      assertThat(SECOND.objections(event, verdict)).isEmpty();
    }
  }

  /// If all were refused, or all were allowed, the fuzzing would try half of what it should.
  @Test
  void whatIsMadeForTheFuzzingIsBothAllowedAndRefused() {
    var listed = 0;
    var bent = 0;
    for (var program : FuzzedEvents.programs(200).toList()) {
      listed += isAllowed(EVENTS.listed(new Draws(program))) ? 1 : 0;
      bent += isAllowed(EVENTS.bent(new Draws(program))) ? 1 : 0;
    }

    assertThat(listed).isBetween(150, 200);
    assertThat(bent).isBetween(40, 150);
  }

  private static boolean isAllowed(JsonNode event) {
    return ALLOWLIST.decide(event) instanceof Verdict.Allowed;
  }
}
