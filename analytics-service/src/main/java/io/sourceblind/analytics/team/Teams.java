// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.week.IsoWeek;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the teams of an organization.
final class Teams {
  private Teams() {}

  /// A team and what can be said of it without a number.
  record Team(UUID id, String name, boolean anyCells, boolean anyReleased) {
    public String state() {
      return anyReleased ? "Numbers shown" : anyCells ? Cell.HIDDEN : "No numbers yet";
    }
  }

  /// In the order of their names: no other order is offered, so nobody can rank them.
  static List<Team> all(JdbcClient jdbc, UUID organization, IsoWeek since) {
    return jdbc.sql(
            """
            select id, name,
                   exists (select from release.released_cell c
                     where c.org_id = t.org_id and c.team_id = t.id and week >= :since) as any_cells,
                   exists (select from release.released_cell c
                     where c.org_id = t.org_id and c.team_id = t.id and week >= :since
                       and state = 'released') as any_released
              from identity.team t
             where org_id = :org
             order by lower(name), name
            """)
        .param("org", organization)
        .param("since", since.monday())
        .query(DataClassRowMapper.newInstance(Team.class))
        .list();
  }

  static String nameOf(JdbcClient jdbc, UUID organization, UUID team) {
    return jdbc.sql("select name from identity.team where org_id = :org and id = :team")
        .param("org", organization)
        .param("team", team)
        .query(String.class)
        .optional()
        .orElseThrow(NotFound::new);
  }
}
