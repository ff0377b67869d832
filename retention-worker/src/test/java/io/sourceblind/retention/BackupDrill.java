// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Export;
import io.sourceblind.audit.Keeping;
import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.verify.AuditVerify;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/// What `bin/backup-drill` does between the steps of Postgres and pgBackRest, on the server that it
/// has made.
final class BackupDrill {
  private static final String CANARY = "the canary of somebody sings at noon";
  private static final Pattern STARTED = Pattern.compile("\"timestamp\":\\{\"start\":([0-9]+)");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Archive archive = new Archive();
  private final UUID organization = archive.organization(90);
  private final UUID somebody = archive.person(organization);
  private final UUID shortened = archive.organization(90);
  private final String script;
  private final Path folder;

  /// What is there: by it a restore is compared.
  private record Counts(long events, long canaries, long sums, long people) {}

  private BackupDrill(String script, Path folder) {
    this.script = script;
    this.folder = folder;
  }

  /// `SCRIPT FOLDER`: the script knows the steps of the server.
  static void main(String[] arguments) throws Exception {
    new BackupDrill(arguments[0], Path.of(arguments[1])).run();
    System.exit(0);
  }

  private void run() throws Exception {
    archive.ledger = new Ledger(Files.createFile(folder.resolve("ledger")).toString());
    var seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    var key = Base64.getEncoder().encodeToString(seed);
    var logs = new Logs("drill.example.com");
    Files.writeString(folder.resolve("key"), logs.publicKey(key, organization) + "\n");
    var pins = Files.createDirectory(folder.resolve("pins"));
    var later = Files.createDirectory(folder.resolve("later"));
    String point;
    Counts before;
    try (var _ =
            Keeping.order(archive.database.as(DatabaseRole.AUDIT_SEQUENCER), Clock.systemUTC());
        var _ =
            Keeping.signatures(
                archive.database.as(DatabaseRole.AUDIT_SIGNER),
                key,
                Files.createFile(folder.resolve("memory")),
                logs,
                Clock.systemUTC())) {
      work(organization, 20);
      work(shortened, 20);
      step("backup");
      work(organization, 3);
      Files.writeString(pins.resolve("checkpoint"), checkpoint());
      before = counts();
      Thread.sleep(1_000);
      point = archive.superuser.sql("select now()::text").query(String.class).single();
      Thread.sleep(1_000);

      // What the backup does not know of.
      archive.deletions().run(archive.deletion(organization, somebody, true));
      archive.keepFor(7, shortened);
      archive.sweep().runOnce();
      work(shortened, 2);
      Files.writeString(later.resolve("checkpoint"), checkpoint());
      archived();
    }

    var restoring = Instant.now();
    step("destroy");
    step("restore", point);
    value("restore_seconds", Duration.between(restoring, Instant.now()).toSeconds());
    value("restored_as_it_was", counts().equals(before) ? 1 : 0);
    value("deleted_data_came_back", counts().canaries());
    var export = export();
    value("audit_log_verifies", verify(export, pins) == 0 ? 1 : 0);
    value("audit_log_notices_what_was_lost", verify(export, later) == 1 ? 1 : 0);

    // The service is not open yet.
    archive.replay().run();
    archive.sweep().runOnce();
    archive.deletions().waiting().forEach(archive.deletions()::run);
    value("deleted_again_before_opening", counts().canaries() == 0 ? 1 : 0);
    value(
        "purged_again_before_opening",
        archive.days(shortened).stream()
                .allMatch(day -> day != null && !day.isBefore(archive.today.minusDays(7)))
            ? 1
            : 0);
    value("days_late", archive.sweep().daysLate());

    var deleted = Instant.now();
    Thread.sleep(1_000);
    step("backup");
    step("expire");
    value("backups_older_than_the_deletion", olderThan(deleted));
    step("destroy");
    step("restore-newest");
    value("deleted_data_in_the_newest_backup", counts().canaries());
  }

