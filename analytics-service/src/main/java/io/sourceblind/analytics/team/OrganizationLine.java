// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The organization's numbers: means of released cells by the size of their groups, and nothing
/// else, so that no difference between the whole and its parts is anybody's number.
final class OrganizationLine {
  private OrganizationLine() {}

  /// By week and metric: of the groups that have weekly numbers, or of those that have one for an
  /// epoch where there are no others.
  static List<Cell> of(JdbcClient jdbc, UUID organization, Period period) {
    return jdbc
        .sql(
            """
            select metric, week, weeks, value, step, people, rules, released_on
              from release.organization_line line
             where org_id = :org
               and week between :first - 21 and :last
               and week + 7 * weeks between :first + 7 and :last + 7
               and (weeks = 1 or not exists (
                 select from release.organization_line
                  where org_id = :org and weeks = 1 and week between :first and :last))
             order by week, metric
            """)
        .param("org", organization)
        .param("first", period.first().monday())
        .param("last", period.last().monday())
        .query(DataClassRowMapper.newInstance(Cells.Row.class))
        .stream()
        .map(Cells.Row::cell)
        .toList();
  }
}
