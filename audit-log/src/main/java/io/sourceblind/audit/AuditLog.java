// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Writes what was done, in the transaction that does it.
public final class AuditLog {
  private final Clock clock;

  public AuditLog(Clock clock) {
    this.clock = clock;
  }

  /// Adds an entry to the log of its organization, which must be the tenant of the transaction.
  ///
  /// @param jdbc of the transaction that does what the entry says
  /// @throws EntryNotKept if the database did not keep exactly these bytes; the transaction must
  ///   not commit then
  public Receipt append(JdbcClient jdbc, AuditEntry entry) {
    var uid = UUID.randomUUID();
    var leaf = Leaf.of(uid, clock.instant(), entry);
    // A login may have been set to report a commit before it is on disk.
    jdbc.sql("set local synchronous_commit = on").update();
    var kept =
        jdbc.sql(
                """
                insert into audit.entry (entry_uid, org_id, action, leaf)
                values (:uid, :org, :action, :leaf)
                returning entry_uid, leaf_hash
                """)
            .param("uid", uid)
            .param("org", entry.organization())
            .param("action", entry.action())
            .param("leaf", leaf.bytes())
            .query(Kept.class)
            .list();
    if (kept.size() != 1) {
      throw new EntryNotKept(uid, "answered with %d rows instead of one".formatted(kept.size()));
    }
    if (!kept.getFirst().entryUid().equals(uid)
        || !MessageDigest.isEqual(kept.getFirst().leafHash(), leaf.hash())) {
      throw new EntryNotKept(uid, "changed on its way");
    }
    return new Receipt(uid, HexFormat.of().formatHex(leaf.hash()));
  }

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one comparison.
  private record Kept(UUID entryUid, byte[] leafHash) {}
}
