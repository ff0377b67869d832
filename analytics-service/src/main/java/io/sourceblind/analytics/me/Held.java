// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static java.time.ZoneOffset.UTC;

import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which days of an engineer's data are held, and when each goes.
///
/// @param keptDays how long the organization keeps a day
record Held(int keptDays, List<Day> days) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE d MMM uuuu", Locale.ENGLISH);

  private record Row(LocalDate occurredOn, int events) {}

  /// @param goneOn the first day on which nobody can read it any more
  record Day(LocalDate day, int events, LocalDate goneOn, long daysLeft) {
    public String dayWords() {
      return DAY.format(day);
    }

    public String goneWords() {
      return DAY.format(goneOn);
    }

    public String left() {
      return daysLeft == 1 ? "1 day" : daysLeft + " days";
    }
  }

  static Held of(JdbcClient jdbc, UUID organization, Clock clock) {
    var kept =
        jdbc.sql("select retention_days from identity.organization where id = :org")
            .param("org", organization)
            .query(Integer.class)
            .single();
    var today = LocalDate.ofInstant(clock.instant(), UTC);
    var days =
        jdbc
            .sql(
                """
                select occurred_on, count(*) as events
                  from capture.event
                 where org_id = :org
                 group by occurred_on
                 order by occurred_on
                """)
            .param("org", organization)
            .query(DataClassRowMapper.newInstance(Row.class))
            .stream()
            .map(row -> {
              var goneOn = row.occurredOn().plusDays(kept + 1L);
              return new Day(
                  row.occurredOn(), row.events(), goneOn, ChronoUnit.DAYS.between(today, goneOn));
            })
            .toList();
    return new Held(kept, days);
  }

  public int events() {
    return days.stream().mapToInt(Day::events).sum();
  }

  public @Nullable Day next() {
    return days.isEmpty() ? null : days.getFirst();
  }
}
