// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.week;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class IsoWeekTest {
  private static final IsoWeek WEEK = new IsoWeek(LocalDate.parse("2026-11-09"));

  @Test
  void aWeekStartsOnAMonday() {
    assertThat(IsoWeek.of(LocalDate.parse("2026-11-15"))).isEqualTo(WEEK);
    assertThatThrownBy(() -> new IsoWeek(LocalDate.parse("2026-11-10")))
        .hasMessage("A week starts on a Monday");
  }

  @Test
  void aWeekIsDueSeventyTwoHoursAfterItsEndAndNotAMinuteEarlier() {
    assertThat(WEEK.due()).isEqualTo(Instant.parse("2026-11-19T00:00:00Z"));
    assertThat(IsoWeek.lastDue(at("2026-11-19T00:00:00Z"))).isEqualTo(WEEK);
    assertThat(IsoWeek.lastDue(at("2026-11-18T23:59:00Z"))).isEqualTo(WEEK.minus(1));
  }

  @Test
  void theReleaseIsExpectedOnTheMorningOfTheDayItIsDue() {
    assertThat(WEEK.expected()).isEqualTo(Instant.parse("2026-11-19T06:00:00Z"));
  }

  @Test
  void theYearOfAWeekIsTheYearOfItsThursday() {
    assertThat(new IsoWeek(LocalDate.parse("2026-12-28"))).hasToString("2026-W53");
    assertThat(new IsoWeek(LocalDate.parse("2025-12-29"))).hasToString("2026-W01");
  }

  @Test
  void weeksInARowEndWithTheWeek() {
    assertThat(WEEK.andBefore(3)).containsExactly(WEEK.minus(2), WEEK.minus(1), WEEK);
  }

  private static Clock at(String instant) {
    return Clock.fixed(Instant.parse(instant), UTC);
  }
}
