// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import org.jspecify.annotations.Nullable;

/// Makes released cells that nobody released.
public final class SomeCells {
  private SomeCells() {}

  public static ReleasedCell cell(
      Metric metric, IsoWeek week, int weeks, @Nullable Double value, double step, boolean broken) {
    return new PublishedCell(metric, week, weeks, value, step, broken);
  }
}
