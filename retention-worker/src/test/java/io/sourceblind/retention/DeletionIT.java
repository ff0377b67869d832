// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/// What somebody asks to be deleted is gone, all of it and nothing else.
class DeletionIT {
  private static final String CANARY = "the canary of somebody sings at noon";

  private Archive archive;
  private LocalDate today;
  private LocalDate monday;
  private UUID organization;
  private UUID somebody;

  @BeforeEach
  void start() {
    archive = new Archive();
    today = archive.today;
    monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    organization = archive.organization(90);
    somebody = archive.person(organization);
    for (var age = 1; age <= 3; age++) {
      archive.words(organization, somebody, today.minusDays(age), CANARY);
      archive.event(organization, today.minusDays(age));
    }
    archive.sum(organization, monday);
    archive
        .superuser
        .sql(
            """
            insert into release.person_week (org_id, person_id, week, metric, value)
            values (:org, :person, :week, 'prompts', 3)
            """)
        .param("org", organization)
        .param("person", somebody)
        .param("week", monday)
        .update();
  }

  @AfterEach
  void stop() {
    archive.close();
  }

  @Test
  void aPersonsDataGoesAndNobodyElses() {
    archive.deletions().run(archive.deletion(organization, somebody, true));

    assertThat(rows("capture.event", somebody)).isZero();
    assertThat(rows("release.person_week", somebody)).isZero();
    assertThat(rows("capture.event", organization)).isEqualTo(3);
    assertThat(rows("release.person_week", organization)).isOne();
  }

  @Test
  void anOrganizationsDataGoesAndNoOtherOrganizations() {
    var other = archive.organization(90);
    archive.event(other, today.minusDays(1));

    archive.deletions().run(archive.deletion(organization, null, true));

    assertThat(archive.days(organization)).isEmpty();
    assertThat(archive.weeks(organization)).isEmpty();
    assertThat(archive.days(other)).hasSize(1);
  }

  @Test
  void itSaysWhatWentInItsRowAndInTheLogWithoutANameOfAPerson() {
    var deletion = archive.deletion(organization, somebody, true);

    archive.deletions().run(deletion);

    var row =
        archive
            .superuser
            .sql(
                "select events, sums, cardinality(days) as days, done_at is not null as done from"
                    + " identity.deletion")
            .query()
            .singleRow();
    assertThat(row)
        .containsEntry("events", 3L)
        .containsEntry("sums", 1L)
        .containsEntry("days", 3)
        .containsEntry("done", true);
    assertThat(archive.log(organization))
        .allSatisfy(entry ->
            assertThat(entry)
                .contains("\"target\":\"deletion:" + deletion.deletion())
                .doesNotContain(somebody.toString()));
    assertThat(archive.log(organization).getLast())
        .contains("\"action\":\"deletion.done\"")
        .doesNotContain("events", "sums");
  }

  @Test
  void ofAnOrganizationTheLogSaysHowMuchWent() {
    archive.deletions().run(archive.deletion(organization, null, true));

    assertThat(archive.log(organization).getLast())
        .contains("\"action\":\"deletion.done\"", "\"events\":6", "\"sums\":2");
  }

  @Test
  void withoutAConfirmationNothingGoes() {
    var deletion = archive.deletion(organization, somebody, false);

    archive.deletions().run(deletion);

    assertThat(archive.deletions().waiting()).isEmpty();
    assertThat(rows("capture.event", somebody)).isEqualTo(3);
    assertThatThrownBy(() -> asWorker(organization, deletion.deletion()))
        .rootCause()
        .hasMessageContaining("there is no confirmed deletion");
    // The twin: the same step, confirmed.
    archive.superuser.sql("update identity.deletion set confirmed_at = asked_at").update();
    assertThat(asWorker(organization, deletion.deletion())).isPositive();
  }

