// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import org.jspecify.annotations.Nullable;

/// One released cell.
///
/// @param value null where the number is hidden
/// @param step how wide the steps are that values move in
/// @param people how many people were in the group
public record Cell(Metric metric, IsoWeek week, @Nullable Double value, double step, int people) {

  /// The value as people read it, with its ends said honestly.
  public String words() {
    if (value == null) {
      return HIDDEN;
    }
    var text = "about " + metric.scale().write(value);
    if (value <= step) {
      return text + " or less";
    }
    return value + step >= metric.scale().cap() ? text + " or more" : text;
  }

  /// How wide the steps are, in words.
  public String steps() {
    return metric.scale().write(step);
  }

  /// The one text for every number that is not shown, whatever the reason.
  public static final String HIDDEN = "Hidden: too few people";
}
