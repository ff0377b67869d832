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

  /// @param jitter how many active people more are needed, by lot: without it, the week in which a
  ///   number appears says that exactly five were there
  static boolean opens(Metric metric, FrozenGroup group, Tally tally, int jitter) {
    return !group.withdrawn()
        && tally.active() >= group.leastActive() + jitter
        && tally.contributing() >= group.leastActive()
        && (metric.formula() instanceof Formula.Count || mostContribute(group, tally));
  }

  // Whoever has no rate counts with their own past or a constant. A number made mostly of it would
  // say nothing.
  private static boolean mostContribute(FrozenGroup group, Tally tally) {
    return 2 * tally.contributing() >= group.people();
  }
}