  @Test
  void aDeletionOfAnotherOrganizationOpensNothing() {
    var other = archive.organization(90);
    var deletion = archive.deletion(other, null, true);

    assertThatThrownBy(() -> asWorker(organization, deletion.deletion()))
        .rootCause()
        .hasMessageContaining("there is no confirmed deletion");
    archive.deletions().run(deletion);

    assertThat(archive.days(organization)).hasSize(6);
    // The twin: what keeps it there is the organization of the row, which the policy asks for.
    archive.weaken(
        """
        create or replace function identity.running_deletion(wanted uuid) returns identity.deletion
          language sql stable security definer set search_path = pg_catalog
          as $$ select d from identity.deletion d where d.id = wanted $$
        """);
    assertThat(asWorker(organization, deletion.deletion())).isZero();
    archive.weaken(
        """
        alter policy deletion_on_request on capture.event using (true);
        alter policy deletion_on_request_deletes on capture.event using (true);
        """);
    archive.event(other, today.minusDays(1));
    assertThat(asWorker(organization, deletion.deletion())).isOne();
  }

  @Test
  void whatComesInAfterwardsStays() {
    var deletion = archive.deletion(organization, somebody, true);
    archive
        .superuser
        .sql(
            """
            update capture.event set received_at = now()
             where person_id = :person and occurred_on = :day
            """)
        .param("person", somebody)
        .param("day", today.minusDays(1))
        .update();

    archive.deletions().run(deletion);

    assertThat(rows("capture.event", somebody)).isOne();
  }

  @Test
  void aDeletionThatWasInterruptedGoesOn() {
    var deletion = archive.deletion(organization, somebody, true);
    archive.weaken(
        """
        create function public.fail() returns trigger language plpgsql as
          $$ begin raise exception 'broken'; end $$;
        create trigger fail after delete on release.person_week
          for each row execute function public.fail()
        """);
    assertThatThrownBy(() -> archive.deletions().run(deletion))
        .isInstanceOf(DataAccessException.class);
    assertThat(archive.deletions().waiting()).containsExactly(deletion);

    archive.weaken("drop trigger fail on release.person_week");
    archive.deletions().run(deletion);

    assertThat(archive.deletions().waiting()).isEmpty();
    assertThat(rows("release.person_week", somebody)).isZero();
    assertThat(
            archive
                .superuser
                .sql("select events from identity.deletion")
                .query(Long.class)
                .single())
        .isEqualTo(3);
  }

  @Test
  void aRollUpThatIsUnderWayIsWaitedFor() throws SQLException {
    var deletion = archive.deletion(organization, somebody, true);
    try (var rollUp = archive.database.superuser().getConnection();
        var statement = rollUp.createStatement()) {
      rollUp.setAutoCommit(false);
      statement.execute(
          "select pg_advisory_xact_lock(hashtextextended('analytics:%s', 0))"
              .formatted(organization));

      assertThatThrownBy(() -> impatiently(deletion)).hasStackTraceContaining("lock timeout");
      rollUp.rollback();
    }

    assertThat(impatiently(deletion)).isOne();
  }

  @Test
  void whatIsOnItsWayWhenItIsConfirmedIsWaitedForAndGoes() throws SQLException {
    var deletion = archive.deletion(organization, somebody, true);
    try (var adding = archive.database.superuser().getConnection()) {
      addWithoutCommitting(adding, "select capture.begin_to_add()");

      assertThatThrownBy(() -> archive.deletions().run(deletion))
          .hasStackTraceContaining("lock timeout");
      assertThat(archive.deletions().waiting()).containsExactly(deletion);
      adding.commit();
    }
    archive.deletions().run(deletion);

    assertThat(rows("capture.event", somebody)).isZero();
  }

  @Test
  void withoutSayingSoWhatIsOnItsWayWouldStay() throws SQLException {
    try (var adding = archive.database.superuser().getConnection()) {
      addWithoutCommitting(adding, "select 'nothing said'");
      archive.deletions().run(archive.deletion(organization, somebody, true));
      adding.commit();
    }

    assertThat(rows("capture.event", somebody)).isOne();
  }

