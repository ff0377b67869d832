// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.merkle.Frontier;
import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.verify.AuditVerify;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/// What `bench/audit` runs.
final class AuditBench {
  private static final int CLIENTS = 8;
  private static final int PAIRS = 6;
  private static final int WARM_UPS = 4;
  private static final int ENTRIES = 1_000_000;
  private static final int A_SECOND = 1_000;
  private static final Duration LAG_RUN = Duration.ofSeconds(20);
  private static final UUID[] MANY =
      Stream.generate(UUID::randomUUID).limit(1_000).toArray(UUID[]::new);
  private static final UUID[] ONE = {UUID.randomUUID()};

  private final AuditLog audit = new AuditLog(Clock.systemUTC());
  private final TenantDatabase door;
  private final JdbcClient superuser;

  private AuditBench(EmbeddedDatabase database, TenantDatabase door) {
    this.door = door;
    this.superuser = JdbcClient.create(database.superuser());
  }

  static void main(String[] arguments) throws Exception {
    var slice = Duration.ofSeconds(Long.parseLong(arguments[0]));
    try (var database = durable();
        var pool = database.pool(Login.RETENTION);
        var ordering = database.pool(Login.AUDIT_SEQUENCER)) {
      pool.setMaximumPoolSize(CLIENTS);
      var bench = new AuditBench(database, TenantDatabase.open(pool, DatabaseRole.RETENTION));
      var sequencer = new Sequencer(TenantDatabase.open(ordering, DatabaseRole.AUDIT_SEQUENCER));
      bench.plainTable();
      bench.warmUp(slice);
      try (var _ = Steadily.run("sequencer", Keeping.SEQUENCE_EVERY, sequencer::runOnce)) {
        value("append_of_plain", bench.ratio(MANY, slice));
        value("append_of_plain_one_organization", bench.ratio(ONE, slice));
      }
      bench.lag(sequencer);
    }
    verify();
    System.exit(0);
  }

  /// The embedded server reports a commit before it is written down. An entry never is, so the
  /// plain table must not be either.
  private static EmbeddedDatabase durable() {
    var database = EmbeddedDatabase.fresh();
    var superuser = JdbcClient.create(database.superuser());
    var name = superuser.sql("select current_database()").query(String.class).single();
    superuser.sql("alter database %s set synchronous_commit = on".formatted(name)).update();
    return database;
  }

  private void plainTable() {
    superuser
        .sql(
            """
            create schema bench;
            create table bench.plain (
              id bigint generated always as identity primary key, uid uuid not null unique,
              org_id uuid not null, action text not null, at timestamptz not null default now(),
              body bytea not null);
            create index on bench.plain (org_id, id);
            grant usage on schema bench to retention;
            grant insert on bench.plain to retention
            """)
        .update();
  }

  /// Until the compiler has done its work, which would be counted against whoever comes first.
  private void warmUp(Duration slice) throws Exception {
    for (var round = 0; round < WARM_UPS; round++) {
      run(MANY, slice, this::plain);
      run(ONE, slice, this::append);
    }
  }

  /// The median over slices that follow each other, so that whoever else uses the machine disturbs
  /// both alike.
  private double ratio(UUID[] organizations, Duration slice) throws Exception {
    var ratios = new double[PAIRS];
    for (var pair = 0; pair < PAIRS; pair++) {
      var plain = run(organizations, slice, this::plain);
      var append = run(organizations, slice, this::append);
      ratios[pair] = append / plain;
      System.out.printf(
          Locale.ROOT, "plain %.0f/s, append %.0f/s, ratio %.2f%n", plain, append, ratios[pair]);
    }
    Arrays.sort(ratios);
    return (ratios[PAIRS / 2 - 1] + ratios[PAIRS / 2]) / 2;
  }

