// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Formula;
import io.sourceblind.analytics.metric.Metric;

/// Whether there are people enough behind a number to show it.
final class Gate {
  /// The least number of active people, and of people with something to say. The database refuses
  /// less as well.
  static final int FLOOR = 5;

  private Gate() {}

  static boolean opens(Metric metric, Tally tally) {
    return tally.active() >= FLOOR
        && tally.contributing() >= FLOOR
        && (metric.formula() instanceof Formula.Count || mostContribute(tally));
  }

  // Whoever has no rate counts with a constant. A number made mostly of it would say nothing.
  private static boolean mostContribute(Tally tally) {
    return 2 * tally.contributing() >= tally.people();
  }
}
