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
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// Makes an organization together with the invitation of its first owner, or neither.
final class Founding {
  private final TenantDatabase database;
  private final Pepper pepper;
  private final AuditLog audit;
  private final SecureRandom random;
  private final Clock clock;

  /// @param database as `identity_api`
  Founding(
      TenantDatabase database, Pepper pepper, AuditLog audit, SecureRandom random, Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.audit = audit;
    this.random = random;
    this.clock = clock;
  }

  /// An organization that waits for its first owner.
  ///
  /// @param token what the link carries
  record Founded(UUID organization, String token, Instant until) {

    /// Without the token.
    @Override
    public String toString() {
      return "Founded[" + organization + "]";
    }
  }

  Founded found(String name, String owner, Actor by) {
    var organization = UUID.randomUUID();
    var invitation = UUID.randomUUID();
    var token = Secret.random(Invitations.PREFIX, random);
    var now = clock.instant();
    var until = now.plus(Invitations.GOOD_FOR);
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              Organizations.insert(jdbc, organization, name, random, now);
              jdbc.sql(
                      """
                      insert into identity.invitation
                        (org_id, id, email, role, hash, created_at, expires_at)
                      values (:org, :id, :email, 'owner', :hash, :now, :until)
                      """)
                  .param("org", organization)
                  .param("id", invitation)
                  .param("email", owner)
                  .param("hash", pepper.hash(token))
                  .param("now", now.atOffset(UTC))
                  .param("until", until.atOffset(UTC))
                  .update();
              audit.append(
                  jdbc,
                  new AuditEntry(
                      organization,
                      by,
                      "organization.created",
                      organization.toString(),
                      Outcome.DONE,
                      Map.of()));
              return audit.append(
                  jdbc,
                  new AuditEntry(
                      organization,
                      by,
                      "member.invited",
                      invitation.toString(),
                      Outcome.DONE,
                      Map.of("role", Role.OWNER.sqlName(), "team", "none")));
            }));
    return new Founded(organization, token, until);
  }
}
