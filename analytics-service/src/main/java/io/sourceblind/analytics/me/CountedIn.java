// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.team.Cell;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The released numbers that an engineer is one of many in, and how often a manager looked at them.
///
/// @param columns newest first
/// @param managers who may open them
record CountedIn(List<Column> columns, List<Line> lines, List<Look> looks, List<String> managers) {
  private static final String SMALL_TEAMS = "Small teams";

  /// A period in which they were counted.
  ///
  /// @param group the group's name
  record Column(String group, String period, String label, int people) {}

  /// A metric in each of the periods.
  record Line(String title, List<String> values) {}

  /// How often managers opened the numbers on one day.
  record Look(LocalDate day, int looks) {
    private static final DateTimeFormatter DAY =
        DateTimeFormatter.ofPattern("EEE d MMM uuuu", Locale.ENGLISH);

    public String dayWords() {
      return DAY.format(day);
    }

    public String times() {
      return looks == 1 ? "once" : looks + " times";
    }
  }

  private record Row(
      String metric,
      LocalDate week,
      int weeks,
      @Nullable Double value,
      double step,
      int people,
      int rules,
      LocalDate releasedOn,
      @Nullable String team) {
    Cell cell() {
      return new Cell(
          Metric.of(metric), new IsoWeek(week), weeks, value, step, people, rules, releasedOn);
    }
  }

  /// By the roster that was frozen, whatever team they are in today.
  ///
  /// @param most how many periods
  static CountedIn of(JdbcClient jdbc, UUID organization, IsoWeek first, IsoWeek last, int most) {
    var columns = new ArrayList<Column>();
    var byPeriod = new ArrayList<Map<Metric, Cell>>();
    for (var row : rows(jdbc, organization, first, last)) {
      var cell = row.cell();
      var group = Objects.requireNonNullElse(row.team(), SMALL_TEAMS);
      var column = new Column(group, cell.period(), "from " + cell.week().label(), row.people());
      if (columns.isEmpty() || !columns.getLast().equals(column)) {
        if (columns.size() == most) {
          break;
        }
        columns.add(column);
        byPeriod.add(new HashMap<>());
      }
      byPeriod.getLast().put(cell.metric(), cell);
    }
    return new CountedIn(
        columns, lines(byPeriod), looks(jdbc, first), managers(jdbc, organization));
  }

  private static List<Row> rows(JdbcClient jdbc, UUID organization, IsoWeek first, IsoWeek last) {
    return jdbc.sql(
            """
            select c.metric, c.week, c.weeks, c.value, c.step, c.people, c.rules,
                   (c.released_at at time zone 'UTC')::date as released_on, t.name::text as team
              from release.roster r
              join release.released_cell c
                on c.org_id = r.org_id and c.team_id = r.team_id
                   and c.week between r.epoch and r.epoch + 21
              left join identity.team t on t.org_id = r.org_id and t.id = r.team_id
             where r.org_id = :org
               and r.person_id = nullif(current_setting('app.person_id', true), '')::uuid
               and c.week between :first and :last
             order by c.week desc, c.metric
            """)
        .param("org", organization)
        .param("first", first.monday())
        .param("last", last.monday())
        .query(DataClassRowMapper.newInstance(Row.class))
        .list();
  }

  private static List<Line> lines(List<Map<Metric, Cell>> byPeriod) {
    return Metric.released().stream()
        .map(metric ->
            new Line(
                metric.title(),
                byPeriod.stream()
                    .map(cells -> {
                      var cell = cells.get(metric);
                      return cell == null ? "No number" : cell.words();
                    })
                    .toList()))
        .toList();
  }

  private static List<String> managers(JdbcClient jdbc, UUID organization) {
    return jdbc
        .sql(
            """
            select name::text
              from identity.person
             where org_id = :org and role in ('manager', 'owner') and removed_at is null
             order by lower(name), id
            """)
        .param("org", organization)
        .query(String.class)
        .stream()
        .map(Objects::requireNonNull)
        .toList();
  }

  private static List<Look> looks(JdbcClient jdbc, IsoWeek since) {
    return jdbc.sql("select day, looks from audit.looks_at_own_team(:since)")
        .param("since", since.monday())
        .query(DataClassRowMapper.newInstance(Look.class))
        .list();
  }
}
