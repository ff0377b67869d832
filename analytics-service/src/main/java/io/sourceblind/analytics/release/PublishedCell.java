// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import org.jspecify.annotations.Nullable;

/// The one kind of released cell.
record PublishedCell(
    Metric metric, IsoWeek week, int weeks, @Nullable Double value, double step, boolean broken)
    implements ReleasedCell {}
