// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Pepper;
import io.sourceblind.identity.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.springframework.util.FileSystemUtils;

/// Kills the ingest API and its Postgres at random while devices send, and finds out whether every
/// acknowledged event is there exactly once; run by `bin/kill-drill`, which holds the goals.
///
/// A process is killed here, not a machine: what the kernel has taken is not lost. That a commit
/// also waits for the disk is a setting of Postgres (`fsync`), which stays on.
final class KillDrill {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LONGEST_PEACE = 1_500;
  private static final int LONGEST_RECOVERY = 150;
  private static final int ROUNDS_BETWEEN_FULL_COMPARISONS = 20;
  private static final Set<BrokenPromise> NAMED =
      EnumSet.of(
          BrokenPromise.LOST,
          BrokenPromise.STORED_TWICE,
          BrokenPromise.UNANSWERED_AT_A_CLEAN_SHUTDOWN,
          BrokenPromise.DUPLICATE_OF_NOTHING);
  private static final Actor OPERATOR = Actor.operator("kill-drill");

  private final Deque<Runnable> undo = new ConcurrentLinkedDeque<>();
  private final Findings findings = new Findings();
  private final Ledger ledger = new Ledger(findings);
  private final Comparison comparison = new Comparison(ledger);
  private final PostgresProcess postgres;
  private final EmbeddedDatabase database;
  private final ApiProcess api;
  private final Load load;
  private final Random random;

