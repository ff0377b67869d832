// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tells a database that was restored what its backup does not know. On any other it changes
/// nothing.
final class Replay {
  private final TenantDatabase database;
  private final AuditLog audit;
  private final Ledger ledger;

  Replay(TenantDatabase database, AuditLog audit, Ledger ledger) {
    this.database = database;
    this.audit = audit;
    this.ledger = ledger;
  }

  /// Says every line of the ledger again, and counts what the database did not know.
  int run() {
    var unknown = 0;
    for (var line : ledger.lines()) {
      unknown +=
          TenantScope.<Integer, RuntimeException>callAs(
              Tenant.of(line.organization()),
              () -> database.inTransaction(jdbc -> say(jdbc, line)));
    }
    return unknown;
  }

  private void append(JdbcClient jdbc, Ledger.Line line, String action, String target) {
    audit.append(
        jdbc,
        new AuditEntry(
            line.organization(), Actor.job("retention"), action, target, Outcome.DONE, Map.of()));
  }

  private int say(JdbcClient jdbc, Ledger.Line line) {
    return switch (line) {
      case Ledger.Line.LetGo(_, var before) -> {
        var moved =
            jdbc.sql("select release.let_go_again(:before)")
                .param("before", before)
                .query(Boolean.class)
                .single();
        if (moved) {
          append(jdbc, line, "retention.replayed", before.toString());
        }
        yield moved ? 1 : 0;
      }
      case Ledger.Line.Confirmed confirmed -> confirm(jdbc, confirmed);
    };
  }

  /// An organization that is not there has nothing to be deleted. A deletion that the backup knows
  /// as asked for was confirmed since.
  private int confirm(JdbcClient jdbc, Ledger.Line.Confirmed line) {
    var added =
        jdbc.sql(
                """
                insert into identity.deletion
                  (org_id, id, scope, person_id, released, asked_by, asked_at, confirmed_at)
                select :org, :id, :scope, cast(:person as uuid), :released, :by, :at, :at
                  from identity.organization o
                 where o.id = :org
                on conflict (org_id, id) do update set confirmed_at = excluded.confirmed_at
                 where deletion.confirmed_at is null
                """)
            .param("org", line.organization())
            .param("id", line.deletion())
            .param("scope", line.person() == null ? "organization" : "person")
            .param("person", line.person())
            .param("released", line.released())
            .param("by", line.askedBy())
            .param("at", line.at().atOffset(UTC))
            .update();
    if (added > 0) {
      append(jdbc, line, "deletion.replayed", "deletion:" + line.deletion());
    }
    return added;
  }
}
