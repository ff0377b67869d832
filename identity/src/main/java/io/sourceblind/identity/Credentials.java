// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What someone shows to be let in: made here, opened here, revoked here.
public final class Credentials {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final TenantDatabase database;
  private final Pepper pepper;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`; for opening alone, `ingest_writer` is enough
  public Credentials(TenantDatabase database, Pepper pepper, AuditLog audit, Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.audit = audit;
    this.clock = clock;
  }

  /// Makes a credential for a person of the organization, and an audit entry with it.
  public Minted mint(
      UUID organization,
      UUID person,
      CredentialKind kind,
      String label,
      Duration validFor,
      Actor by) {
    if (!validFor.isPositive() || validFor.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A credential is good for more than nothing and at most %d days"
              .formatted(LONGEST.toDays()));
    }
    var id = UUID.randomUUID();
    var secret = Secret.random(kind, random);
    var expiresAt = clock.instant().plus(validFor).truncatedTo(ChronoUnit.MICROS);
    return TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              jdbc.sql(
                      """
                      insert into identity.credential
                        (id, org_id, person_id, kind, label, hash, expires_at)
                      values (:id, :org, :person, :kind, :label, :hash, :expiresAt)
                      """)
                  .param("id", id)
                  .param("org", organization)
                  .param("person", person)
                  .param("kind", kind.sqlName())
                  .param("label", label)
                  .param("hash", pepper.hash(secret))
                  .param("expiresAt", expiresAt.atOffset(UTC))
                  .update();
              audit.append(
                  jdbc,
                  new AuditEntry(
                      organization,
                      by,
                      "credential.minted",
                      id.toString(),
                      Outcome.DONE,
                      Map.of(
                          "kind",
                          kind.sqlName(),
                          "person",
                          person.toString(),
                          "expires_at",
                          expiresAt.toString())));
              return new Minted(id, secret, expiresAt);
            }));
  }

  /// Says who shows a secret of the kind, or null for one that is unknown, expired, revoked or used
  /// up: why is nobody's business.
  public @Nullable Principal open(String presented, CredentialKind kind) {
    if (!Secret.hasTheForm(presented, kind)) {
      return null;
    }
    return database.withoutTenant(jdbc ->
        jdbc.sql("select * from identity.open_door(:hash, :kind)")
            .param("hash", pepper.hash(presented))
            .param("kind", kind.sqlName())
            .query(Opened.class)
            .optional()
            .map(Opened::principal)
            .orElse(null));
  }

  /// Makes a credential open nothing from now on; one that is revoked already stays as it is.
  public void revoke(UUID organization, UUID credential, Actor by) {
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              var revoked =
                  jdbc.sql(
                          """
                          update identity.credential
                             set revoked_at = now()
                           where org_id = :org and id = :id and revoked_at is null
                          """)
                      .param("org", organization)
                      .param("id", credential)
                      .update();
              if (revoked == 0) {
                return null;
              }
              return audit.append(
                  jdbc,
                  new AuditEntry(
                      organization,
                      by,
                      "credential.revoked",
                      credential.toString(),
                      Outcome.DONE,
                      Map.of()));
            }));
  }

  private record Opened(
      UUID credentialId, UUID orgId, UUID personId, String role, @Nullable UUID teamId) {
    Principal principal() {
      return new Principal(credentialId, orgId, personId, Role.of(role), teamId);
    }
  }
}