  private void addWithoutCommitting(Connection adding, String first) throws SQLException {
    adding.setAutoCommit(false);
    try (var statement = adding.createStatement()) {
      statement.execute("set local app.org_id = '%s'".formatted(organization));
      statement.execute(first);
      statement.execute("set local session_replication_role = replica");
      statement.execute(
          """
          insert into capture.event
          select copy.*
            from capture.event e,
                 jsonb_populate_record(e, jsonb_build_object(
                   'event_id', overlay(e.event_id::text placing '000' from 34))) copy
           where e.person_id = '%s'
           limit 1
          """
              .formatted(somebody));
    }
  }

  @Test
  void releasedNumbersGoOnlyWithAnOrganizationThatLeaves() {
    var other = archive.organization(90);
    for (var one : new UUID[] {organization, other}) {
      archive.released(one, monday.minusWeeks(8));
    }
    archive.deletions().run(archive.deletion(organization, null, true));
    assertThat(numbers(organization)).isEqualTo(2);
    assertThatThrownBy(() -> archive.superuser.sql("delete from release.released_cell").update())
        .hasStackTraceContaining("a released cell never changes");
    assertThatThrownBy(
            () -> archive.superuser.sql("delete from release.organization_line").update())
        .hasStackTraceContaining("a released cell never changes");

    var leaving = archive.deletion(organization, null, false);
    archive
        .superuser
        .sql("update identity.deletion set released = true where not released and done_at is null")
        .update();
    archive
        .superuser
        .sql("update identity.deletion set confirmed_at = asked_at where done_at is null")
        .update();
    assertThatThrownBy(
            () -> archive.superuser.sql("update release.organization_line set value = 3").update())
        .hasStackTraceContaining("a released cell never changes");
    archive.deletions().run(leaving);

    assertThat(numbers(organization)).isZero();
    assertThat(numbers(other)).isEqualTo(2);
    for (var table : List.of("note", "note_sentence", "narration")) {
      assertThat(
              archive.superuser.sql("select org_id from release." + table).query(UUID.class).list())
          .as(table)
          .containsExactly(other);
    }
    assertThat(archive.log(organization))
        .anySatisfy(entry ->
            assertThat(entry).contains("\"action\":\"deletion.numbers_deleted\"", "\"cells\":2"));
    assertThatThrownBy(() ->
            archive
                .superuser
                .sql(
                    "update identity.deletion set released = true, scope = 'person', person_id = org_id")
                .update())
        .hasStackTraceContaining("only_an_organization_leaves");
  }

  private int numbers(UUID organization) {
    return archive
        .superuser
        .sql(
            """
            select (select count(*) from release.released_cell where org_id = :org)
                 + (select count(*) from release.organization_line where org_id = :org)
            """)
        .param("org", organization)
        .query(Integer.class)
        .single();
  }

  @Test
  void aRestoreKnowsThatTheNumbersWent(@TempDir Path folder) throws IOException {
    archive.ledger = new Ledger(Files.createFile(folder.resolve("ledger")).toString());
    archive.deletion(organization, null, true);
    archive.superuser.sql("update identity.deletion set released = true").update();
    archive.deletions().waiting().forEach(archive.deletions()::run);
    archive.superuser.sql("delete from identity.deletion").update();
    archive.released(organization, monday.minusWeeks(8));

    assertThat(archive.replay().run()).isOne();
    archive.deletions().waiting().forEach(archive.deletions()::run);

    assertThat(numbers(organization)).isZero();
  }

  @Test
  void thePersonalPartsOfTheirEntriesAreErased() {
    for (var person : new UUID[] {somebody, organization}) {
      TenantScope.callAs(
          Tenant.of(organization),
          () ->
              archive
                  .database
                  .as(DatabaseRole.IDENTITY_API)
                  .inTransaction(jdbc ->
                      new AuditLog(Clock.systemUTC())
                          .append(
                              jdbc,
                              new AuditEntry(
                                  organization,
                                  Actor.person(person),
                                  "signed.in",
                                  "browser",
                                  Outcome.DONE,
                                  Map.of()),
                              Map.of("ip", "203.0.113.77"))));
    }

    archive.deletions().run(archive.deletion(organization, somebody, true));

    assertThat(
            archive
                .superuser
                .sql("select count(*) from audit.private_part")
                .query(Integer.class)
                .single())
        .isOne();
    assertThat(archive.log(organization))
        .anySatisfy(
            entry -> assertThat(entry).contains("\"action\":\"private.erased\"", "\"parts\":1"));
  }

