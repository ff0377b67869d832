// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads back what is published, for whoever writes about it.
public final class ReleasedCells {
  private ReleasedCells() {}

  private record Row(
      String metric,
      LocalDate week,
      int weeks,
      @Nullable Double value,
      double step,
      boolean broken) {
    ReleasedCell cell() {
      return new PublishedCell(Metric.of(metric), new IsoWeek(week), weeks, value, step, broken);
    }
  }

  private record Group(UUID teamId) {}

  /// The groups that have a cell that ends with a week.
  public static List<UUID> groups(JdbcClient jdbc, UUID organization, IsoWeek last) {
    return jdbc
        .sql(
            """
            select distinct team_id from release.released_cell
             where org_id = :org and metric = 'active_days'
               and week between :last - 21 and :last and week + 7 * (weeks - 1) = :last
             order by team_id
            """)
        .param("org", organization)
        .param("last", last.monday())
        .query(DataClassRowMapper.newInstance(Group.class))
        .stream()
        .map(Group::teamId)
        .toList();
  }

  /// The cells of a group whose periods end in these weeks, by metric and week.
  public static List<ReleasedCell> of(
      JdbcClient jdbc, UUID organization, UUID group, IsoWeek first, IsoWeek last) {
    return jdbc
        .sql(
            """
            with roster as (
              select epoch, version, lag(version) over (order by epoch) as before
                from release.frozen_group where org_id = :org and team_id = :group
            )
            select c.metric, c.week, c.weeks, c.value, c.step,
                   r.epoch is not null and r.before is not null as broken
              from release.released_cell c
              left join roster r on r.epoch = c.week and r.version is distinct from r.before
             where c.org_id = :org and c.team_id = :group
               and c.week between :first - 21 and :last
               and c.week + 7 * (c.weeks - 1) between :first and :last
             order by c.metric, c.week
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
}
