// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Asks for a deletion and confirms it, in two requests. The database lets an engineer ask for
/// their own data only, and nobody confirm what another asked for.
@Component
class Deletions {
  private final TenantDatabase engineer;
  private final TenantDatabase manager;
  private final AuditLog audit;

  Deletions(DataSource pages, AuditLog audit) {
    this.engineer = TenantDatabase.open(pages, DatabaseRole.ENGINEER_API);
    this.manager = TenantDatabase.open(pages, DatabaseRole.MANAGER_API);
    this.audit = audit;
  }

  /// Asks for a deletion, which does nothing yet.
  ///
  /// @param person whose data; null for all of the organization
  /// @param released whether the released numbers go too, because the organization leaves
  UUID ask(Principal principal, @Nullable UUID person, boolean released) {
    var id = UUID.randomUUID();
    inRole(
        principal,
        jdbc -> {
          jdbc.sql(
                  """
                  insert into identity.deletion (org_id, id, scope, person_id, released, asked_by)
                  values (:org, :id, :scope, :person, :released, :by)
                  """)
              .param("org", principal.organization())
              .param("id", id)
              .param("scope", person == null ? "organization" : "person")
              .param("person", person)
              .param("released", released)
              .param("by", principal.person())
              .update();
          return append(jdbc, principal, "deletion.asked", id);
        });
    return id;
  }

  /// Confirms what the same person asked for within the last quarter of an hour. From here on it
  /// cannot be stopped. Whatever somebody must show anew before a deletion is asked for here, and
  /// only here.
  ///
  /// @throws NotFound if there is nothing that this person may confirm now
  void confirm(Principal principal, UUID id) {
    inRole(
        principal,
        jdbc -> {
          int confirmed;
          try {
            confirmed =
                jdbc.sql(
                        """
                        update identity.deletion
                           set confirmed_at = now()
                         where org_id = :org and id = :id and asked_by = :by
                           and confirmed_at is null
                        """)
                    .param("org", principal.organization())
                    .param("id", id)
                    .param("by", principal.person())
                    .update();
          } catch (DataIntegrityViolationException _) {
            // Asked for too long ago: the table says so itself.
            throw new NotFound();
          }
          if (confirmed == 0) {
            throw new NotFound();
          }
          return append(jdbc, principal, "deletion.confirmed", id);
        });
  }

  private Object append(JdbcClient jdbc, Principal principal, String action, UUID id) {
    return audit.append(
        jdbc,
        new AuditEntry(
            principal.organization(),
            Actor.person(principal.person()),
            action,
            "deletion:" + id,
            Outcome.DONE,
            Map.of("credential", principal.credential().toString())));
  }

  private void inRole(Principal principal, Function<JdbcClient, Object> work) {
    var database = principal.role() == Role.OWNER ? manager : engineer;
    TenantScope.callAs(principal.tenant(), () -> database.inTransaction(work));
  }
}
