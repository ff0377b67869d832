// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.util.List;

/// The one-step rule: a mean is shown in steps so wide that one person's whole data moves it by one
/// step at most.
///
/// Everything is counted in whole numbers: values in millionths, means in parts of a step. In
/// floating point, two means that differ by exactly one step can end two steps apart.
///
/// @param width how wide a step is, in millionths
/// @param highest the highest step that is shown
record Steps(long width, long highest) {
  /// A step has so many parts, on which offset and dither are drawn.
  static final int PARTS = 1024;

  /// How far a roster's offset goes, in parts of a step: what hides a person's level. Epsilon is
  /// 1024 / 600, about 1.7: with 2, somebody who moves between two teams was guessed a little
  /// better than is promised (bin/attack-aggregates, A9).
  static final int OFFSET_SCALE = 600;

  private static final long UNITS = 1_000_000;

  /// The lower ends of the bands of group sizes: a step that followed every change of size would
  /// say more than the values do.
  private static final List<Integer> BANDS =
      List.of(7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200);

  private static final List<Long> NICE =
      List.of(100L, 125L, 150L, 200L, 250L, 300L, 400L, 500L, 600L, 800L);

  /// The steps for a metric of this cap in a group of this size.
  static Steps of(double cap, int people) {
    var capUnits = units(cap);
    var width = niceAtLeast(Math.ceilDiv(capUnits, lowEnd(people)));
    // The top step is never shown: "all of it" would be a statement about everybody.
    return new Steps(width, Math.max(1, Math.ceilDiv(capUnits, width) - 1));
  }

  /// The step that is shown of a mean: a step up or down by lot, so that means of many weeks are
  /// right, but neither none nor the top.
  ///
  /// @param sum of values between zero and the cap, in millionths
  /// @param values how many there are: people times weeks
  /// @param offset the roster's, in parts of a step
  /// @param dither 0 to 1023, in parts of a step
  long shown(long sum, int values, int offset, int dither) {
    var whole = values * width;
    var mean = Math.floorDiv(2 * PARTS * sum + whole, 2 * whole);
    return Math.clamp(Math.floorDiv(mean + offset + dither, (long) PARTS), 1, highest);
  }

  /// A number of steps as a value.
  double value(long steps) {
    return (double) (steps * width) / UNITS;
  }

  static long units(double value) {
    return Math.round(value * UNITS);
  }

  private static int lowEnd(int people) {
    var low = BANDS.getFirst();
    for (var band : BANDS) {
      if (band <= people) {
        low = band;
      }
    }
    return low;
  }

  private static long niceAtLeast(long least) {
    for (long power = 1; ; power *= 10) {
      for (var nice : NICE) {
        if (nice * power >= least) {
          return nice * power;
        }
      }
    }
  }
}