  private void work(UUID of, int days) {
    for (var age = 1; age <= days; age++) {
      archive.event(of, archive.today.minusDays(age));
      if (of.equals(organization)) {
        archive.words(of, somebody, archive.today.minusDays(age), CANARY);
      }
      append(of, "drill.worked");
    }
  }

  private UUID append(UUID of, String action) {
    return TenantScope.callAs(
        Tenant.of(of),
        () ->
            archive
                .database
                .as(DatabaseRole.REVIEWER_API)
                .inTransaction(jdbc ->
                    new AuditLog(Clock.systemUTC())
                        .append(
                            jdbc,
                            new AuditEntry(
                                of,
                                Actor.operator("backup-drill"),
                                action,
                                "drill",
                                Outcome.DONE,
                                Map.of())))
                .uid());
  }

  private Counts counts() {
    return new Counts(
        count("select count(*) from capture.event"),
        count("select count(*) from capture.event where text = '" + CANARY + "'"),
        count("select count(*) from release.person_week"),
        count("select count(*) from identity.person"));
  }

  private long count(String sql) {
    return archive.superuser.sql(sql).query(Long.class).single();
  }

  /// The newest checkpoint, once it covers all that is in the log.
  private String checkpoint() throws InterruptedException {
    await(
        """
        select coalesce((select max(size) from audit.checkpoint where org_id = '%1$s'), 0)
                 >= (select count(*) from audit.entry where org_id = '%1$s')
        """
            .formatted(organization));
    return archive
        .superuser
        .sql("select note from audit.checkpoint where org_id = :org order by size desc limit 1")
        .param("org", organization)
        .query(String.class)
        .single();
  }

  /// All that was written until now is in the repository of the backups.
  private void archived() throws InterruptedException {
    var segment =
        archive
            .superuser
            .sql("select pg_walfile_name(pg_switch_wal())")
            .query(String.class)
            .single();
    await(
        "select coalesce((select last_archived_wal >= '%s' from pg_stat_archiver), false)"
            .formatted(segment));
  }

  private void await(String condition) throws InterruptedException {
    var until = Instant.now().plus(PATIENCE);
    while (!archive.superuser.sql(condition).query(Boolean.class).single()) {
      if (Instant.now().isAfter(until)) {
        throw new IllegalStateException("The server did not come to: " + condition);
      }
      Thread.sleep(200);
    }
  }

  private Path export() throws IOException {
    var export = Files.createDirectory(folder.resolve("export"));
    TenantScope.callAs(
        new Tenant(organization, null),
        () -> {
          var door = archive.database.as(DatabaseRole.REVIEWER_API);
          var receipt =
              door.inTransaction(jdbc ->
                  new AuditLog(Clock.systemUTC())
                      .append(
                          jdbc,
                          new AuditEntry(
                              organization,
                              Actor.operator("backup-drill"),
                              "export.started",
                              "audit",
                              Outcome.DONE,
                              Map.of())));
          return door.inTransaction(jdbc -> {
            AuditLog.readUnder(jdbc, receipt);
            try {
              return Export.write(jdbc, organization, export);
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
        });
    return export;
  }

  private int verify(Path export, Path pins) {
    return AuditVerify.run(
        Clock.systemUTC(),
        System.out,
        System.out,
        export.toString(),
        "--key",
        folder.resolve("key").toString(),
        "--pins",
        pins.toString());
  }

  private long olderThan(Instant deleted) throws IOException, InterruptedException {
    var starts =
        STARTED
            .matcher(step("info"))
            .results()
            .map(start -> Instant.ofEpochSecond(Long.parseLong(start.group(1))))
            .toList();
    return starts.isEmpty()
        ? Integer.MAX_VALUE
        : starts.stream().filter(start -> start.isBefore(deleted)).count();
  }

  private String step(String... step) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(script, "--step"));
    command.addAll(List.of(step));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("The step %s failed: %s".formatted(List.of(step), said));
    }
    return said;
  }

  private static void value(String name, long value) {
    System.out.printf("value %s %d%n", name, value);
  }
}
