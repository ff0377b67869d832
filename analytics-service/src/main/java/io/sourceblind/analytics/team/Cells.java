// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the released cells of a group.
public final class Cells {
  private Cells() {}

  /// A cell as it comes out of the database.
  record Row(
      String metric,
      LocalDate week,
      int weeks,
      @Nullable Double value,
      double step,
      int people,
      int rules,
      LocalDate releasedOn) {
    Cell cell() {
      return new Cell(
          Metric.of(metric), new IsoWeek(week), weeks, value, step, people, rules, releasedOn);
    }
  }

  /// The cells of a group whose period ends in these weeks, by week and metric.
  ///
  /// @param group a team's id, or the organization's for its small teams
  public static List<Cell> of(
      JdbcClient jdbc, UUID organization, UUID group, IsoWeek first, IsoWeek last) {
    return jdbc
        .sql(
            """
            select metric, week, weeks, value, step, people, rules,
                   (released_at at time zone 'UTC')::date as released_on
              from release.released_cell
             where org_id = :org and team_id = :group
               and week between :first - 21 and :last
               and week + 7 * weeks between :first + 7 and :last + 7
             order by week, metric
            """)
        .param("org", organization)
        .param("group", group)
        .param("first", first.monday())
        .param("last", last.monday())
        .query(DataClassRowMapper.newInstance(Row.class))
        .stream()
        .map(Row::cell)
        .toList();
  }

  /// The weeks in which another roster of a group began, but for its very first.
  static Set<IsoWeek> breaks(
      JdbcClient jdbc, UUID organization, UUID group, IsoWeek first, IsoWeek last) {
    return jdbc.sql(
            """
            select epoch as monday
              from (select epoch, version, lag(version) over (order by epoch) as before
                      from release.frozen_group
                     where org_id = :org and team_id = :group and epoch <= :last) rosters
             where before is distinct from version and before is not null and epoch > :first
            """)
        .param("org", organization)
        .param("group", group)
        .param("first", first.monday())
        .param("last", last.monday())
        .query(DataClassRowMapper.newInstance(IsoWeek.class))
        .set();
  }
}
