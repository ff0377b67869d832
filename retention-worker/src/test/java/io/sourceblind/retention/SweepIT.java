// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepIT {
  private Archive archive;
  private LocalDate today;

  @BeforeEach
  void start() {
    archive = new Archive();
    today = archive.today;
  }

  @AfterEach
  void stop() {
    archive.close();
  }

  @Test
  void whatIsOlderThanTheWindowGoesAndWhatLiesOnItsEdgeStays() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(89));
    archive.event(organization, today.minusDays(31));
    archive.event(organization, today.minusDays(30));
    archive.event(organization, today);

    var swept = archive.sweep().runOnce();

    assertThat(archive.days(organization)).containsExactly(today.minusDays(30), today);
    assertThat(swept).isEqualTo(new Swept(0, 2, 0, 0, 0));
  }

  @Test
  void theOrganizationWithTheLongerWindowKeepsItsRows() {
    var shorter = archive.organization(7);
    var longer = archive.organization(60);
    for (var organization : new UUID[] {shorter, longer}) {
      archive.event(organization, today.minusDays(8));
      archive.event(organization, today.minusDays(60));
    }

    archive.sweep().runOnce();

    assertThat(archive.days(shorter)).isEmpty();
    assertThat(archive.days(longer)).containsExactly(today.minusDays(60), today.minusDays(8));
    assertThat(archive.log(longer)).isEmpty();
  }

  @Test
  void sumsLiveNoLongerThanTheWindow() {
    var monday = today.minusDays(20).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    var organization = archive.organization((int) (today.toEpochDay() - monday.toEpochDay()));
    archive.sum(organization, monday.minusWeeks(1));
    archive.sum(organization, monday);
    archive.sum(organization, monday.plusWeeks(1));

    var swept = archive.sweep().runOnce();

    assertThat(archive.weeks(organization)).containsExactly(monday, monday.plusWeeks(1));
    assertThat(swept.sums()).isOne();
    assertThat(archive.log(organization))
        .singleElement()
        .asString()
        .contains("\"target\":\"release.person_week\"", "\"sums\":1");
  }

  @Test
  void countsOfWhatWasLeftOutLiveNoLongerThanTheWindow() {
    var organization = archive.organization(30);
    archive.leftOut(organization, today.minusDays(31));
    archive.leftOut(organization, today.minusDays(30));

    archive.sweep().runOnce();

    assertThat(archive.daysOfCounts(organization)).containsExactly(today.minusDays(30));
  }

  @Test
  void everyDayThatGoesIsWrittenDown() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(40));
    archive.event(organization, today.minusDays(40));
    archive.event(organization, today.minusDays(35));

    archive.sweep().runOnce();

    assertThat(archive.log(organization)).hasSize(2);
    assertThat(archive.log(organization).getFirst())
        .contains(
            "\"action\":\"retention.window_passed\"",
            "\"actor_kind\":\"job\"",
            "\"target\":\"capture.event\"",
            "\"day\":\"" + today.minusDays(40) + "\"",
            "\"events\":2",
            "\"rolled_up\":true");
    assertThat(archive.log(organization).getLast())
        .contains("\"day\":\"" + today.minusDays(35) + "\"", "\"events\":1");
  }

  @Test
  void aRunWithNothingToLetGoOfSaysNothing() {
    var organization = archive.organization(90);
    archive.event(organization, today.minusDays(90));
    archive.event(organization, today);

    var swept = archive.sweep().runOnce();

    assertThat(swept).isEqualTo(Swept.nothing());
    assertThat(archive.log(organization)).isEmpty();
    assertThat(archive.days(organization)).hasSize(2);
  }

  @Test
  void aDayThatWasNeverRolledUpGoesAllTheSameAndTheEntrySaysSo() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(33));
    archive.event(organization, today.minusDays(32));
    archive.markDirty(organization, today.minusDays(32));
    archive.markDirty(organization, today);

    archive.sweep().runOnce();

    assertThat(archive.days(organization)).isEmpty();
    assertThat(archive.log(organization).getFirst()).contains("\"rolled_up\":true");
    assertThat(archive.log(organization).getLast()).contains("\"rolled_up\":false");
  }

  @Test
  void daysPastThe90thAreDroppedAndEveryOrganizationIsTold() {
    var one = archive.organization(90);
    var two = archive.organization(90);
    archive.event(one, today.minusDays(92));
    archive.event(one, today.minusDays(91));
    archive.event(one, today.minusDays(91));
    archive.event(one, today.minusDays(90));
    archive.event(two, today.minusDays(91));

    var swept = archive.sweep().runOnce();

    assertThat(swept).isEqualTo(new Swept(0, 4, 0, 2, 0));
    assertThat(archive.isOpen(today.minusDays(91))).isFalse();
    assertThat(archive.isOpen(today.minusDays(90))).isTrue();
    assertThat(archive.days(one)).containsExactly(today.minusDays(90));
    assertThat(archive.log(one))
        .singleElement()
        .asString()
        .contains(
            "\"action\":\"retention.days_dropped\"",
            "\"days\":2",
            "\"events\":3",
            "\"first\":\"" + today.minusDays(92) + "\"",
            "\"last\":\"" + today.minusDays(91) + "\"");
    assertThat(archive.log(two)).singleElement().asString().contains("\"days\":1", "\"events\":1");
  }

  @Test
  void aDayPastThe90thGoesAllTheSameWithoutARollUp() {
    var organization = archive.organization(90);
    archive.event(organization, today.minusDays(91));
    archive.markDirty(organization, today.minusDays(91));

    archive.sweep().runOnce();

    assertThat(archive.days(organization)).isEmpty();
  }

  @Test
  void anOrganizationThatIsNoLongerThereLeavesNothingBehind() {
    var gone = archive.organization(90);
    archive.event(gone, today.minusDays(91));
    archive
        .superuser
        .sql("delete from identity.person where org_id = :org")
        .param("org", gone)
        .update();
    archive
        .superuser
        .sql("delete from identity.organization where id = :org")
        .param("org", gone)
        .update();

    archive.sweep().runOnce();

    assertThat(archive.days(gone)).isEmpty();
    assertThat(archive.log(gone)).hasSize(1);
  }

  @Test
  void daysAreOpenAWeekAhead() {
    archive.weaken("drop table capture.event_" + today.plusDays(7).toString().replace("-", ""));
    assertThat(archive.isOpen(today.plusDays(7))).isFalse();

    var swept = archive.sweep().runOnce();

    assertThat(swept.daysOpened()).isOne();
    assertThat(archive.isOpen(today.plusDays(7))).isTrue();
    assertThat(archive.isOpen(today.plusDays(8))).isFalse();
  }

  @Test
  void aWorkerThatRunsFiveDaysLaterOpensFiveDaysMore() {
    var sweep =
        archive.sweep(
            new RetentionSettings(1, Duration.ZERO, 100, "", false), archive.clockAhead(5));

    var swept = sweep.runOnce();

    assertThat(swept.daysOpened()).isEqualTo(5);
    assertThat(archive.isOpen(today.plusDays(12))).isTrue();
    // What goes is decided by the database's clock, not by the worker's.
    assertThat(swept.daysDropped()).isZero();
  }

  @Test
  void aPurgeThatCannotBeAuditedDoesNotHappen() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(40));
    archive.event(organization, today.minusDays(91));
    archive.weaken(
        """
        create function public.swallow() returns trigger language plpgsql as
          $$ begin return null; end $$;
        create trigger swallow before insert on audit.entry
          for each row execute function public.swallow()
        """);

    var swept = archive.sweep().runOnce();

    assertThat(swept).isEqualTo(new Swept(0, 0, 0, 0, 2));
    assertThat(archive.days(organization))
        .containsExactly(today.minusDays(91), today.minusDays(40));
    // The twin: with the log back, it does.
    archive.weaken("drop trigger swallow on audit.entry");
    assertThat(archive.sweep().runOnce()).isEqualTo(new Swept(0, 2, 0, 1, 0));
    assertThat(archive.days(organization)).isEmpty();
    assertThat(archive.log(organization)).hasSize(2);
  }

  @Test
  void aPurgeThatFailsLeavesNoEntryAndDoesNotKeepTheOthersFromTheirs() {
    var failing = archive.organization(30);
    var other = archive.organization(30);
    archive.event(failing, today.minusDays(40));
    archive.event(other, today.minusDays(40));
    archive.sum(failing, LocalDate.EPOCH.plusDays(4));
    archive.weaken(
        """
        create function public.fail() returns trigger language plpgsql as
          $$ begin raise exception 'broken'; end $$;
        create trigger fail after delete on release.person_week
          for each row execute function public.fail()
        """);

    var swept = archive.sweep().runOnce();

    assertThat(swept).isEqualTo(new Swept(0, 1, 0, 0, 1));
    assertThat(archive.weeks(failing)).hasSize(1);
    assertThat(archive.log(failing)).isEmpty();
    assertThat(archive.days(other)).isEmpty();
    assertThat(archive.log(other)).hasSize(1);
  }

  @Test
  void aDayThatSomebodyReadsIsTriedAgainAndThenLeftForTheNextRun() throws SQLException {
    var organization = archive.organization(90);
    archive.event(organization, today.minusDays(91));
    try (var reader = archive.database.superuser().getConnection();
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select count(*) from capture.event");

      var swept = archive.sweep().runOnce();

      // It was not dropped; its rows, which are past the window, were deleted one by one.
      assertThat(swept.daysDropped()).isZero();
      assertThat(swept.failures()).isOne();
      assertThat(swept.events()).isOne();
      assertThat(archive.isOpen(today.minusDays(91))).isTrue();
      reader.rollback();
    }

    assertThat(archive.sweep().runOnce().daysDropped()).isOne();
    assertThat(archive.days(organization)).isEmpty();
  }

  @Test
  void aReaderWhoIsDoneSoonOnlyDelaysTheDrop() throws Exception {
    var organization = archive.organization(90);
    archive.event(organization, today.minusDays(91));
    try (var reader = archive.database.superuser().getConnection();
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select count(*) from capture.event");
      var sweep =
          archive.sweep(
              new RetentionSettings(50, Duration.ofMillis(50), 100, "", false), Clock.systemUTC());
      var waiting =
          new Thread(() -> {
            try {
              Thread.sleep(2500);
              reader.rollback();
            } catch (InterruptedException | SQLException failed) {
              throw new IllegalStateException(failed);
            }
          });
      waiting.start();

      var swept = sweep.runOnce();

      waiting.join();
      assertThat(swept).isEqualTo(new Swept(0, 1, 0, 1, 0));
    }
  }

  @Test
  void theRoleDeletesNothingInsideTheWindow() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(31));
    archive.event(organization, today.minusDays(30));
    archive.event(organization, today);

    var before = archive.as(DatabaseRole.RETENTION, organization, "delete from capture.event");
    archive.moveOn(organization);
    var after = archive.as(DatabaseRole.RETENTION, organization, "delete from capture.event");

    // Nothing goes before the day has moved on from which on readers see.
    assertThat(before).isZero();
    assertThat(after).isOne();
    assertThat(archive.days(organization)).containsExactly(today.minusDays(30), today);
  }

  @Test
  void theTwinWithoutTheHorizonDeletesEverything() {
    var organization = archive.organization(30);
    archive.event(organization, today);
    archive.weaken(
        """
        alter policy retention_finds_what_is_past on capture.event
          using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
        alter policy retention_lets_go_of_what_is_past on capture.event
          using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
        """);

    // The worker itself asks for what is past, even then.
    archive.sweep().runOnce();
    assertThat(archive.days(organization)).hasSize(1);

    archive.as(DatabaseRole.RETENTION, organization, "delete from capture.event");
    assertThat(archive.days(organization)).isEmpty();
  }

  @Test
  void theRoleDeletesNoSumInsideTheWindowAndItsTwinDoes() {
    var organization = archive.organization(30);
    var monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    archive.sum(organization, monday);
    archive.sum(organization, monday.minusWeeks(8));

    archive.moveOn(organization);
    archive.as(DatabaseRole.RETENTION, organization, "delete from release.person_week");
    assertThat(archive.weeks(organization)).containsExactly(monday);

    archive.weaken(
        "alter policy retention_lets_go_of_what_is_past on release.person_week using (true)");
    archive.as(DatabaseRole.RETENTION, organization, "delete from release.person_week");
    assertThat(archive.weeks(organization)).isEmpty();
  }

  @Test
  void theRoleTouchesNoOtherOrganization() {
    var ours = archive.organization(30);
    var theirs = archive.organization(30);
    archive.event(theirs, today.minusDays(40));

    var deleted = archive.as(DatabaseRole.RETENTION, ours, "delete from capture.event");

    assertThat(deleted).isZero();
    assertThat(archive.days(theirs)).hasSize(1);
  }

  @Test
  void theRoleReadsNothingOfWhatItDeletes() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(40));

    for (var column : new String[] {"kind", "occurred_at", "session_ref", "text", "path"}) {
      assertThatThrownBy(() ->
              archive.as(
                  DatabaseRole.RETENTION,
                  organization,
                  "select count(%s) from capture.event".formatted(column)))
          .hasStackTraceContaining("permission denied for table event");
    }
  }

  @Test
  void whatIsPastTheWindowIsSeenByNobodyEvenIfTheWorkerNeverRan() {
    var organization = archive.organization(30);
    var monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    archive.event(organization, today.minusDays(31));
    archive.event(organization, today.minusDays(30));
    archive.sum(organization, monday.minusWeeks(8));
    archive.sum(organization, monday);

    assertThat(seen(DatabaseRole.ENGINEER_API, organization)).isOne();
    assertThat(seen(DatabaseRole.RELEASER, organization)).isOne();
    assertThat(sums(organization)).isOne();
    assertThat(archive.days(organization)).hasSize(2);
  }

  @Test
  void theTwinWithoutTheHorizonShowsWhatIsPast() {
    var organization = archive.organization(30);
    var monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    archive.event(organization, today.minusDays(31));
    archive.sum(organization, monday.minusWeeks(8));
    archive.weaken(
        """
        alter policy an_engineer_reads_their_own on capture.event using (true);
        alter policy the_releaser_reads_one_organization on capture.event using (true);
        alter policy an_engineer_reads_their_own on release.person_week using (true)
        """);

    assertThat(seen(DatabaseRole.ENGINEER_API, organization)).isOne();
    assertThat(seen(DatabaseRole.RELEASER, organization)).isOne();
    assertThat(sums(organization)).isOne();
  }

  private int seen(DatabaseRole role, UUID organization) {
    return archive.as(role, organization, "select count(*) from capture.event");
  }

  private int sums(UUID organization) {
    return archive.as(
        DatabaseRole.ENGINEER_API, organization, "select count(*) from release.person_week");
  }
}
