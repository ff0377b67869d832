// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.week;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Four weeks for which groups of people are frozen. Epochs are the same for every organization.
public record Epoch(IsoWeek first) implements Comparable<Epoch> {
  /// How many weeks it has.
  public static final int WEEKS = 4;

  private static final LocalDate ORIGIN = LocalDate.of(1970, 1, 5);

  public Epoch {
    if (weeksIn(first) != 0) {
      throw new IllegalArgumentException("An epoch starts on every fourth Monday");
    }
  }

  /// The epoch that a week belongs to.
  public static Epoch of(IsoWeek week) {
    return new Epoch(week.minus(weeksIn(week)));
  }

  /// Its first day.
  public LocalDate monday() {
    return first.monday();
  }

  /// Its last week.
  public IsoWeek last() {
    return first.plus(WEEKS - 1);
  }

  /// All of its weeks.
  public List<IsoWeek> weeks() {
    return last().andBefore(WEEKS);
  }

  /// The epoch so many epochs later.
  public Epoch plus(int epochs) {
    return new Epoch(first.plus(WEEKS * epochs));
  }

  @Override
  public int compareTo(Epoch other) {
    return first.compareTo(other.first);
  }

  private static int weeksIn(IsoWeek week) {
    return (int) Math.floorMod(ChronoUnit.WEEKS.between(ORIGIN, week.monday()), (long) WEEKS);
  }
}
