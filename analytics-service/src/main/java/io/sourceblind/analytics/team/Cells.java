// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the released cells of a team.
public final class Cells {
  private Cells() {}

  private record Row(
      String metric, LocalDate week, @Nullable Double value, double step, int people) {}

  /// The cells of a team in these weeks, by week and metric.
  public static List<Cell> of(
      JdbcClient jdbc, UUID organization, UUID team, IsoWeek first, IsoWeek last) {
    return jdbc
        .sql(
            """
            select metric, week, value, step, people
              from release.released_cell
             where org_id = :org and team_id = :team and week between :first and :last
             order by week, metric
            """)
        .param("org", organization)
        .param("team", team)
        .param("first", first.monday())
        .param("last", last.monday())
        .query(DataClassRowMapper.newInstance(Row.class))
        .stream()
        .map(row ->
            new Cell(
                Metric.of(row.metric()),
                new IsoWeek(row.week()),
                row.value(),
                row.step(),
                row.people()))
        .toList();
  }
}
