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
  /// What the small teams of an organization are called where they are counted together.
  static final String SMALL_TEAMS = "Small teams";

  private Teams() {}

  /// A team and what can be said of it without a number.
  ///
  /// @param counted whether it is a group of its own in the youngest epoch
  record Team(UUID id, String name, boolean counted, boolean anyReleased) {
    public String state() {
      if (!counted) {
        return "Not counted by itself";
      }
      return anyReleased ? "Numbers shown" : "No numbers yet";
    }
  }

  /// In the order of their names: no other order is offered, so nobody can rank them. The database
  /// asks of every row that it comes by whether the read is on record, so it comes by few.
  static List<Team> all(JdbcClient jdbc, UUID organization, IsoWeek since) {
    return jdbc.sql(
            """
            with named as (
              select id, name::text from identity.team where org_id = :org
               union all
              select :org, :small
               where exists (select from release.frozen_group where org_id = :org and team_id = :org)
            ), youngest as (
              select team_id from release.frozen_group
               where org_id = :org
                 and epoch = (select epoch from release.frozen_group
                               where org_id = :org order by epoch desc limit 1)
            )
            select id, name,
                   id in (select team_id from youngest) as counted,
                   exists (select from release.released_cell c
                     where c.org_id = :org and c.team_id = named.id and metric = 'active_days'
                       and week >= :since and state = 'released') as any_released
              from named
             order by lower(name), name
            """)
        .param("org", organization)
        .param("small", SMALL_TEAMS)
        .param("since", since.monday())
        .query(DataClassRowMapper.newInstance(Team.class))
        .list();
  }

  static String nameOf(JdbcClient jdbc, UUID organization, UUID team) {
    return jdbc.sql(
            """
            select name::text from identity.team where org_id = :org and id = :team
             union all
            select :small
             where :team = :org
               and exists (select from release.frozen_group where org_id = :org and team_id = :org)
            """)
        .param("org", organization)
        .param("team", team)
        .param("small", SMALL_TEAMS)
        .query(String.class)
        .optional()
        .orElseThrow(NotFound::new);
  }
}
