// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Writes what was done, in the transaction that does it.
public final class AuditLog {
  private static final SecureRandom RANDOM = new SecureRandom();

  /// The settings of `synchronous_commit` under which a commit is on disk, here and where it is
  /// copied to, before it is reported.
  private static final Set<String> ON_DISK = Set.of("on", "remote_apply");

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
    var at = clock.instant();
    var leaf = Leaf.of(uid, at, entry);
    var hash = leaf.hash();
    var kept =
        jdbc.sql(
                """
                insert into audit.entry (entry_uid, org_id, action, leaf)
                values (:uid, :org, :action, :leaf)
                returning entry_uid as uid, leaf_hash as hash,
                          current_setting('synchronous_commit') as durability
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
    if (!kept.getFirst().uid().equals(uid)
        || !MessageDigest.isEqual(kept.getFirst().hash(), hash)) {
      throw new EntryNotKept(uid, "changed on its way");
    }
    if (!ON_DISK.contains(kept.getFirst().durability())) {
      // A login may have been set to report a commit before it is on disk. What counts is the
      // setting at the commit, so it is undone here and not in every insert, where it costs as much
      // as two indexes.
      jdbc.sql("set local synchronous_commit = on").update();
    }
    return new Receipt(uid, HexFormat.of().formatHex(hash), at);
  }

  /// Adds an entry with personal parts, which its leaf holds as salted hashes only.
  ///
  /// @param personal what is personal, by name, such as `ip`
  public Receipt append(JdbcClient jdbc, AuditEntry entry, Map<String, String> personal) {
    var parts =
        personal.entrySet().stream()
            .map(part -> new PrivatePart(part.getKey(), part.getValue(), RANDOM))
            .toList();
    var details = new HashMap<>(entry.details());
    parts.forEach(part -> details.put(part.detail(), part.commitment()));
    var sealed =
        new AuditEntry(
            entry.organization(),
            entry.actor(),
            entry.action(),
            entry.target(),
            entry.outcome(),
            details);
    var receipt = append(jdbc, sealed);
    parts.forEach(part -> part.keep(jdbc, entry.organization(), receipt.uid()));
    return receipt;
  }

  /// Erases the personal parts of an entry for good, and says so in the log. The entry stays, and
  /// the log still verifies.
  ///
  /// @param jdbc of a transaction as `identity_api`
  /// @return the receipt of the entry about the erasure
  public Receipt erase(JdbcClient jdbc, UUID organization, UUID entry, Actor by) {
    var erased =
        jdbc.sql("delete from audit.private_part where org_id = :org and entry_uid = :entry")
            .param("org", organization)
            .param("entry", entry)
            .update();
    return append(
        jdbc,
        new AuditEntry(
            organization,
            by,
            "private.erased",
            entry.toString(),
            Outcome.DONE,
            Map.of("parts", erased)));
  }

  /// Lets the transaction read what row security gives to nobody who is not on record.
  ///
  /// @param receipt of an entry that an earlier transaction has committed, less than a minute ago
  public static void readUnder(JdbcClient jdbc, Receipt receipt) {
    // "set local" for the same reason as the tenant's; a UUID cannot carry a quote.
    jdbc.sql("set local app.audit_entry = '%s'".formatted(receipt.uid())).update();
  }

  /// Since when there is an entry of the tenant that no checkpoint covers, if there is one: the log
  /// stands still if that is long ago.
  public static Optional<Instant> unsignedSince(JdbcClient jdbc) {
    return jdbc.sql("select audit.unsigned_since() as since")
        .query(OffsetDateTime.class)
        .optional()
        .map(OffsetDateTime::toInstant);
  }

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one comparison.
  private record Kept(UUID uid, byte[] hash, String durability) {}
}
