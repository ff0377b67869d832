// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Keeping;
import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Receipts;
import io.sourceblind.audit.verify.NoteVerify;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;

/// Asking for a deletion, confirming it, and taking data along.
class DeletionPagesIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final World WORLD = new World(CLOCK);
  private static final UUID OURS = WORLD.organization();
  private static final UUID TEAM = WORLD.team(OURS, "Payments");
  private static final UUID ENGINEER = WORLD.engineer(OURS, TEAM, "One");
  private static final UUID COLLEAGUE = WORLD.engineer(OURS, TEAM, "Other");
  private static final UUID MANAGER = WORLD.person(OURS, null, "Manager", Role.OWNER);
  private static final UUID THEIRS = WORLD.organization();
  private static final UUID THEIR_MANAGER = WORLD.person(THEIRS, null, "Theirs", Role.OWNER);
  private static final Pages PAGES = start();
  private static final Pass AS_ENGINEER = session(OURS, ENGINEER);
  private static final Pass AS_COLLEAGUE = session(OURS, COLLEAGUE);
  private static final Pass AS_MANAGER = session(OURS, MANAGER);

  private static Pages start() {
    var at = CLOCK.instant().minus(Duration.ofDays(2));
    for (var person : new UUID[] {ENGINEER, COLLEAGUE}) {
      WORLD.event(OURS, person, at, "session.started", UUID.randomUUID(), Map.of());
    }
    WORLD.event(
        OURS,
        ENGINEER,
        at.plusSeconds(5),
        "rationale.recorded",
        null,
        Map.of("text", "Because it was slow, says everybody."));
    WORLD.store();
    WORLD.rollUp(OURS);
    return Pages.over(WORLD);
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void anEngineerAsksAndThenConfirms() {
    var place = ask("/me/deletion", Map.of(), AS_ENGINEER);

    assertThat(PAGES.get(place, AS_ENGINEER).body())
        .contains("Not confirmed yet", "Delete for good");
    assertThat(confirmedAt(place)).isNull();
    assertThat(PAGES.post(place, Map.of(), AS_ENGINEER).statusCode()).isEqualTo(302);
    assertThat(PAGES.get(place, AS_ENGINEER).body())
        .contains("Confirmed; begins within a minute")
        .doesNotContain("Delete for good");
    assertThat(confirmedAt(place)).isNotNull();
    assertThat(actionsAbout(place)).isEqualTo("deletion.asked,deletion.confirmed");
  }

  @Test
  void whatSomebodyElseAskedForIsNotThere() {
    var place = ask("/me/deletion", Map.of(), AS_ENGINEER);
    var asManager = place.replace("/me/deletion", "/data/deletion");

    assertThat(PAGES.get(place, AS_COLLEAGUE).statusCode()).isEqualTo(404);
    assertThat(PAGES.post(place, Map.of(), AS_COLLEAGUE).statusCode()).isEqualTo(404);
    assertThat(PAGES.get(asManager, AS_MANAGER).statusCode()).isEqualTo(404);
    assertThat(PAGES.post(asManager, Map.of(), AS_MANAGER).statusCode()).isEqualTo(404);
    assertThat(confirmedAt(place)).isNull();
  }

  @Test
  void anAdministratorAsksForAPersonOrForEverybody() {
    for (var address : new String[] {"One@Example.com", ""}) {
      var place = ask("/data", Map.of("address", address), AS_MANAGER);

      assertThat(PAGES.post(place, Map.of(), AS_MANAGER).statusCode()).isEqualTo(302);
      assertThat(PAGES.get(place, AS_MANAGER).body())
          .contains(address.isEmpty() ? "All data of the organization" : "One person");
      assertThat(PAGES.get(place, session(THEIRS, THEIR_MANAGER)).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void anOrganizationThatLeavesTakesItsReleasedNumbersWithIt() {
    var stays = ask("/data", Map.of("address", ""), AS_MANAGER);
    var leaves = ask("/data", Map.of("address", "", "released", "true"), AS_MANAGER);

    assertThat(PAGES.get(stays, AS_MANAGER).body())
        .doesNotContain("every number that was released");
    assertThat(PAGES.get(leaves, AS_MANAGER).body())
        .contains("and its released numbers", "every number that was released");
    assertThat(
            WORLD
                .superuser()
                .sql("select released from identity.deletion where id = :id")
                .param("id", id(leaves))
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void anAddressOfNobodyAndOfAnotherOrganizationIsNotThere() {
    for (var address : new String[] {"nobody@example.com", "theirs@example.com", "x"}) {
      assertThat(PAGES.post("/data", Map.of("address", address), AS_MANAGER).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void aConfirmationThatComesTooLateConfirmsNothing() {
    var place = ask("/me/deletion", Map.of(), AS_ENGINEER);
    WORLD
        .superuser()
        .sql(
            "update identity.deletion set asked_at = asked_at - interval '16 minutes' where id ="
                + " :id")
        .param("id", id(place))
        .update();

    assertThat(PAGES.post(place, Map.of(), AS_ENGINEER).statusCode()).isEqualTo(404);
    assertThat(PAGES.get(place, AS_ENGINEER).body()).contains("nothing was deleted");
    assertThat(confirmedAt(place)).isNull();
  }

  @Test
  void whatIsDoneIsCertifiedAndTheCertificateIsCheckedOffline(@TempDir Path folder)
      throws IOException, InterruptedException {
    var place = ask("/me/deletion", Map.of(), AS_ENGINEER);
    PAGES.post(place, Map.of(), AS_ENGINEER);
    assertThat(PAGES.get(place + "/certificate", AS_ENGINEER).statusCode()).isEqualTo(404);
    WORLD
        .superuser()
        .sql(
            """
            update identity.deletion
               set begun_at = confirmed_at, done_at = confirmed_at, events = 2, sums = 7,
                   days = '{2026-11-01,2026-11-02}'
             where id = :id
            """)
        .param("id", id(place))
        .update();
    // The row alone is not enough: what the log does not say is done is not certified.
    says(place, "deletion.begun");
    try (var _ =
        Keeping.order(WORLD.database().as(DatabaseRole.AUDIT_SEQUENCER), Clock.systemUTC())) {
      var until = CLOCK.instant().plusSeconds(30);
      while (unplaced() > 0 && CLOCK.instant().isBefore(until)) {
        Thread.sleep(100);
      }
      assertThat(PAGES.get(place + "/certificate", AS_ENGINEER).statusCode()).isEqualTo(404);
      says(place, "deletion.done");
      while (PAGES.get(place + "/certificate", AS_ENGINEER).statusCode() != 200
          && CLOCK.instant().isBefore(until)) {
        Thread.sleep(100);
      }
    }

    var certificate = PAGES.get(place + "/certificate", AS_ENGINEER);
    var note = Files.writeString(folder.resolve("certificate.txt"), certificate.body());
    var key =
        Files.writeString(
            folder.resolve("receipts.vkey"),
            Receipts.signedWith(World.RECEIPT_KEY, new Logs("audit.example.com")).publicKey());

    assertThat(certificate.body())
        .contains(
            "deletion " + id(place),
            "deleted capture.event rows 2\n",
            "deleted release.person_week rows 7\n",
            "partitions 2 capture.event_20261101,capture.event_20261102\n",
            "deletion.asked",
            "deletion.confirmed")
        .containsPattern("audit_entry [0-9]+ deletion.asked [0-9a-f-]{36} [0-9a-f]{64}\n")
        .contains("gone_from_backups_by " + LocalDate.ofInstant(CLOCK.instant(), UTC).plusDays(22));
    assertThat(checked(note, key)).isZero();
    Files.writeString(note, certificate.body().replace("rows 2", "rows 3"));
    assertThat(checked(note, key)).isOne();
    assertThat(PAGES.get(place + "/certificate", AS_COLLEAGUE).statusCode()).isEqualTo(404);
  }

  @Test
  void howMuchAPersonHadIsToldToThatPersonOnly() {
    var place = ask("/data", Map.of("address", "one@example.com"), AS_MANAGER);
    PAGES.post(place, Map.of(), AS_MANAGER);
    WORLD
        .superuser()
        .sql("update identity.deletion set events = 4711, days = '{2026-11-03}' where id = :id")
        .param("id", id(place))
        .update();

    var page = PAGES.get(place, AS_MANAGER).body();

    assertThat(page).contains("Confirmed", "own number").doesNotContain("4,711");
    assertThatThrownBy(() -> counts(WORLD, "select events from identity.deletion"))
        .hasStackTraceContaining("permission denied");
    assertThat(
            counts(
                WORLD, "select events from identity.counts_of_deletion('%s')".formatted(id(place))))
        .isEmpty();
    // The twin: who may read the column reads the number.
    WORLD.superuser().sql("grant select (events) on identity.deletion to manager_api").update();
    assertThat(counts(WORLD, "select events from identity.deletion")).contains(4711L);
    WORLD.superuser().sql("revoke select (events) on identity.deletion from manager_api").update();
  }

  private static List<Long> counts(World world, String select) {
    return world.as(
        DatabaseRole.MANAGER_API, OURS, MANAGER, jdbc -> jdbc.sql(select).query(Long.class).list());
  }

  private static void says(String place, String action) {
    WORLD.as(
        DatabaseRole.RETENTION,
        OURS,
        ENGINEER,
        jdbc ->
            new AuditLog(CLOCK)
                .append(
                    jdbc,
                    new AuditEntry(
                        OURS,
                        Actor.job("retention"),
                        action,
                        "deletion:" + id(place),
                        Outcome.DONE,
                        Map.of())));
  }

  private static long unplaced() {
    return WORLD
        .superuser()
        .sql(
            """
            select count(*) from audit.entry e
             where not exists (select from audit.leaf l where l.entry_id = e.id)
            """)
        .query(Long.class)
        .single();
  }

  private static int checked(Path note, Path key) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    return NoteVerify.run(nowhere, nowhere, note.toString(), key.toString());
  }

  @Test
  void theDatabaseLetsAnEngineerAskForNobodyElseAndWithoutThePolicyItWould() {
    assertThatThrownBy(() -> insert(WORLD, OURS, ENGINEER, COLLEAGUE))
        .rootCause()
        .hasMessageContaining("row-level security");

    try (var weakened = new World(CLOCK)) {
      var organization = weakened.organization();
      var one = weakened.engineer(organization, weakened.team(organization, "Team"), "One");
      weakened
          .superuser()
          .sql("alter policy an_engineer_deletes_their_own on identity.deletion with check (true)")
          .update();

      assertThat(insert(weakened, organization, one, UUID.randomUUID())).isOne();
    }
  }

  @Test
  void anEngineerTakesAlongAllThatIsHeldOfThemAndNothingElse() {
    var lines = PAGES.get("/me/export.jsonl", AS_ENGINEER);
    var table = PAGES.get("/me/export.csv", AS_ENGINEER);

    assertThat(lines.statusCode()).isEqualTo(200);
    assertThat(lines.body().lines().filter(line -> line.contains("event_id"))).hasSize(2);
    assertThat(lines.body())
        .contains("\"metric\" : \"active_days\"", "Because it was slow, says everybody.")
        .doesNotContain(COLLEAGUE.toString());
    assertThat(table.body().lines()).hasSize(3);
    assertThat(table.body())
        .startsWith("org_id,person_id,occurred_on,")
        .contains("\"Because it was slow, says everybody.\"")
        .doesNotContain(COLLEAGUE.toString());
    for (var answer : new HttpResponse<?>[] {lines, table}) {
      assertThat(answer.headers().firstValue("Audit-Receipt")).isPresent();
    }
    assertThat(
            WORLD
                .superuser()
                .sql("select count(*) from audit.entry where action = 'export.finished'")
                .query(Integer.class)
                .single())
        .isGreaterThanOrEqualTo(2);
  }

  @Test
  void whoeverTakesItSlowlyHoldsNoTransactionOpen() throws IOException {
    var organization = WORLD.organization();
    var somebody = WORLD.engineer(organization, WORLD.team(organization, "Slow"), "Slow");
    var at = CLOCK.instant().minus(Duration.ofDays(1));
    WORLD.event(organization, somebody, at, "session.started", UUID.randomUUID(), Map.of());
    WORLD.store();
    WORLD
        .superuser()
        .sql(
            """
            insert into capture.event
            select copy.*
              from capture.event e, generate_series(1, 20000) n,
                   jsonb_populate_record(e, jsonb_build_object(
                     'event_id', overlay(e.event_id::text placing (50000000 + n)::text from 29))) copy
             where e.org_id = :org
            """)
        .param("org", organization)
        .update();

    try (var slow = PAGES.stream("/me/export.jsonl", session(organization, somebody))) {
      assertThat(slow.read()).isEqualTo('{');

      assertThat(
              WORLD
                  .superuser()
                  .sql(
                      """
                      select count(*) from pg_stat_activity
                       where datname = current_database() and pid <> pg_backend_pid()
                         and state like 'idle in transaction%'
                      """)
                  .query(Integer.class)
                  .single())
          .isZero();
      assertThat(
              WORLD
                  .superuser()
                  .sql(
                      "select count(*) from audit.entry where action = 'export.finished' and org_id"
                          + " = :org")
                  .param("org", organization)
                  .query(Integer.class)
                  .single())
          .isZero();
    }
  }

  @Test
  void anOrganizationTakesAlongItsSettingsAndNothingThatWasCaptured() {
    var export = PAGES.get("/data/export.jsonl", AS_MANAGER);

    assertThat(export.body())
        .contains("\"type\" : \"organization\"", "\"type\" : \"team\"", "one@example.com")
        .doesNotContain("event_id", "slow", "theirs@example.com");
    assertThat(PAGES.get("/data/export.jsonl", AS_ENGINEER).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/me/export.jsonl", AS_MANAGER).body()).isEmpty();
  }

  @Test
  void aWindowThatIsTooShortForNumbersIsSaidSo() {
    var before = PAGES.get("/data", AS_MANAGER).body();
    keep(10);
    var after = PAGES.get("/data", AS_MANAGER).body();
    keep(90);

    assertThat(before).contains("90 days").doesNotContain("no team numbers are released");
    assertThat(after).contains("10 days", "no team numbers are released");
  }

  @Test
  void theHealthSaysWhenTheWorkerIsLate() {
    assertThat(PAGES.get("/actuator/health/retention", Pass.none()).body()).contains("UP");
    var now = new AtomicReference<>(CLOCK.instant());
    var health =
        new RetentionHealth(
            WORLD.database().pool(Login.ANALYTICS), new SimpleMeterRegistry(), now::get);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    var late = CLOCK.instant().minus(Duration.ofDays(40));
    WORLD.event(THEIRS, THEIR_MANAGER, late, "session.started", UUID.randomUUID(), Map.of());
    WORLD.store();
    WORLD
        .superuser()
        .sql("update identity.organization set retention_days = 30 where id = :org")
        .param("org", THEIRS)
        .update();

    // Anybody may ask, so the database is asked once a minute.
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    now.set(now.get().plusSeconds(61));

    assertThat(health.health().getStatus().getCode()).isEqualTo("LATE");
    WORLD
        .superuser()
        .sql("delete from capture.event where org_id = :org")
        .param("org", THEIRS)
        .update();
  }

  private static void keep(int days) {
    WORLD
        .superuser()
        .sql("update identity.organization set retention_days = :days where id = :org")
        .param("days", days)
        .param("org", OURS)
        .update();
    WORLD.superuser().sql("delete from release.let_go").update();
  }

  private static int insert(World world, UUID organization, UUID by, UUID person) {
    return world.as(
        DatabaseRole.ENGINEER_API,
        organization,
        by,
        jdbc ->
            jdbc.sql(
                    """
                    insert into identity.deletion (org_id, id, scope, person_id, asked_by)
                    values (:org, gen_random_uuid(), 'person', :person, :by)
                    """)
                .param("org", organization)
                .param("person", person)
                .param("by", by)
                .update());
  }

  private static String ask(String path, Map<String, String> form, Pass pass) {
    var answer = PAGES.post(path, form, pass);
    assertThat(answer.statusCode()).isEqualTo(302);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static UUID id(String place) {
    return UUID.fromString(place.substring(place.lastIndexOf('/') + 1));
  }

  private static @Nullable Object confirmedAt(String place) {
    return WORLD
        .superuser()
        .sql("select confirmed_at from identity.deletion where id = :id")
        .param("id", id(place))
        .query()
        .singleRow()
        .get("confirmed_at");
  }

  private static String actionsAbout(String place) {
    return WORLD
        .superuser()
        .sql(
            """
            select string_agg(action, ',' order by id)
              from audit.entry
             where action like 'deletion.%' and convert_from(leaf, 'UTF8') like :target
            """)
        .param("target", "%deletion:" + id(place) + "%")
        .query(String.class)
        .single();
  }

  private static Pass session(UUID organization, UUID person) {
    return Pass.session(WORLD.secret(organization, person, CredentialKind.SESSION));
  }
}
