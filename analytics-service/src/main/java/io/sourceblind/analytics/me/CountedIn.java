// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static java.util.stream.Collectors.toMap;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.team.Cell;
import io.sourceblind.analytics.team.Cells;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The released numbers that an engineer is one of many in, and how often a manager looked at them.
///
/// @param weeks newest first
record CountedIn(String team, List<IsoWeek> weeks, List<Line> lines, List<Look> looks) {

  /// A metric in each of the weeks.
  record Line(String title, List<String> values) {}

  /// How often managers opened the team's numbers on one day.
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

  private record Membership(String team, LocalDate joinedOn) {}

  /// Null for somebody who is in no team.
  static @Nullable CountedIn of(
      JdbcClient jdbc, UUID organization, @Nullable UUID team, List<IsoWeek> weeks) {
    if (team == null) {
      return null;
    }
    var membership = membership(jdbc, organization, team);
    // Whoever joined in a week, or after it, was not counted in it.
    var counted =
        weeks.reversed().stream()
            .filter(week -> membership.joinedOn().isBefore(week.monday()))
            .toList();
    return new CountedIn(
        membership.team(),
        counted,
        counted.isEmpty() ? List.of() : lines(jdbc, organization, team, counted),
        looks(jdbc, weeks.getLast()));
  }

  private static Membership membership(JdbcClient jdbc, UUID organization, UUID team) {
    return jdbc.sql(
            """
            select t.name as team, p.joined_on
              from identity.person p
              join identity.team t on t.org_id = p.org_id and t.id = p.team_id
             where p.org_id = :org
               and p.id = nullif(current_setting('app.person_id', true), '')::uuid
               and t.id = :team
            """)
        .param("org", organization)
        .param("team", team)
        .query(Membership.class)
        .single();
  }

  private static List<Line> lines(
      JdbcClient jdbc, UUID organization, UUID team, List<IsoWeek> weeks) {
    var newest = weeks.getFirst();
    var oldest = weeks.getLast();
    var cells =
        Cells.of(jdbc, organization, team, oldest, newest).stream()
            .collect(toMap(cell -> Map.entry(cell.metric(), cell.week()), cell -> cell));
    var lines =
        new ArrayList<>(
            Metric.released().stream()
                .map(metric ->
                    new Line(
                        metric.title(),
                        weeks.stream()
                            .map(week ->
                                Optional.ofNullable(cells.get(Map.entry(metric, week)))
                                    .map(Cell::words)
                                    .orElse("No number"))
                            .toList()))
                .toList());
    lines.addFirst(
        new Line(
            "People in the group",
            weeks.stream()
                .map(week ->
                    Optional.ofNullable(cells.get(Map.entry(Metric.ACTIVE_DAYS, week)))
                        .map(cell -> Objects.toString(cell.people()))
                        .orElse("No number"))
                .toList()));
    return lines;
  }

  private static List<Look> looks(JdbcClient jdbc, IsoWeek since) {
    return jdbc.sql("select day, looks from audit.looks_at_own_team(:since)")
        .param("since", since.minus(3).monday())
        .query(DataClassRowMapper.newInstance(Look.class))
        .list();
  }
}
