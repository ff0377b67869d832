// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.util.List;

/// The one-step rule: a mean is shown in steps so wide that one person's whole data moves it by one
/// step at most.
///
/// Everything is counted in whole millionths. In floating point, two means that differ by exactly
/// one step can round to values two steps apart.
///
/// @param width how wide a step is, in millionths
/// @param highest the highest step that is shown
record Steps(long width, long highest) {
  private static final long UNITS = 1_000_000;

  /// The lower ends of the bands of group sizes: a step that followed every change of size would
  /// say more than the values do.
  private static final List<Integer> BANDS =
      List.of(5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200);

  private static final List<Long> NICE =
      List.of(100L, 125L, 150L, 200L, 250L, 300L, 400L, 500L, 600L, 800L);

  /// The steps for a metric of this cap in a group of this size.
  static Steps of(double cap, int people) {
    var capUnits = units(cap);
    var width = niceAtLeast(Math.ceilDiv(capUnits, lowEnd(people)));
    // The top step is never shown: "all of it" would be a statement about everybody.
    return new Steps(width, Math.max(1, Math.ceilDiv(capUnits, width) - 1));
  }

  /// The step that a mean falls on: the nearest, but neither none nor the top.
  ///
  /// @param sum of the people's values, each between zero and the cap, in millionths
  long nearest(long sum, int people) {
    var step = Math.floorDiv(2 * sum + people * width, 2L * people * width);
    return Math.clamp(step, 1, highest);
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
