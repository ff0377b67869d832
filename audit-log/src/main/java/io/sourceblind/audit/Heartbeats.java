// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Writes an entry to every log each hour, so that silence shows, with a fingerprint of the guards,
/// so that a missing guard does. Not for several threads.
public final class Heartbeats {
  private static final Duration EVERY = Duration.ofHours(1);

  private final TenantDatabase database;
  private final AuditLog audit;
  private final Clock clock;
  private final Map<UUID, Instant> last = new HashMap<>();

  /// @param database as `audit_sequencer`
  public Heartbeats(TenantDatabase database, Clock clock) {
    this.database = database;
    this.audit = new AuditLog(clock);
    this.clock = clock;
  }

  /// Writes what is due; a process that has just started owes every log one.
  ///
  /// @return how many were written
  public int runOnce() {
    var due =
        database.withoutTenant(LogSize::all).stream()
            .filter(tree ->
                !last.getOrDefault(tree.orgId(), Instant.MIN).isAfter(clock.instant().minus(EVERY)))
            .toList();
    if (due.isEmpty()) {
      return 0;
    }
    var fingerprint = database.withoutTenant(Heartbeats::fingerprint);
    for (var tree : due) {
      TenantScope.runAs(
          Tenant.of(tree.orgId()),
          () -> database.inTransaction(jdbc -> audit.append(jdbc, entry(tree, fingerprint))));
      last.put(tree.orgId(), clock.instant());
    }
    return due.size();
  }

  private static AuditEntry entry(LogSize tree, String fingerprint) {
    return new AuditEntry(
        tree.orgId(),
        Actor.job("heartbeat"),
        "log.heartbeat",
        "audit.entry",
        Outcome.DONE,
        Map.of("entries", tree.size(), "fingerprint", fingerprint));
  }

  private static String fingerprint(JdbcClient jdbc) {
    return jdbc.sql("select audit.fingerprint()").query(String.class).single();
  }
}