  @Test
  void aSpoiledEntryStopsNoDeletionAndLosesItsPersonalPart() {
    archive
        .superuser
        .sql(
            """
            with spoiled as (
              insert into audit.entry (entry_uid, org_id, action, leaf)
              values (gen_random_uuid(), :org, 'deletion.done', '\\xff00fe')
              returning entry_uid)
            insert into audit.private_part (org_id, entry_uid, name, salt, value)
            select :org, entry_uid, 'ip', decode(repeat('00', 32), 'hex'), 'secret' from spoiled
            """)
        .param("org", organization)
        .update();
    var deletion = archive.deletion(organization, somebody, true);

    archive.deletions().run(deletion);

    assertThat(rows("capture.event", somebody)).isZero();
    assertThat(
            archive
                .superuser
                .sql("select count(*) from audit.private_part")
                .query(Long.class)
                .single())
        .isZero();
    long certified =
        TenantScope.callAs(
            Tenant.of(organization),
            () ->
                archive
                    .database
                    .as(DatabaseRole.MANAGER_API)
                    .inTransaction(jdbc ->
                        jdbc.sql("select count(*) from identity.entries_of_deletion(:id)")
                            .param("id", deletion.deletion())
                            .query(Long.class)
                            .single()));
    assertThat(certified).isPositive();
  }

  @Test
  void noFileOfTheDatabaseHoldsTheirWordsOnceItsTablesAreWrittenAnew() throws IOException {
    var files = new JdbcTemplate(archive.database.superuser());
    files.execute("checkpoint");
    assertThat(filesWith(CANARY)).isNotEmpty();

    archive.deletions().run(archive.deletion(organization, somebody, true));
    files.execute("vacuum full");
    files.execute("checkpoint");

    assertThat(filesWith(CANARY)).isEmpty();
    assertThat(EmbeddedDatabase.serverLog()).doesNotContain(CANARY);
  }

  @Test
  void theWorkerDoesWhatIsConfirmedAndKeepsNoEnvelope() throws InterruptedException {
    var deletion = archive.deletion(organization, somebody, true);
    try (var worker =
        new SpringApplicationBuilder(RetentionWorker.class)
            .properties("spring.config.name=retention-worker")
            .run(
                archive.database.propertiesFor(Login.RETENTION).entrySet().stream()
                    .map(property -> "--" + property.getKey() + "=" + property.getValue())
                    .toArray(String[]::new))) {
      assertThat(worker.isRunning()).isTrue();
      var until = Instant.now().plus(Duration.ofSeconds(60));
      while ((!archive.deletions().waiting().isEmpty() || archive.jobs().contains("delete"))
          && Instant.now().isBefore(until)) {
        Thread.sleep(200);
      }

      assertThat(archive.deletions().waiting()).doesNotContain(deletion);
      assertThat(archive.jobs()).doesNotContain("delete");
    }
    assertThat(rows("capture.event", somebody)).isZero();
  }

