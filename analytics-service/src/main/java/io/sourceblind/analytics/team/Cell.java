// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// One released cell.
///
/// @param week the first week of its period
/// @param weeks how many weeks its period has: one, or an epoch of four
/// @param value null where the number is hidden
/// @param step how wide the steps are that values move in
/// @param people how many people were in the group
public record Cell(
    Metric metric,
    IsoWeek week,
    int weeks,
    @Nullable Double value,
    double step,
    int people,
    int rules,
    LocalDate releasedOn) {

  /// The one text for every number that is not shown, whatever the reason.
  public static final String HIDDEN = "Hidden: too few people";

  /// The value as people read it, with its ends said honestly.
  public String words() {
    if (value == null) {
      return HIDDEN;
    }
    return "about %s %s".formatted(number(), bound()).strip();
  }

  /// The value alone; empty where it is hidden.
  public String number() {
    return value == null ? "" : metric.scale().write(value);
  }

  /// What the lowest and the highest step that are shown stand for as well.
  public String bound() {
    if (value == null) {
      return "";
    }
    return value <= step ? "or less" : value + step >= metric.scale().cap() ? "or more" : "";
  }

  /// How wide the steps are, in words.
  public String steps() {
    return metric.scale().write(step);
  }

  /// The last week of its period.
  public IsoWeek last() {
    return week.plus(weeks - 1);
  }

  /// Its period, by the names of its weeks.
  public String period() {
    return weeks == 1 ? week.toString() : "%s to %s".formatted(week, last());
  }

  /// Its period, by days.
  public String span() {
    return "%s to %s".formatted(week.label(), last().end());
  }
}
