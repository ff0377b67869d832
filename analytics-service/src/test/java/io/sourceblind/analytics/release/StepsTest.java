// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.metric.Metric;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepsTest {

  @Test
  void aStepIsTheSmallestNiceNumberThatOnePersonCannotCross() {
    assertThat(Steps.of(120, 10).value(1)).isEqualTo(12.5);
    assertThat(Steps.of(120, 11).value(1)).isEqualTo(12.5);
    assertThat(Steps.of(120, 12).value(1)).isEqualTo(10);
    assertThat(Steps.of(1, 7).value(1)).isEqualTo(0.15);
    assertThat(Steps.of(5, 8).value(1)).isEqualTo(0.8);
    assertThat(Steps.of(30, 1_000).value(1)).isEqualTo(0.15);
  }

  @Test
  void aMeanFallsOnOneOfTheTwoStepsAroundIt() {
    var steps = Steps.of(120, 10);
    var sum = Steps.units(37.5 * 10) - 1_000_000;

    assertThat(steps.value(steps.shown(sum, 10, 0, 0))).isEqualTo(25);
    assertThat(steps.value(steps.shown(sum, 10, 0, 1023))).isEqualTo(37.5);
  }

  @Test
  void overAllDithersTheMeanIsRight() {
    var steps = Steps.of(120, 10);
    var random = new SplittableRandom(3);
    for (var round = 0; round < 50; round++) {
      var sum = Steps.units(20 + 80 * random.nextDouble()) * 10;

      var shown =
          LongStream.range(0, Steps.PARTS)
              .map(dither -> steps.shown(sum, 10, 0, (int) dither))
              .average()
              .orElseThrow();

      assertThat(shown * steps.width()).isBetween(sum / 10.0 - 7_000, sum / 10.0 + 7_000);
    }
  }

  @Test
  void theTwinWithoutDitherIsWrongForGood() {
    var steps = Steps.of(120, 10);
    var sum = Steps.units(24) * 10;

    assertThat(steps.value(steps.shown(sum, 10, 0, 0))).isEqualTo(12.5);
  }

  @Test
  void neitherNothingNorEverythingIsEverShown() {
    for (var people = 7; people < 260; people++) {
      for (var metric : Metric.released()) {
        var cap = metric.scale().cap();
        var steps = Steps.of(cap, people);
        var all = Steps.units(cap) * people;

        assertThat(steps.shown(0, people, -9999, 0)).isEqualTo(1);
        assertThat(steps.value(steps.shown(all, people, 9999, 1023))).isLessThan(cap);
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

  /// How many steps a number moves by when one person's data, of one week or of four, becomes
  /// something else and the lots are the same.
  private static long worstMove(SplittableRandom random, double cap, int finer) {
    var people = 7 + random.nextInt(60);
    var weeks = random.nextBoolean() ? 1 : 4;
    var values = new long[people * weeks];
    for (var person = 0; person < values.length; person++) {
      values[person] = (long) (Steps.units(cap) * random.nextDouble());
    }
    var before = LongStream.of(values).sum();
    var somebody = random.nextInt(people) * weeks;
    Arrays.fill(values, somebody, somebody + weeks, random.nextBoolean() ? 0 : Steps.units(cap));
    var after = LongStream.of(values).sum();
    var rule = Steps.of(cap, people);
    var steps = new Steps(Math.max(1, rule.width() / finer), rule.highest() * finer);
    var offset = random.nextInt(2048) - 1024;
    var dither = random.nextInt(Steps.PARTS);
    return Math.abs(
        steps.shown(before, values.length, offset, dither)
            - steps.shown(after, values.length, offset, dither));
  }
}
