// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.metric.Metric;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepsTest {

  @Test
  void aStepIsTheSmallestNiceNumberThatOnePersonCannotCross() {
    assertThat(Steps.of(120, 10).value(1)).isEqualTo(12.5);
    assertThat(Steps.of(120, 11).value(1)).isEqualTo(12.5);
    assertThat(Steps.of(120, 12).value(1)).isEqualTo(10);
    assertThat(Steps.of(1, 5).value(1)).isEqualTo(0.2);
    assertThat(Steps.of(1, 7).value(1)).isEqualTo(0.15);
    assertThat(Steps.of(5, 8).value(1)).isEqualTo(0.8);
    assertThat(Steps.of(30, 1_000).value(1)).isEqualTo(0.15);
  }

  @Test
  void aMeanFallsOnTheNearestStep() {
    var steps = Steps.of(120, 10);

    assertThat(shown(steps, 10, 37.4)).isEqualTo(37.5);
    assertThat(shown(steps, 10, 31.25)).isEqualTo(37.5);
    assertThat(shown(steps, 10, 31.2)).isEqualTo(25);
  }

  @Test
  void neitherNothingNorEverythingIsEverShown() {
    for (var people = 5; people < 260; people++) {
      for (var metric : Metric.released()) {
        var cap = metric.scale().cap();
        var steps = Steps.of(cap, people);

        assertThat(shown(steps, people, 0)).isEqualTo(steps.value(1)).isPositive();
        assertThat(shown(steps, people, cap)).isLessThan(cap);
      }
    }
  }

  @Test
  void onePersonsWholeDataMovesAnyNumberByOneStepAtMost() {
    var random = new SplittableRandom(7);
    for (var round = 0; round < 200_000; round++) {
      var metric = Metric.released().get(random.nextInt(Metric.released().size()));
      assertThat(worstMove(random, metric.scale().cap(), 1)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void withHalfAStepOnePersonWouldMoveItFurther() {
    var random = new SplittableRandom(7);

    var worst = LongStream.range(0, 5_000).map(_ -> worstMove(random, 120, 2)).max().orElseThrow();

    assertThat(worst).isGreaterThan(1);
  }

  @Test
  void inFloatingPointOnePersonWouldSometimesMoveItByTwo() {
    var random = new SplittableRandom(1);
    var people = 5;
    var width = 1.0 / people;
    var worst = 0.0;
    for (var round = 0; round < 1_000; round++) {
      var others = 0.0;
      for (var person = 1; person < people; person++) {
        others += random.nextInt(21) / 20.0;
      }
      var without = Math.floor(others / people / width + 0.5);
      var with = Math.floor((others + 1) / people / width + 0.5);
      worst = Math.max(worst, with - without);
    }

    assertThat(worst).isEqualTo(2);
  }

  /// Replaces one random person of a random group by nobody and by somebody at the cap.
  private static long worstMove(SplittableRandom random, double cap, int finer) {
    var people = 5 + random.nextInt(60);
    var whole = Steps.of(cap, people);
    var steps = new Steps(whole.width() / finer, Long.MAX_VALUE / 4);
    var others = 0L;
    for (var person = 1; person < people; person++) {
      others += Steps.units(random.nextInt(3) == 0 ? cap : random.nextDouble() * cap);
    }
    return steps.nearest(others + Steps.units(cap), people) - steps.nearest(others, people);
  }

  private static double shown(Steps steps, int people, double mean) {
    return steps.value(steps.nearest(Math.round(mean * people * 1_000_000), people));
  }
}
