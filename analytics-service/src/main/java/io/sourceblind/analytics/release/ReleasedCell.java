// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import org.jspecify.annotations.Nullable;

/// A cell that was read back from what is published. Only this package can make one, so whoever
/// asks for it cannot be given anything else.
public sealed interface ReleasedCell permits PublishedCell {
  Metric metric();

  /// The first week of its period.
  IsoWeek week();

  /// How many weeks its period has: one, or an epoch of four.
  int weeks();

  /// Null where the number is withheld.
  @Nullable Double value();

  /// How wide the steps are that values move in.
  double step();

  /// Whether other people are counted from here on.
  boolean broken();
}