  private static double run(UUID[] organizations, Duration slice, Consumer<UUID> insert)
      throws InterruptedException, ExecutionException {
    var end = System.nanoTime() + slice.toNanos();
    var inserted = 0L;
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var running = new ArrayList<Future<Long>>();
      for (var client = 0; client < CLIENTS; client++) {
        var first = client * 131;
        running.add(
            clients.submit(() -> {
              var count = 0L;
              while (System.nanoTime() < end) {
                insert.accept(organizations[(int) ((first + count++) % organizations.length)]);
              }
              return count;
            }));
      }
      for (var client : running) {
        inserted += client.get();
      }
    }
    return inserted / (slice.toNanos() / 1e9);
  }

  private void append(UUID organization) {
    TenantScope.runAs(
        Tenant.of(organization),
        () -> door.inTransaction(jdbc -> audit.append(jdbc, Ledger.entry(organization, 7))));
  }

  /// The same bytes in a table that proves nothing.
  private void plain(UUID organization) {
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            door.inTransaction(jdbc -> {
              var uid = UUID.randomUUID();
              return jdbc.sql(
                      """
                      insert into bench.plain (uid, org_id, action, body)
                      values (:uid, :org, :action, :body)
                      """)
                  .param("uid", uid)
                  .param("org", organization)
                  .param("action", "thing.done")
                  .param(
                      "body",
                      Leaf.of(uid, Clock.systemUTC().instant(), Ledger.entry(organization, 7))
                          .bytes())
                  .update();
            }));
  }

  /// From the clock of the database when an entry was written to when its place is committed.
  private void lag(Sequencer sequencer) throws Exception {
    sequencer.runOnce();
    var organization = UUID.randomUUID();
    var writing = new AtomicBoolean(true);
    var lags = new ArrayList<Double>();
    var begin = System.nanoTime();
    var appended = 0L;
    try (var clients = Executors.newFixedThreadPool(CLIENTS);
        var ordering = Executors.newSingleThreadExecutor()) {
      var seen =
          ordering.submit(() -> {
            while (writing.get()) {
              sequencer.runOnce();
              lags.addAll(lagsFrom(organization, lags.size()));
              Thread.sleep(Keeping.SEQUENCE_EVERY);
            }
            sequencer.runOnce();
            lags.addAll(lagsFrom(organization, lags.size()));
            return lags.size();
          });
      var running = new ArrayList<Future<Long>>();
      for (var client = 0; client < CLIENTS; client++) {
        running.add(clients.submit(() -> steadily(organization, begin)));
      }
      for (var client : running) {
        appended += client.get();
      }
      writing.set(false);
      seen.get();
    }
    var sorted = lags.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    value("sequencer_entries_per_second", appended / (LAG_RUN.toNanos() / 1e9));
    value("sequencer_lag_p50_seconds", sorted[sorted.length / 2]);
    value("sequencer_lag_p99_seconds", sorted[(int) (sorted.length * 0.99)]);
    if (sorted.length != appended) {
      throw new IllegalStateException("Some entries have no place in the tree");
    }
  }

  private long steadily(UUID organization, long begin) throws InterruptedException {
    var each = 1_000_000_000L * CLIENTS / A_SECOND;
    var count = 0L;
    while (System.nanoTime() - begin < LAG_RUN.toNanos()) {
      append(organization);
      count++;
      var ahead = begin + count * each - System.nanoTime();
      if (ahead > 0) {
        Thread.sleep(Duration.ofNanos(ahead));
      }
    }
    return count;
  }

  private List<Double> lagsFrom(UUID organization, int from) {
    return superuser
        .sql(
            """
            select extract(epoch from clock_timestamp() - e.recorded_at)
              from audit.leaf l
              join audit.entry e on e.id = l.entry_id
             where l.org_id = :org and l.idx >= :from
            """)
        .param("org", organization)
        .param("from", from)
        .query((row, _) -> row.getDouble(1))
        .list();
  }

  private static void verify() throws IOException {
    var organization = UUID.randomUUID();
    var folder = Files.createTempDirectory("audit-bench");
    var tree = new Frontier();
    try (var out =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve("entries.jsonl")))) {
      var start = Instant.parse("2026-01-01T00:00:00Z");
      for (var number = 0; number < ENTRIES; number++) {
        var leaf =
            Leaf.of(
                    new UUID(0x4000L + number, number),
                    start.plusMillis(number * 100L),
                    Ledger.entry(organization, number))
                .bytes();
        out.write(leaf);
        out.write('\n');
        tree.add(Hash.ofLeaf(leaf).bytes());
      }
    }
    var checkpoint = new Checkpoint(Ledger.LOGS.origin(organization), tree.size(), tree.root());
    Files.writeString(
        folder.resolve("checkpoint"),
        Ledger.KEY.sign(checkpoint, Clock.systemUTC().instant()).toString());
    Files.writeString(folder.resolve("key"), Ledger.vkey(organization));
    // What a core does in a second is asked by the time that it worked: others use the machine too.
    var cores = ManagementFactory.getThreadMXBean();
    var rates = new double[5];
    for (var round = 0; round < rates.length; round++) {
      var begin = System.nanoTime();
      var worked = cores.getCurrentThreadCpuTime();
      var output = new ByteArrayOutputStream();
      var print = new PrintStream(output, true, UTF_8);
      var code =
          AuditVerify.run(
              Clock.systemUTC(),
              print,
              print,
              folder.toString(),
              "--key",
              folder.resolve("key").toString());
      if (code != 0) {
        throw new IllegalStateException(output.toString(UTF_8));
      }
      rates[round] = ENTRIES / ((cores.getCurrentThreadCpuTime() - worked) / 1e9);
      System.out.printf(
          Locale.ROOT,
          "verified %.0f/s by the clock, %.0f/s of its core%n",
          ENTRIES / ((System.nanoTime() - begin) / 1e9),
          rates[round]);
    }
    FileSystemUtils.deleteRecursively(folder);
    Arrays.sort(rates);
    value("verified_per_second", rates[rates.length / 2]);
  }

  private static void value(String name, double value) {
    System.out.printf(Locale.ROOT, "value %s %.2f%n", name, value);
  }
}
