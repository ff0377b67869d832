// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.admin;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds the people and teams of an organization, by name and by nothing that was measured.
final class Members {
  private Members() {}

  record Member(
      UUID id,
      String name,
      String email,
      String role,
      @Nullable UUID teamId,
      @Nullable String team) {}

  record Team(UUID id, String name, long members) {}

  static List<Member> all(JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select p.id, p.name, p.email, p.role, p.team_id, t.name as team
              from identity.person p
              left join identity.team t on t.org_id = p.org_id and t.id = p.team_id
             where p.org_id = :org and p.removed_at is null
             order by lower(p.name), p.name, p.id
            """)
        .param("org", organization)
        .query(DataClassRowMapper.newInstance(Member.class))
        .list();
  }

  static List<Team> teams(JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select t.id, t.name, count(p.id) as members
              from identity.team t
              left join identity.person p
                on p.org_id = t.org_id and p.team_id = t.id and p.removed_at is null
             where t.org_id = :org
             group by t.id, t.name
             order by lower(t.name), t.name
            """)
        .param("org", organization)
        .query(DataClassRowMapper.newInstance(Team.class))
        .list();
  }
}
