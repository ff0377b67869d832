// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final IsoWeek WEEK = new IsoWeek(LocalDate.of(2026, 11, 9));

  @Test
  void fourActivePeopleAreTooFewAndFiveAreNot() {
    assertThat(opens(Metric.PROMPTS, 12, 4, 5, 0)).isFalse();
    assertThat(opens(Metric.PROMPTS, 12, 5, 5, 0)).isTrue();
  }

  @Test
  void theJitterAsksForMoreAndNeverForLess() {
    for (var jitter = 0; jitter <= 3; jitter++) {
      assertThat(opens(Metric.PROMPTS, 12, 4 + jitter, 9, jitter)).isFalse();
      assertThat(opens(Metric.PROMPTS, 12, 5 + jitter, 9, jitter)).isTrue();
    }
  }

  @Test
  void fourPeopleWithSomethingToSayAreTooFew() {
    assertThat(opens(Metric.PROMPTS, 12, 9, 4, 0)).isFalse();
    assertThat(opens(Metric.FIRST_RUN_PASS, 8, 8, 4, 0)).isFalse();
  }

  @Test
  void aRateThatIsMostlyItsConstantIsNotShown() {
    assertThat(opens(Metric.FIRST_RUN_PASS, 12, 12, 5, 0)).isFalse();
    assertThat(opens(Metric.FIRST_RUN_PASS, 12, 12, 6, 0)).isTrue();
  }

  @Test
  void anOrganizationThatAsksForMoreGetsLess() {
    var strict = new FrozenGroup(Epoch.of(WEEK), UUID.randomUUID(), 12, 1, 8, 1, false);

    assertThat(Gate.opens(Metric.PROMPTS, strict, tally(7, 7), 0)).isFalse();
    assertThat(Gate.opens(Metric.PROMPTS, strict, tally(8, 8), 0)).isTrue();
  }

  @Test
  void whateverTheReasonAWithheldCellIsTheSame() {
    var draws = Lots.draws(7);
    var group = group(12, false);
    var nobody = Cell.of(Metric.PROMPTS, group, WEEK, tally(0, 0), draws);
    var four = Cell.of(Metric.PROMPTS, group, WEEK, tally(4, 4), draws);
    var silent = Cell.of(Metric.PROMPTS, group, WEEK, tally(12, 4), draws);
    var deleted = Cell.of(Metric.PROMPTS, group(12, true), WEEK, tally(12, 12), draws);

    assertThat(four).isEqualTo(nobody).isEqualTo(silent).isEqualTo(deleted);
    assertThat(four.value()).isNull();
    assertThat(four.active()).isNull();
  }

  private static boolean opens(
      Metric metric, int people, int active, int contributing, int jitter) {
    return Gate.opens(metric, group(people, false), tally(active, contributing), jitter);
  }

  private static FrozenGroup group(int people, boolean withdrawn) {
    return new FrozenGroup(
        Epoch.of(WEEK),
        new UUID(0, 1),
        people,
        FrozenGroup.weeksFor(people),
        Gate.FLOOR,
        1,
        withdrawn);
  }

  private static Tally tally(int active, int contributing) {
    return new Tally(active, contributing, 60_000_000L * contributing);
  }
}
