// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A cell as it is published: with a value, or withheld without saying why.
record Cell(
    UUID teamId,
    String metric,
    LocalDate week,
    int weeks,
    String state,
    @Nullable Double value,
    double step,
    int people,
    @Nullable Integer active,
    int leastActive) {

  /// @param week the last week of the period
  static Cell of(Metric metric, FrozenGroup group, IsoWeek week, Tally tally, Draws draws) {
    var steps = Steps.of(metric.scale().cap(), group.people());
    var first = group.period(week).getFirst();
    var open = Gate.opens(metric, group, tally, draws.jitter(group.epoch()));
    return new Cell(
        group.group(),
        metric.sqlName(),
        first.monday(),
        group.weeks(),
        open ? "released" : "withheld",
        open ? steps.value(shown(metric, group, first, tally, draws, steps)) : null,
        steps.value(1),
        group.people(),
        open ? tally.active() : null,
        group.leastActive());
  }

  private static long shown(
      Metric metric, FrozenGroup group, IsoWeek first, Tally tally, Draws draws, Steps steps) {
    return steps.shown(
        tally.units(),
        group.people() * group.weeks(),
        draws.offset(metric.sqlName()),
        draws.dither(metric.sqlName(), first));
  }
}