  private KillDrill(Path folder, boolean durable, long seed) throws IOException, SQLException {
    random = new Random(seed);
    var project = Files.isDirectory(Path.of("all-in-one")) ? Path.of("") : Path.of("..");
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> undo(undo)));
    undo.push(() -> delete(folder));
    postgres = new PostgresProcess(folder, durable);
    undo.push(postgres::close);
    postgres.launch();
    postgres.awaitReady();
    System.setProperty("sourceblind.postgres", postgres.url());
    database = EmbeddedDatabase.fresh();
    var pepper = Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));
    api =
        new ApiProcess(
            project,
            folder,
            Map.of(
                "SPRING_DATASOURCE_URL",
                database.url(),
                "SPRING_DATASOURCE_USERNAME",
                Login.INGEST.sqlName(),
                "SPRING_DATASOURCE_PASSWORD",
                database.password(Login.INGEST),
                "IDENTITY_PEPPER",
                pepper,
                "INGEST_PERDEVICE",
                "1000000",
                "INGEST_PERORGANIZATION",
                "1000000"));
    undo.push(api::close);
    load = new Load(api.events(), new Samples(project, Clock.systemUTC()), ledger, findings, seed);
    enrol(pepper);
  }

  /// Runs the rounds and prints a line for each, and the values at the end.
  ///
  /// @param args a folder to work in, which is there, empty, and removed at the end; how many
  ///   rounds; `--forgetful` has Postgres acknowledge what it has not written, which must be found
  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]).toAbsolutePath();
    var rounds = Integer.parseInt(args[1]);
    var seed = new SecureRandom().nextLong();
    System.out.println("The seed is " + seed);
    var drill = new KillDrill(folder, !List.of(args).contains("--forgetful"), seed);
    try {
      drill.run(rounds);
    } catch (Exception failed) {
      System.out.println(drill.api.log());
      throw failed;
    }
    System.exit(0);
  }

  private void run(int rounds) throws Exception {
    var started = System.nanoTime();
    api.start();
    awaitRecoverySince(started);
    System.out.printf(Locale.ROOT, "up after %,d ms%n", millisSince(started));
    var number = 0;
    for (var blow : Blow.rounds(rounds, random)) {
      // Not a wait for anything: a moment that nobody chose.
      Thread.sleep(random.nextInt(LONGEST_PEACE));
      var struck = System.nanoTime();
      strike(blow);
      var recovered = millisSince(struck);
      compare(++number % ROUNDS_BETWEEN_FULL_COMPARISONS == 0);
      System.out.printf(
          Locale.ROOT,
          "round %d: %s; %,d acknowledged, %,d in doubt, recovered in %,d ms %s%n",
          number,
          blow,
          ledger.acknowledgements(),
          ledger.inDoubt(),
          recovered,
          findings.counts());
    }
    load.close();
    compare(true);
    System.out.println("requests: " + load.outcomes());
    System.out.println(findings);
    value("kill_rounds", number);
    value("acknowledged_events", ledger.acknowledgements());
    value("acknowledged_events_lost", findings.count(BrokenPromise.LOST));
    value("events_stored_twice", findings.count(BrokenPromise.STORED_TWICE));
    value(
        "clean_shutdown_unanswered", findings.count(BrokenPromise.UNANSWERED_AT_A_CLEAN_SHUTDOWN));
    value("duplicates_of_nothing", findings.count(BrokenPromise.DUPLICATE_OF_NOTHING));
    value("other_broken_promises", findings.countExcept(NAMED));
    value("cut_off_after_sigterm", load.cutOffAfterSigterm());
    findPlanted();
  }

  private void strike(Blow blow) throws Exception {
    switch (blow) {
      case POSTGRES_KILLED -> {
        postgres.kill();
        postgres.launch();
        postgres.awaitReady();
      }
      case POSTGRES_KILLED_IN_RECOVERY -> {
        postgres.kill();
        postgres.launch();
        Thread.sleep(random.nextInt(LONGEST_RECOVERY));
        postgres.kill();
        postgres.launch();
        postgres.awaitReady();
      }
      case POSTGRES_STOPPED_AT_ONCE -> {
        postgres.stopImmediately();
        postgres.launch();
        postgres.awaitReady();
      }
      case BACKEND_KILLED -> postgres.killABackend();
      case API_KILLED -> {
        api.kill();
        api.start();
      }
      case API_STOPPED -> {
        load.serviceIsEnding(true);
        api.stop();
        api.awaitEnd();
        load.serviceIsEnding(false);
        api.start();
      }
      case API_STOPPED_AT_WORK -> {
        stopAtWork();
        api.start();
      }
      case BOTH_KILLED -> {
        api.kill();
        postgres.kill();
        postgres.launch();
        postgres.awaitReady();
        api.start();
      }
    }
    awaitRecoverySince(System.nanoTime());
  }

  /// While somebody holds the events, batches wait in the API.
  private void stopAtWork() throws Exception {
    try (var holder = database.superuser().getConnection();
        var statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("lock table capture.event in exclusive mode");
      load.awaitBatchesAtWork();
      load.serviceIsEnding(true);
      api.stop();
      holder.rollback();
    }
    api.awaitEnd();
    load.serviceIsEnding(false);
    load.awaitAnswersOwed();
  }

  private void awaitRecoverySince(long moment) {
    load.awaitAnAnswerSince(moment, PATIENCE);
  }

  private void compare(boolean everything) throws SQLException {
    try (var superuser = database.superuser().getConnection()) {
      findings.addAll(everything ? comparison.ofAll(superuser) : comparison.ofWhatIsNew(superuser));
    }
  }

  /// Takes an acknowledged event away and stores another once more, under another organization: a
  /// drill that does not see that has shown nothing.
  private void findPlanted() throws SQLException {
    try (var superuser = database.superuser().getConnection();
        var statement = superuser.createStatement()) {
      superuser.setAutoCommit(false);
      var gone =
          idFrom(
              statement,
              "delete from capture.event where event_id = '%s' returning event_id"
                  .formatted(comparison.any().id()));
      statement.execute("create temporary table copied as select * from capture.event limit 1");
      statement.execute("update copied set org_id = gen_random_uuid()");
      var copied =
          idFrom(statement, "insert into capture.event select * from copied returning event_id");
      var found = comparison.ofAll(superuser);
      superuser.rollback();
      value("planted_loss_found", found.has(BrokenPromise.LOST, gone) ? 1 : 0);
      value("planted_copy_found", found.has(BrokenPromise.STORED_TWICE, copied) ? 1 : 0);
    }
  }

  private static UUID idFrom(Statement statement, String sql) throws SQLException {
    try (var row = statement.executeQuery(sql)) {
      row.next();
      return row.getObject(1, UUID.class);
    }
  }

  private void enrol(String pepper) {
    var clock = Clock.systemUTC();
    var audit = new AuditLog(clock);
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var organizations = new Organizations(identity, audit, new SecureRandom(), clock);
    var credentials = new Credentials(identity, Pepper.of(pepper), audit, clock);
    for (var organization : List.of("One", "Two")) {
      var id = organizations.create(organization, OPERATOR);
      for (var person = 0; person < 2; person++) {
        var somebody = person(organizations, id);
        load.add(device(credentials, somebody));
        load.addPair(device(credentials, somebody), device(credentials, somebody));
      }
    }
  }

  private static Sent.Owner person(Organizations organizations, UUID organization) {
    return new Sent.Owner(
        organization,
        organizations.addPerson(
            organization,
            null,
            "Somebody",
            UUID.randomUUID() + "@example.com",
            Role.ENGINEER,
            LocalDate.EPOCH,
            OPERATOR));
  }

  private static Load.Device device(Credentials credentials, Sent.Owner owner) {
    return new Load.Device(
        owner,
        credentials
            .mint(
                owner.organization(),
                owner.person(),
                CredentialKind.DEVICE,
                "drill",
                Duration.ofDays(1),
                OPERATOR)
            .secret());
  }

  private static void undo(Deque<Runnable> work) {
    while (!work.isEmpty()) {
      work.pop().run();
    }
  }

  private static void delete(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException failed) {
      System.err.printf("%s is left behind: %s%n", folder, failed);
    }
  }

  private static long millisSince(long moment) {
    return (System.nanoTime() - moment) / 1_000_000;
  }

  private static void value(String name, long value) {
    System.out.printf(Locale.ROOT, "value %s %d%n", name, value);
  }
}
