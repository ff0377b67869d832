// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.access.NotOffered;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The whole ISO weeks that somebody asks for: at most two years, and none that is not over.
record Period(IsoWeek first, IsoWeek last) {
  static final int USUAL_WEEKS = 13;
  static final int MOST_WEEKS = 104;

  /// @param from the first week, such as `2026-W34`; the usual length before `to` unless said
  /// @param to the last week; the youngest that is over unless said
  static Period of(@Nullable String from, @Nullable String to, Clock clock) {
    var youngest = IsoWeek.lastDue(clock);
    var last = to == null ? youngest : week(to);
    var first = from == null ? last.minus(USUAL_WEEKS - 1) : week(from);
    if (last.compareTo(youngest) > 0
        || first.compareTo(last) > 0
        || first.plus(MOST_WEEKS).compareTo(last) <= 0) {
      throw new NotOffered();
    }
    return new Period(first, last);
  }

  private static IsoWeek week(String text) {
    return IsoWeek.parse(text).orElseThrow(NotOffered::new);
  }

  List<IsoWeek> weeks() {
    var weeks = 1;
    while (first.plus(weeks - 1).compareTo(last) < 0) {
      weeks++;
    }
    return last.andBefore(weeks);
  }

  /// As an address says it.
  public String query() {
    return "from=%s&to=%s".formatted(first, last);
  }

  public String span() {
    return "%s to %s".formatted(first.label(), last.end());
  }

  /// What a picker offers, youngest first.
  static List<IsoWeek> choices(Clock clock) {
    return IsoWeek.lastDue(clock).andBefore(MOST_WEEKS).reversed();
  }
}