  @Test
  void whatWasDeletedAndLetGoIsDeletedAgainInADatabaseThatHasForgotten(@TempDir Path folder)
      throws IOException {
    archive.ledger = new Ledger(Files.createFile(folder.resolve("ledger")).toString());
    archive.keepFor(30, organization);
    archive.sweep().runOnce();
    archive.deletions().run(archive.deletion(organization, somebody, true));
    // As after a restore: the row of the deletion, the day and the data are as they were before.
    archive.superuser.sql("delete from identity.deletion").update();
    archive.superuser.sql("delete from release.let_go").update();
    archive.keepFor(90, organization);
    archive.superuser.sql("delete from release.let_go").update();
    archive.event(organization, today.minusDays(40));
    archive.words(organization, somebody, today.minusDays(2), CANARY);

    // The twin: a sweep and what waits alone know nothing of it.
    archive.sweep().runOnce();
    assertThat(archive.deletions().waiting()).isEmpty();
    assertThat(rows("capture.event", somebody)).isOne();
    assertThat(archive.days(organization)).contains(today.minusDays(40));

    archive.superuser.sql("delete from release.let_go").update();
    assertThat(archive.replay().run()).isEqualTo(2);
    archive.sweep().runOnce();
    archive.deletions().waiting().forEach(archive.deletions()::run);

    assertThat(rows("capture.event", somebody)).isZero();
    assertThat(archive.days(organization)).doesNotContain(today.minusDays(40));
    assertThat(archive.replay().run()).isZero();
    assertThat(archive.log(organization))
        .anySatisfy(entry -> assertThat(entry).contains("\"action\":\"deletion.replayed\""))
        .anySatisfy(entry -> assertThat(entry).contains("\"action\":\"retention.replayed\""));
  }

  @Test
  void aDeletionThatTheBackupKnowsAsAskedForIsConfirmedAgain(@TempDir Path folder)
      throws IOException {
    archive.ledger = new Ledger(Files.createFile(folder.resolve("ledger")).toString());
    archive.deletions().run(archive.deletion(organization, somebody, true));
    archive
        .superuser
        .sql("update identity.deletion set confirmed_at = null, begun_at = null, done_at = null")
        .update();
    archive.words(organization, somebody, today.minusDays(2), CANARY);

    assertThat(archive.replay().run()).isOne();
    archive.deletions().waiting().forEach(archive.deletions()::run);

    assertThat(rows("capture.event", somebody)).isZero();
  }

  @Test
  void aLedgerThatIsNotThereIsNotAnEmptyOne(@TempDir Path folder) throws IOException {
    var file = folder.resolve("ledger");
    assertThatThrownBy(() -> new Ledger(file.toString()))
        .hasMessageContaining("retention.ledger names no file")
        .hasMessageNotContaining(folder.toString());
    assertThatThrownBy(() -> new RetentionSettings(1, Duration.ZERO, 1, "", true))
        .hasMessageContaining("needs retention.ledger");

    Files.createFile(file);

    assertThat(new Ledger(file.toString()).lines()).isEmpty();
  }

  @Test
  void aLineThatACrashCutOffIsNoLineAndTheNextOneIsWhole(@TempDir Path folder) throws IOException {
    var file = Files.createFile(folder.resolve("ledger"));
    var ledger = new Ledger(file.toString());
    var line = new Ledger.Line.LetGo(organization, today);
    ledger.keep(line);
    Files.writeString(file, "let-go 01", StandardOpenOption.APPEND);

    assertThat(ledger.lines()).containsExactly(line);
    ledger.keep(line);

    assertThat(ledger.lines()).containsExactly(line, line);
  }

  @Test
  void nothingIsDoneWhileSomethingOfItIsThere() {
    var deletion = archive.deletion(organization, somebody, true);
    archive.superuser.sql("update identity.deletion set begun_at = confirmed_at").update();

    assertThat(finished(deletion)).isFalse();
    archive
        .superuser
        .sql("delete from capture.event where person_id = :person")
        .param("person", somebody)
        .update();

    assertThat(finished(deletion)).isTrue();
    assertThatThrownBy(() ->
            TenantScope.callAs(
                Tenant.of(organization),
                () ->
                    archive
                        .database
                        .as(DatabaseRole.RETENTION)
                        .inTransaction(jdbc ->
                            jdbc.sql("update identity.deletion set done_at = null").update())))
        .hasStackTraceContaining("permission denied");
  }

