// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A cell as it is published: with a value, or withheld without saying why.
record Cell(
    UUID teamId,
    String metric,
    String state,
    @Nullable Double value,
    double step,
    int people,
    @Nullable Integer active) {

  static Cell of(Metric metric, Tally tally) {
    var steps = Steps.of(metric.scale().cap(), tally.people());
    if (!Gate.opens(metric, tally)) {
      return new Cell(
          tally.teamId(), metric.sqlName(), "withheld", null, steps.value(1), tally.people(), null);
    }
    return new Cell(
        tally.teamId(),
        metric.sqlName(),
        "released",
        steps.value(steps.nearest(tally.units(), tally.people())),
        steps.value(1),
        tally.people(),
        tally.active());
  }
}
