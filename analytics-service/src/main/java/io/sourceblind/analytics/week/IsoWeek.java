// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.week;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A week from Monday to Sunday, in UTC.
public record IsoWeek(LocalDate monday) implements Comparable<IsoWeek> {
  /// How long late events may still arrive after a week's end before its numbers are made.
  public static final Duration GRACE = Duration.ofDays(3);

  private static final LocalTime RELEASE_TIME = LocalTime.of(6, 0);
  private static final Pattern NAME = Pattern.compile("([0-9]{4})-W([0-9]{2})");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
  private static final DateTimeFormatter DAY_AND_YEAR =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

  public IsoWeek {
    if (monday.getDayOfWeek() != DayOfWeek.MONDAY) {
      throw new IllegalArgumentException("A week starts on a Monday");
    }
  }

  /// The week of a name in ISO 8601, such as `2026-W46`; nothing for any other text.
  public static Optional<IsoWeek> parse(String name) {
    var parts = NAME.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    // The fourth of January is in the first week of every year.
    var week =
        of(LocalDate.of(Integer.parseInt(parts.group(1)), 1, 4))
            .plus(Integer.parseInt(parts.group(2)) - 1);
    // There is no week 0, and a week 53 in some years only.
    return week.toString().equals(name) ? Optional.of(week) : Optional.empty();
  }

  /// The week that a day belongs to.
  public static IsoWeek of(LocalDate day) {
    return new IsoWeek(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
  }

  /// The week that is running.
  public static IsoWeek running(Clock clock) {
    return of(LocalDate.ofInstant(clock.instant(), UTC));
  }

  /// The youngest week whose grace is over.
  public static IsoWeek lastDue(Clock clock) {
    return of(LocalDate.ofInstant(clock.instant().minus(GRACE), UTC)).minus(1);
  }

  /// When the week is over and its grace too.
  public Instant due() {
    return monday.plusWeeks(1).atStartOfDay(UTC).toInstant().plus(GRACE);
  }

  /// When the job that releases the week is expected: the first morning after it is due.
  public Instant expected() {
    var due = due().atOffset(UTC);
    var morning = due.with(RELEASE_TIME);
    return (morning.isBefore(due) ? morning.plusDays(1) : morning).toInstant();
  }

  /// The week so many weeks later.
  public IsoWeek plus(int weeks) {
    return new IsoWeek(monday.plusWeeks(weeks));
  }

  /// The week so many weeks earlier.
  public IsoWeek minus(int weeks) {
    return plus(-weeks);
  }

  /// So many weeks in a row, oldest first, of which this is the last.
  public List<IsoWeek> andBefore(int weeks) {
    return Stream.iterate(minus(weeks - 1), week -> week.plus(1)).limit(weeks).toList();
  }

  /// Its Monday, as an axis shows it.
  public String label() {
    return DAY.format(monday);
  }

  /// Its Sunday, in words.
  public String end() {
    return DAY_AND_YEAR.format(monday.plusDays(6));
  }

  /// All of it, in words.
  public String span() {
    return "%s to %s".formatted(label(), end());
  }

  @Override
  public int compareTo(IsoWeek other) {
    return monday.compareTo(other.monday);
  }

  /// Its name in ISO 8601, such as `2026-W46`.
  @Override
  public String toString() {
    return "%d-W%02d"
        .formatted(
            monday.get(IsoFields.WEEK_BASED_YEAR), monday.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }
}