  private boolean finished(Envelope deletion) {
    return TenantScope.<Boolean, RuntimeException>callAs(
        Tenant.of(deletion.organization()),
        () ->
            archive
                .database
                .as(DatabaseRole.RETENTION)
                .inTransaction(jdbc ->
                    jdbc.sql("select identity.finish_deletion(:id)")
                        .param("id", deletion.deletion())
                        .query(Boolean.class)
                        .single()));
  }

  @Test
  void anEnvelopeHoldsIdsAndNothingElse() {
    var insert =
        """
        insert into jobs.scheduled_task
          (task_name, task_instance, task_data, execution_time, picked, version)
        values ('delete', :ids, :data, now(), false, 1)
        """;

    assertThatThrownBy(
            () -> archive.superuser.sql(insert).param("ids", CANARY).param("data", null).update())
        .rootCause()
        .hasMessageContaining("\"ids\"");
    assertThatThrownBy(() ->
            archive
                .superuser
                .sql(insert)
                .param("ids", somebody + "/" + somebody)
                .param("data", CANARY.getBytes(UTF_8))
                .update())
        .rootCause()
        .hasMessageContaining("\"nothing\"");
  }

  @Test
  void anEnvelopeLivesADayAndOneThatFailedSeven() {
    envelope("25 hours", 0);
    envelope("23 hours", 0);
    envelope("6 days", 3);
    envelope("8 days", 3);

    var sweep = archive.sweep();
    var pool = archive.database.pool(Login.RETENTION);
    pool.setConnectionInitSql("set role retention");
    try (pool;
        var jobs =
            new Jobs(
                pool,
                archive.database.as(DatabaseRole.RETENTION),
                archive.replay(),
                sweep,
                archive.deletions(),
                new RetentionSettings(1, Duration.ZERO, 10, "", false),
                Clock.systemUTC())) {
      assertThat(jobs.tidy()).isEqualTo(2);
    }
    assertThat(archive.jobs()).hasSize(2);
  }

  private void envelope(String age, int failures) {
    archive
        .superuser
        .sql(
            """
            insert into jobs.scheduled_task (task_name, task_instance, execution_time, picked,
              version, consecutive_failures, added_at)
            values ('delete', gen_random_uuid() || '/' || gen_random_uuid(), now(), false, 1,
              :failures, now() - cast(:age as interval))
            """)
        .param("failures", failures)
        .param("age", age)
        .update();
  }

  private long impatiently(Envelope deletion) {
    return TenantScope.<Long, RuntimeException>callAs(
        Tenant.of(organization),
        () ->
            archive
                .database
                .as(DatabaseRole.RETENTION)
                .inTransaction(jdbc -> {
                  jdbc.sql("set local lock_timeout = '100ms'").update();
                  return jdbc.sql("select identity.delete_sums(:id)")
                      .param("id", deletion.deletion())
                      .query(Long.class)
                      .single();
                }));
  }

  private long asWorker(UUID organization, UUID deletion) {
    return TenantScope.<Long, RuntimeException>callAs(
        Tenant.of(organization),
        () ->
            archive
                .database
                .as(DatabaseRole.RETENTION)
                .inTransaction(jdbc ->
                    jdbc.sql(
                            "select coalesce(sum(events), 0) from identity.delete_events(:id, 100)")
                        .param("id", deletion)
                        .query(Long.class)
                        .single()));
  }

  private int rows(String table, UUID person) {
    return archive
        .superuser
        .sql("select count(*) from %s where person_id = :person".formatted(table))
        .param("person", person)
        .query(Integer.class)
        .single();
  }

  /// The files of this database's tables and indexes that hold the words.
  private List<Path> filesWith(String words) throws IOException {
    var folder =
        archive
            .superuser
            .sql(
                """
                select current_setting('data_directory') || '/base/' || oid
                  from pg_database where datname = current_database()
                """)
            .query(String.class)
            .single();
    try (var files = Files.list(Path.of(folder))) {
      return files
          .filter(file -> {
            try {
              return new String(Files.readAllBytes(file), ISO_8859_1).contains(words);
            } catch (IOException unreadable) {
              throw new UncheckedIOException(unreadable);
            }
          })
          .toList();
    }
  }
}
