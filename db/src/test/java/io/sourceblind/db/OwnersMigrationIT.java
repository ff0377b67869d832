// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// An installation that is older than the owner's role: nobody who ran an organization is locked
/// out.
class OwnersMigrationIT {
  private static final String THEN =
      """
      insert into identity.organization (id, name, ref_key)
        values ('00000000-0000-4000-8000-00000000000a', 'Works', sha256('x')),
               ('00000000-0000-4000-8000-00000000000b', 'Other works', sha256('y'));
      insert into identity.person (org_id, id, name, email, role, removed_at)
        select o.id, gen_random_uuid(), 'Somebody', w.email, w.role, w.removed_at
          from identity.organization o
         cross join (values ('ran@x', 'manager', null), ('gone@x', 'manager', now()),
                            ('engineer@x', 'engineer', null)) w (email, role, removed_at);
      insert into identity.invitation
          (org_id, id, email, role, hash, invited_by, created_at, expires_at)
        select p.org_id, gen_random_uuid(), w.email, 'manager', sha256((p.id || w.email)::bytea),
               case when w.asked then p.id end, now(), now() + interval '1 day'
          from identity.person p
         cross join (values ('first@x', false), ('asked@x', true)) w (email, asked)
         where p.email = 'ran@x';
      """;

  @Test
  void whoRanAnOrganizationOwnsItNow() throws IOException {
    try (var database = EmbeddedDatabase.fresh()) {
      var server = PostgresServer.shared();
      var everything = new JdbcTemplate(database.superuser());
      var name = "before_owners_" + ProcessHandle.current().pid();
      var login = database.ownerLogin();
      everything.execute("create database %s owner %s".formatted(name, login.getKey()));
      try {
        var superuser = new JdbcTemplate(server.superuser(name));
        superuser.execute(bootstrap());
        var owner = new DriverManagerDataSource(server.url(name), login.getKey(), login.getValue());
        migrate(owner, "118");
        superuser.execute(THEN);

        migrate(owner, "latest");

        assertThat(rolesIn(superuser, "person"))
            .containsExactly("2 engineer@x engineer", "2 gone@x manager", "2 ran@x owner");
        assertThat(rolesIn(superuser, "invitation"))
            .containsExactly("2 asked@x manager", "2 first@x owner");
        assertThat(
                superuser.queryForList(
                    """
                    select relname::text from pg_class
                     where relnamespace = 'identity'::regnamespace and relkind = 'r'
                       and not relforcerowsecurity
                    """,
                    String.class))
            .isEmpty();
      } finally {
        everything.execute("drop database %s with (force)".formatted(name));
      }
    }
  }

  private static List<@Nullable String> rolesIn(JdbcTemplate superuser, String table) {
    return superuser.queryForList(
        "select count(*) || ' ' || email || ' ' || role from identity.%s group by email, role order by email"
            .formatted(table),
        String.class);
  }

  private static void migrate(DataSource owner, String target) {
    Flyway.configure()
        .dataSource(owner)
        .locations("classpath:db/migrations")
        .schemas("migration")
        .target(target)
        .load()
        .migrate();
  }

  private static String bootstrap() throws IOException {
    try (var script = EmbeddedDatabase.class.getResourceAsStream("/db/bootstrap.sql")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
    }
  }
}
