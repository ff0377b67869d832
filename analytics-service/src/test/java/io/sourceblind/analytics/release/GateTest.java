// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.metric.Metric;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final UUID TEAM = UUID.randomUUID();

  @Test
  void fourActivePeopleAreTooFewAndFiveAreNot() {
    assertThat(Gate.opens(Metric.PROMPTS, tally(12, 4, 5))).isFalse();
    assertThat(Gate.opens(Metric.PROMPTS, tally(12, 5, 5))).isTrue();
  }

  @Test
  void fourPeopleWithSomethingToSayAreTooFew() {
    assertThat(Gate.opens(Metric.PROMPTS, tally(12, 9, 4))).isFalse();
    assertThat(Gate.opens(Metric.FIRST_RUN_PASS, tally(8, 8, 4))).isFalse();
  }

  @Test
  void aRateThatIsMostlyItsConstantIsNotShown() {
    assertThat(Gate.opens(Metric.FIRST_RUN_PASS, tally(12, 12, 5))).isFalse();
    assertThat(Gate.opens(Metric.FIRST_RUN_PASS, tally(12, 12, 6))).isTrue();
  }

  @Test
  void whateverTheReasonAWithheldCellIsTheSame() {
    var nobody = Cell.of(Metric.PROMPTS, tally(12, 0, 0));
    var four = Cell.of(Metric.PROMPTS, tally(12, 4, 4));
    var silent = Cell.of(Metric.PROMPTS, tally(12, 12, 4));

    assertThat(four).isEqualTo(nobody).isEqualTo(silent);
    assertThat(four.value()).isNull();
    assertThat(four.active()).isNull();
  }

  private static Tally tally(int people, int active, int contributing) {
    return new Tally(TEAM, people, active, contributing, 60_000_000L * contributing);
  }
}
