// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiscreteLaplaceTest {
  @Test
  void eachNextNumberIsLessLikelyByTheSameFactor() {
    var random = new SplittableRandom(11);
    var scale = 3;
    var counts = new HashMap<Integer, Integer>();
    for (var round = 0; round < 400_000; round++) {
      counts.merge(DiscreteLaplace.draw(random, scale), 1, Integer::sum);
    }

    for (var number = -4; number < 4; number++) {
      var ratio = (double) counts.getOrDefault(number + 1, 0) / counts.getOrDefault(number, 0);
      var right = Math.exp((Math.abs(number) - Math.abs(number + 1)) / (double) scale);
      assertThat(ratio).as("%d", number).isBetween(right * 0.96, right * 1.04);
    }
  }

  @Test
  void anOffsetHasItsScaleOnAverageAndNoFavouriteSide() {
    var random = new SplittableRandom(12);
    var draws =
        IntStream.range(0, 100_000)
            .map(_ -> DiscreteLaplace.draw(random, Steps.OFFSET_SCALE))
            .toArray();

    assertThat(IntStream.of(draws).map(Math::abs).average().orElseThrow()).isBetween(588.0, 612.0);
    assertThat(IntStream.of(draws).average().orElseThrow()).isBetween(-10.0, 10.0);
  }

  /// G5: a person whose level shifts a whole series by at most a step changes the likelihood of
  /// what is seen by at most `e^1.71`.
  @Test
  void aWholeStepIsHiddenByEpsilon() {
    var likelihood = new double[8 * Steps.PARTS];
    for (var at = 0; at < likelihood.length; at++) {
      likelihood[at] = Math.exp(-Math.abs(at - 4.0 * Steps.PARTS) / Steps.OFFSET_SCALE);
    }

    for (var at = 0; at + Steps.PARTS < likelihood.length; at++) {
      assertThat(Math.abs(Math.log(likelihood[at] / likelihood[at + Steps.PARTS])))
          .isLessThanOrEqualTo(1.71);
    }
  }

  @Test
  void drawsAreTheSameForTheSameSaltAndOthersForAnother() {
    var week = new IsoWeek(LocalDate.of(2026, 11, 9));
    var metric = Metric.PROMPTS.sqlName();
    var once = Lots.draws(1);
    var again = Lots.draws(1);

    assertThat(once.offset(metric)).isEqualTo(again.offset(metric));
    assertThat(once.dither(metric, week)).isEqualTo(again.dither(metric, week));
    assertThat(IntStream.range(0, 50).mapToObj(seed -> Lots.draws(seed).offset(metric)).distinct())
        .hasSizeGreaterThan(40);
    assertThat(
            IntStream.range(0, 50)
                .mapToObj(number -> once.dither(metric, week.plus(number)))
                .distinct())
        .hasSizeGreaterThan(40)
        .allMatch(dither -> dither >= 0 && dither < Steps.PARTS);
    assertThat(
            IntStream.range(0, 200)
                .mapToObj(seed -> Lots.draws(seed).jitter(Epoch.of(week)))
                .distinct())
        .containsExactlyInAnyOrder(0, 1, 2, 3);
  }
}
