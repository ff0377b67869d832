// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Organizations, their teams and their people. Names stay in their tables; the audit log gets ids.
public final class Organizations {
  private static final int REF_KEY_BYTES = 32;

  private final TenantDatabase database;
  private final AuditLog audit;
  private final SecureRandom random;
  private final Clock clock;

  /// @param database as `identity_api`
  /// @param random for the keys under which each organization's machines hash identifiers
  public Organizations(TenantDatabase database, AuditLog audit, SecureRandom random, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.random = random;
    this.clock = clock;
  }

  /// Makes an organization with a key of its own.
  public UUID create(String name, Actor by) {
    var id = UUID.randomUUID();
    var refKey = new byte[REF_KEY_BYTES];
    random.nextBytes(refKey);
    recorded(
        new AuditEntry(id, by, "organization.created", id.toString(), Outcome.DONE, Map.of()),
        jdbc ->
            jdbc.sql(
                    """
                    insert into identity.organization (id, name, ref_key, created_at)
                    values (:id, :name, :refKey, :now)
                    """)
                .param("id", id)
                .param("name", name)
                .param("refKey", refKey)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update());
    return id;
  }

  /// Adds a team to the organization.
  public UUID addTeam(UUID organization, String name, Actor by) {
    var id = UUID.randomUUID();
    recorded(
        new AuditEntry(organization, by, "team.added", id.toString(), Outcome.DONE, Map.of()),
        jdbc ->
            jdbc.sql("insert into identity.team (org_id, id, name) values (:org, :id, :name)")
                .param("org", organization)
                .param("id", id)
                .param("name", name)
                .update());
    return id;
  }

  /// Adds a person to the organization.
  ///
  /// @param team null for somebody who is in none
  public UUID addPerson(
      UUID organization,
      @Nullable UUID team,
      String name,
      String email,
      Role role,
      LocalDate joinedOn,
      Actor by) {
    var id = UUID.randomUUID();
    recorded(
        new AuditEntry(
            organization,
            by,
            "person.added",
            id.toString(),
            Outcome.DONE,
            Map.of("role", role.sqlName(), "team", team == null ? "none" : team.toString())),
        jdbc ->
            jdbc.sql(
                    """
                    insert into identity.person
                      (org_id, id, team_id, name, email, role, joined_on)
                    values (:org, :id, :team, :name, :email, :role, :joinedOn)
                    """)
                .param("org", organization)
                .param("id", id)
                .param("team", team)
                .param("name", name)
                .param("email", email)
                .param("role", role.sqlName())
                .param("joinedOn", joinedOn)
                .update());
    return id;
  }

  private void recorded(AuditEntry entry, Consumer<JdbcClient> change) {
    TenantScope.runAs(
        Tenant.of(entry.organization()),
        () ->
            database.inTransaction(jdbc -> {
              change.accept(jdbc);
              return audit.append(jdbc, entry);
            }));
  }
}
