// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.audit;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// What happened in the organization on a day, for an owner. Of what engineers did the database
/// gives neither names nor numbers.
@Controller
class LogPage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEEE d MMMM uuuu", Locale.ENGLISH);

  /// Java knows years that a database does not.
  private static final Pattern YEAR_MONTH_DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private final Clock clock;

  LogPage(Clock clock) {
    this.clock = clock;
  }

  /// @param when the time, or nothing for what many engineers did
  record Happening(
      @Nullable String when,
      String action,
      @Nullable String who,
      @Nullable String target,
      String outcome) {}

  private record Row(
      @Nullable OffsetDateTime at,
      String action,
      @Nullable String actorKind,
      @Nullable String actorName,
      @Nullable String target,
      String outcome) {
    Happening happening() {
      return new Happening(
          at == null ? null : TIME.format(at),
          action,
          actorName == null ? actorKind : actorName,
          target,
          outcome);
    }
  }

  private record Day(List<Happening> happenings, Optional<LocalDate> first) {}

  @GetMapping("/log")
  String log(@RequestParam(defaultValue = "") String day, Reading reading, Model model) {
    var today = LocalDate.ofInstant(clock.instant(), UTC);
    var date = day.isEmpty() ? today : date(day);
    var seen = reading.read("log:" + date, jdbc -> new Day(happenings(jdbc, date), firstDay(jdbc)));
    model.addAttribute("day", DAY.format(date));
    model.addAttribute("happenings", seen.happenings());
    model.addAttribute(
        "earlier",
        seen.first().filter(date::isAfter).map(_ -> earlier(date, today).toString()).orElse(null));
    model.addAttribute("later", date.isBefore(today) ? date.plusDays(1).toString() : null);
    return "log";
  }

  private static List<Happening> happenings(JdbcClient jdbc, LocalDate day) {
    return jdbc
        .sql("select * from audit.what_happened_on(:day)")
        .param("day", day)
        .query(DataClassRowMapper.newInstance(Row.class))
        .stream()
        .map(Row::happening)
        .toList();
  }

  private static Optional<LocalDate> firstDay(JdbcClient jdbc) {
    return jdbc.sql("select audit.first_day()").query(LocalDate.class).optional();
  }

  private static LocalDate earlier(LocalDate day, LocalDate today) {
    return day.isAfter(today) ? today : day.minusDays(1);
  }

  private static LocalDate date(String day) {
    try {
      if (YEAR_MONTH_DAY.matcher(day).matches()) {
        return LocalDate.parse(day);
      }
    } catch (DateTimeParseException unreadable) {
      throw new NotFound();
    }
    throw new NotFound();
  }
}
