// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.merkle.Tree;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.SigningKey;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Signs what has been added to each tree, if the tree goes on from what it signed before. It
/// believes the database nothing: key and memory are its own.
public final class Signer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Signer.class);
  private static final int SALT_BYTES = 32;

  private final TenantDatabase database;
  private final SignerMemory memory;
  private final AuditLog audit;
  private final Notary notary;
  private final Logs logs;
  private final SecureRandom random;
  private final Clock clock;

  /// How many logs were looked at, and which of them do not go on from what was signed.
  ///
  /// @param signed how many checkpoints are new
  /// @param refused the origins of the logs that were not signed
  public record Round(int signed, List<String> refused) {}

  Signer(
      TenantDatabase database,
      SigningKey key,
      SignerMemory memory,
      Logs logs,
      SecureRandom random,
      Clock clock) {
    this.database = database;
    this.memory = memory;
    this.audit = new AuditLog(clock);
    this.notary = new Notary(key, memory, clock);
    this.logs = logs;
    this.random = random;
    this.clock = clock;
  }

  /// A signer that goes on from what its memory holds.
  ///
  /// @param database as `audit_signer`
  /// @param key 32 random bytes in Base64
  /// @param memory a file that nobody else writes to, empty for a new installation
  /// @throws IllegalArgumentException if the key is none; it is not repeated
  /// @throws IllegalStateException if there is no memory, or another signer has it
  public static Signer open(
      TenantDatabase database, String key, Path memory, Logs logs, Clock clock) {
    return new Signer(
        database, SigningKey.of(key), SignerMemory.open(memory), logs, new SecureRandom(), clock);
  }

  @Override
  public void close() {
    memory.close();
  }

  /// Signs every log that has grown since its last checkpoint. One that was tampered with does not
  /// keep the others waiting.
  public Round runOnce() {
    var signed = 0;
    var refused = new ArrayList<String>();
    for (var log : database.withoutTenant(LogSize::grown)) {
      try {
        TenantScope.runAs(
            Tenant.of(Logs.INSTALLATION),
            () ->
                database.inTransaction(jdbc -> {
                  sign(jdbc, log);
                  return log;
                }));
        signed++;
      } catch (InconsistentLog | TreeDamaged tampered) {
        LOG.error("{}", tampered.getMessage());
        refused.add(logs.origin(log.orgId()));
      }
    }
    return new Round(signed, List.copyOf(refused));
  }

  /// Lets a log that lost its past begin anew, under another name. Who kept a checkpoint of the old
  /// one still sees what is missing; the entry about it says what was signed last.
  ///
  /// @param reason a short word, such as `backup-restored`
  /// @return the number of the new epoch
  /// @throws IllegalStateException if the log was never signed: then it has no past to lose
  public int beginEpoch(UUID organization, String reason) {
    var origin = logs.origin(organization);
    var last =
        notary
            .last(notary.current(origin))
            .orElseThrow(
                () -> new IllegalStateException("This log was never signed, so it can just begin"));
    var next = epochOf(last.origin()) + 1;
    // First the entry: an epoch without one would be no better than a forgery.
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc ->
                audit.append(
                    jdbc,
                    new AuditEntry(
                        organization,
                        Actor.operator("epoch"),
                        "log.epoch_began",
                        "audit.entry",
                        Outcome.DONE,
                        Map.of(
                            "epoch",
                            next,
                            "last_size",
                            last.size(),
                            "last_root",
                            last.root().base64(),
                            "reason",
                            reason)))));
    notary.begin(origin + Logs.EPOCH + next);
    return next;
  }

  private static int epochOf(String origin) {
    var at = origin.indexOf(Logs.EPOCH);
    return at < 0 ? 1 : Integer.parseInt(origin.substring(at + Logs.EPOCH.length()));
  }

  private void sign(JdbcClient jdbc, LogSize log) {
    var origin = notary.current(logs.origin(log.orgId()));
    var tree = new Tree(log.size(), new StoredTree(jdbc, log.orgId()));
    var wanted = new Checkpoint(origin, log.size(), tree.root());
    var last = notary.lastSize(origin);
    var proof = last <= log.size() ? tree.consistency(last) : List.<Hash>of();
    keep(jdbc, log.orgId(), wanted, notary.sign(wanted, proof));
  }

  private void keep(JdbcClient jdbc, UUID organization, Checkpoint checkpoint, Note note) {
    jdbc.sql(
            """
            insert into audit.checkpoint (org_id, epoch, size, root, note, signed_at, entry_uid)
            values (:org, :epoch, :size, :root, :note, :now, :entry)
            """)
        .param("org", organization)
        .param("epoch", epochOf(checkpoint.origin()))
        .param("size", checkpoint.size())
        .param("root", checkpoint.root().bytes())
        .param("note", note.toString())
        .param("now", clock.instant().atOffset(UTC))
        .param(
            "entry",
            organization.equals(Logs.INSTALLATION) ? null : tell(jdbc, organization, checkpoint))
        .update();
  }

  /// Names the checkpoint in the log of the installation.
  private UUID tell(JdbcClient jdbc, UUID organization, Checkpoint checkpoint) {
    return audit
        .append(
            jdbc,
            new AuditEntry(
                Logs.INSTALLATION,
                Actor.job("signer"),
                "checkpoint.signed",
                blinded(jdbc, organization),
                Outcome.DONE,
                Map.of("size", checkpoint.size(), "root", checkpoint.root().base64())))
        .uid();
  }

  /// A name by which only those recognize an organization who were given its salt.
  private String blinded(JdbcClient jdbc, UUID organization) {
    var fresh = new byte[SALT_BYTES];
    random.nextBytes(fresh);
    jdbc.sql(
            """
            insert into audit.blinding (org_id, salt) values (:org, :salt)
            on conflict (org_id) do nothing
            """)
        .param("org", organization)
        .param("salt", fresh)
        .update();
    var salt =
        jdbc.sql("select salt from audit.blinding where org_id = :org")
            .param("org", organization)
            .query(byte[].class)
            .single();
    return blinded(salt, organization);
  }

  private static String blinded(byte[] salt, UUID organization) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return HexFormat.of()
          .formatHex(
              sha256.digest(
                  organization.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }
}
