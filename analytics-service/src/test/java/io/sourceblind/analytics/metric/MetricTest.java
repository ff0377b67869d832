// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricTest {

  @Test
  void everyMetricSaysWhatItMeansAndHowItIsMisread() {
    assertThat(Metric.values())
        .allSatisfy(metric -> {
          assertThat(metric.title()).isNotBlank();
          assertThat(metric.meaning()).endsWith(".");
          assertThat(metric.misread()).endsWith(".");
          assertThat(metric.owner()).isNotBlank();
          assertThat(metric.scale().cap()).isPositive();
        });
    assertThatThrownBy(() -> new Words("Speed", "How fast people are.", ""))
        .hasMessageContaining("how it is misread");
  }

  @Test
  void everyRateHasALeastDenominatorAndAConstantWithinItsCap() {
    assertThat(Metric.values())
        .filteredOn(metric -> metric.formula() instanceof Formula.Rate)
        .allSatisfy(metric -> {
          var rate = (Formula.Rate) metric.formula();
          assertThat(rate.least()).isGreaterThanOrEqualTo(3);
          assertThat(rate.otherwise()).isBetween(0.0, metric.scale().cap());
        });
  }

  @Test
  void everyShareIsARateOrWhetherSomebodyDoesItAtAll() {
    assertThat(Metric.values())
        .filteredOn(metric -> metric.scale().isShare())
        .filteredOn(metric -> metric.formula() instanceof Formula.Count)
        .containsExactly(Metric.ACTIVE_SHARE, Metric.MCP_SHARE);
  }

  @Test
  void linesAndTokensAreNobodysButTheEngineers() {
    assertThat(Metric.released())
        .hasSize(25)
        .doesNotContain(
            Metric.LINES_PER_SESSION,
            Metric.SESSION_MINUTES,
            Metric.RESUME_GAP,
            Metric.TOKENS,
            Metric.OFF_HOURS);
  }

  @Test
  void whenSomebodyWorksIsKeptNowhere() {
    assertThat(Metric.values()).hasSize(30);
    assertThat(Metric.rolledUp()).hasSize(29).doesNotContain(Metric.OFF_HOURS);
  }

  @Test
  void aValueIsWrittenWithThreeDigitsAtMost() {
    assertThat(Scale.share().write(0.6251)).isEqualTo("62.5\u202f%");
    assertThat(Scale.share().write(0)).isEqualTo("0\u202f%");
    assertThat(Scale.upTo(120, "prompts").write(37.5)).isEqualTo("37.5");
    assertThat(Scale.upTo(1e6, "tokens").write(69_000)).isEqualTo("69,000");
  }
}
