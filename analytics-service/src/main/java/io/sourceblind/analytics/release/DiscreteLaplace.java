// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.util.random.RandomGenerator;

/// Draws whole numbers `k` with a probability in proportion to `exp(-|k| / scale)`.
///
/// Integers throughout (Canonne, Kamath and Steinke, The Discrete Gaussian for Differential
/// Privacy, algorithm 2): in floating point the low bits would give a draw away.
final class DiscreteLaplace {
  private DiscreteLaplace() {}

  static int draw(RandomGenerator random, int scale) {
    while (true) {
      var rest = random.nextInt(scale);
      if (!happens(random, rest, scale)) {
        continue;
      }
      var whole = 0;
      while (happens(random, 1, 1)) {
        whole++;
      }
      var size = rest + scale * whole;
      var negative = random.nextBoolean();
      // Zero has no sign: counted twice, it would come twice as often.
      if (!negative || size != 0) {
        return negative ? -size : size;
      }
    }
  }

  /// With a probability of `exp(-top / bottom)`, for a fraction of one at most.
  private static boolean happens(RandomGenerator random, int top, int bottom) {
    var round = 1;
    while (random.nextLong((long) bottom * round) < top) {
      round++;
    }
    return round % 2 == 1;
  }
}
