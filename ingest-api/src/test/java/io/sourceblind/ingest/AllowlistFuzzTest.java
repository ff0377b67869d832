// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Reason;
import io.sourceblind.ingest.allowlist.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Any tree against the allowlist, today and on a day when some of its lines have expired.
class AllowlistFuzzTest {
  private static final List<Day> DAYS =
      Stream.of("2026-11-21T12:00:00.123Z", "2027-06-15T12:00:00.123Z").map(Day::at).toList();

  private static final EnumSet<Reason> OF_THE_PARSER =
      EnumSet.of(Reason.NOT_JSON, Reason.SAID_TWICE, Reason.TOO_DEEP_OR_TOO_LONG);

  private record Day(FuzzedEvents events, Allowlist allowlist, SecondOpinion second) {
    static Day at(String time) {
      var now = Instant.parse(time);
      return new Day(
          new FuzzedEvents(now),
          Allowlist.load(Clock.fixed(now, ZoneOffset.UTC)),
          new SecondOpinion(now));
    }
  }

  static Stream<byte[]> programs() {
    return FuzzedEvents.programs(60);
  }

  @MethodSource("programs")
  @FuzzTest
  void aSecondOpinionComesToTheSameVerdict(byte[] program) {
    if (Canary.isIn(program)) {
      return;
    }
    var draws = new Draws(program);
    var day = dayOf(draws);
    var event = day.events().bent(draws);

    var verdict = day.allowlist().decide(event);

    assertThat(day.second().objections(event, verdict)).isEmpty();
  }

  /// A reason that never comes up is a rule that nothing is tried against.
  @Test
  void everyReasonOfTheAllowlistComesUp() {
    var missing = EnumSet.complementOf(OF_THE_PARSER);

    FuzzedEvents.programs(30_000)
        .map(Draws::new)
        .takeWhile(_ -> !missing.isEmpty())
        .forEach(draws -> {
          var day = dayOf(draws);
          if (day.allowlist().decide(day.events().bent(draws)) instanceof Verdict.Refused refused) {
            missing.remove(refused.reason());
          }
        });

    assertThat(missing).isEmpty();
  }

  private static Day dayOf(Draws draws) {
    return DAYS.get(draws.oneIn(8) ? 1 : 0);
  }
}
