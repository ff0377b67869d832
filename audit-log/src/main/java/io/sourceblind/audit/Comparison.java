// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Compares once a day what stands in columns with the leaves beside them, for each log, and writes
/// down what it found: the tree proves leaves only. Not for several threads.
final class Comparison {
  private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

  private final TenantDatabase database;
  private final AuditLog audit;
  private final Clock clock;
  private final Map<UUID, LocalDate> last = new HashMap<>();

  private record Compared(long entries, long differing) {}

  /// @param database as `audit_sequencer`
  Comparison(TenantDatabase database, Clock clock) {
    this.database = database;
    this.audit = new AuditLog(clock);
    this.clock = clock;
  }

  /// Compares what has not been compared today; a process that has just started owes every log one.
  ///
  /// @return how many entries differ
  long runOnce() {
    var today = LocalDate.ofInstant(clock.instant(), UTC);
    var differing = 0L;
    for (var tree : database.withoutTenant(LogSize::all)) {
      if (!today.equals(last.get(tree.orgId()))) {
        differing +=
            TenantScope.callAs(
                Tenant.of(tree.orgId()),
                () -> database.inTransaction(jdbc -> compare(jdbc, tree.orgId())));
        last.put(tree.orgId(), today);
      }
    }
    return differing;
  }

  private long compare(JdbcClient jdbc, UUID organization) {
    var found =
        jdbc.sql("select entries, differing from audit.compare_columns()")
            .query(Compared.class)
            .single();
    if (found.differing() > 0) {
      LOG.error(
          "SECURITY: {} entries of organization {} say something else in their columns than in"
              + " their leaves; somebody went past the guards",
          found.differing(),
          organization);
    }
    audit.append(
        jdbc,
        new AuditEntry(
            organization,
            Actor.job("comparison"),
            "log.compared",
            "audit.entry",
            found.differing() == 0 ? Outcome.DONE : Outcome.FAILED,
            Map.of("entries", found.entries(), "differing", found.differing())));
    return found.differing();
  }
}
