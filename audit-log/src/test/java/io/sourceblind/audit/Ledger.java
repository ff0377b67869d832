// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.merkle.Tree;
import io.sourceblind.audit.note.SigningKey;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A database of its own for a test of the log, with what most of them do.
final class Ledger implements AutoCloseable {
  static final SigningKey KEY = SigningKey.of("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
  static final Logs LOGS = new Logs("audit.example.com");
  static final Receipts RECEIPTS =
      Receipts.signedWith("ABEiM0RVZneImaq7zN3u/wEjRWeJq83vAkaKzhNXm98=", LOGS);

  final EmbeddedDatabase database = EmbeddedDatabase.fresh();
  final JdbcClient superuser = JdbcClient.create(database.superuser());
  final TenantDatabase retention = database.as(DatabaseRole.RETENTION);
  final AuditLog audit = new AuditLog(Clock.systemUTC());
  final Sequencer sequencer = newSequencer();

  Sequencer newSequencer() {
    return new Sequencer(database.as(DatabaseRole.AUDIT_SEQUENCER));
  }

  /// Appends as many entries, all in one transaction.
  List<Receipt> append(UUID organization, int entries) {
    return inTransaction(
        organization,
        jdbc ->
            IntStream.range(0, entries)
                .mapToObj(number -> audit.append(jdbc, entry(organization, number)))
                .toList());
  }

  <T> T inTransaction(UUID organization, Function<JdbcClient, T> work) {
    return TenantScope.callAs(Tenant.of(organization), () -> retention.inTransaction(work));
  }

  static AuditEntry entry(UUID organization, int number) {
    return new AuditEntry(
        organization,
        Actor.job("test"),
        "thing.done",
        "thing:" + number,
        Outcome.DONE,
        Map.of("number", number));
  }

  long size(UUID organization) {
    return superuser
        .sql("select count(*) from audit.leaf where org_id = :org")
        .param("org", organization)
        .query(Long.class)
        .single();
  }

  /// As somebody computes it who has the hashes only, in order.
  Hash rootOfLeaves(UUID organization) {
    var leaves =
        superuser
            .sql(
                """
                select sha256('\\x00'::bytea || e.leaf)
                  from audit.leaf l
                  join audit.entry e on e.id = l.entry_id
                 where l.org_id = :org
                 order by l.idx
                """)
            .param("org", organization)
            .query((row, _) -> Hash.of(row.getBytes(1)))
            .list();
    return rootOf(leaves);
  }

  private static Hash rootOf(List<Hash> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    var split = Integer.highestOneBit(leaves.size() - 1);
    return Hash.ofNode(
        rootOf(leaves.subList(0, split)), rootOf(leaves.subList(split, leaves.size())));
  }

  /// As the signer computes it.
  Hash storedRoot(UUID organization) {
    return database
        .as(DatabaseRole.AUDIT_SIGNER)
        .withoutTenant(
            jdbc -> new Tree(size(organization), new StoredTree(jdbc, organization)).root());
  }

  String checkpoint(UUID organization) {
    return superuser
        .sql(
            "select note from audit.checkpoint where org_id = :org order by epoch desc, size desc limit 1")
        .param("org", organization)
        .query((row, _) -> row.getString(1))
        .single();
  }

  static String vkey(UUID organization) {
    return KEY.verifier(LOGS.origin(organization)).toString();
  }

  /// As a reviewer of the organization, who is on record.
  long export(UUID organization, Path folder) {
    return asReviewer(
        organization,
        jdbc -> {
          try {
            return Export.write(jdbc, organization, folder);
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }

  <T> T asReviewer(UUID organization, Function<JdbcClient, T> work) {
    var reviewer = database.as(DatabaseRole.REVIEWER_API);
    var entry =
        new AuditEntry(
            organization, Actor.job("test"), "audit.read", "audit", Outcome.DONE, Map.of());
    return TenantScope.callAs(
        Tenant.of(organization),
        () -> {
          var receipt = reviewer.inTransaction(jdbc -> audit.append(jdbc, entry));
          return reviewer.inTransaction(jdbc -> {
            AuditLog.readUnder(jdbc, receipt);
            return work.apply(jdbc);
          });
        });
  }

  /// A signer that remembers what is in this folder; it is empty the first time.
  Signing signing(Path folder) {
    var memory =
        Files.exists(memoryIn(folder)) ? SignerMemory.open(memoryIn(folder)) : emptyMemory(folder);
    return new Signing(
        new Signer(
            database.as(DatabaseRole.AUDIT_SIGNER),
            KEY,
            memory,
            LOGS,
            new SecureRandom(),
            Clock.systemUTC()),
        new Notary(KEY, memory, Clock.systemUTC()),
        memory);
  }

  SignerMemory emptyMemory(Path folder) {
    try {
      Files.writeString(memoryIn(folder), "");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return SignerMemory.open(memoryIn(folder));
  }

  static Path memoryIn(Path folder) {
    return folder.resolve("signer.memory");
  }

  record Signing(Signer signer, Notary notary, SignerMemory memory) implements AutoCloseable {
    @Override
    public void close() {
      memory.close();
    }
  }

  /// What a superuser does who switches every guard off and on again behind them.
  void asIntruder(String... sql) {
    var tables = new String[] {"entry", "leaf", "node", "checkpoint", "blinding"};
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set local sourceblind.amendment = 'Nothing to see here'");
      statement.execute("set local session_replication_role = replica");
      for (var table : tables) {
        statement.execute("alter table audit.%s disable trigger no_change".formatted(table));
        statement.execute("alter table audit.%s disable trigger no_truncate".formatted(table));
      }
      for (var attack : sql) {
        statement.execute(attack);
      }
      for (var table : tables) {
        statement.execute("alter table audit.%s enable always trigger no_change".formatted(table));
        statement.execute(
            "alter table audit.%s enable always trigger no_truncate".formatted(table));
      }
      connection.commit();
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
