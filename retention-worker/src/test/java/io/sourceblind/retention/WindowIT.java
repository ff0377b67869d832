// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The window of an organization as the database keeps it, whatever the worker does.
class WindowIT {
  private static final String NINETY_ONE = "update identity.organization set retention_days = 91";
  private static final Pattern EVENTS = Pattern.compile("\"events\":([0-9]+)");

  private Archive archive;
  private LocalDate today;
  private LocalDate monday;

  @BeforeEach
  void start() {
    archive = new Archive();
    today = archive.today;
    monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }

  @AfterEach
  void stop() {
    archive.close();
  }

  @ParameterizedTest
  @EnumSource
  void noRoleKeepsLongerThan90Days(DatabaseRole role) {
    var organization = archive.organization(90);

    assertThatThrownBy(() ->
            TenantScope.callAs(
                new Tenant(organization, organization),
                () ->
                    archive.database.as(role).inTransaction(jdbc -> jdbc.sql(NINETY_ONE).update())))
        .rootCause()
        .hasMessageMatching("(?s).*(at_most_90_days|permission denied).*");
  }

  @Test
  void neitherDoTheOwnerAndASuperuser() {
    var organization = archive.organization(90);
    var owner = JdbcClient.create(archive.database.owner());

    assertThatThrownBy(() ->
            owner.sql("set app.org_id = '%s'; %s".formatted(organization, NINETY_ONE)).update())
        .rootCause()
        .hasMessageContaining("at_most_90_days");
    assertThatThrownBy(() -> archive.superuser.sql(NINETY_ONE).update())
        .rootCause()
        .hasMessageContaining("at_most_90_days");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 91, 400})
  void whereTheConstraintIsGoneTheWindowIsStillHeldBetween1And90(int days) {
    var organization = archive.organization(90);
    archive.weaken("alter table identity.organization drop constraint at_most_90_days");
    archive.keepFor(days, organization);
    for (var age : new int[] {1, 2, 90, 91}) {
      archive.event(organization, today.minusDays(age));
    }

    var seen = events(DatabaseRole.ENGINEER_API, organization);
    archive.sweep().runOnce();

    assertThat(seen).isEqualTo(days == 0 ? 1 : 3);
    assertThat(archive.days(organization)).hasSize(seen);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENGINEER_API", "RELEASER", "INGEST_WRITER"})
  void noRoleReadsAnEventPastTheWindowAndWithoutThePolicyItWould(DatabaseRole role) {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(31));
    archive.event(organization, today.minusDays(30));

    assertThat(events(role, organization)).isOne();

    archive.weaken(
        "alter policy %s on capture.event using (true)"
            .formatted(
                switch (role) {
                  case ENGINEER_API -> "an_engineer_reads_their_own";
                  case RELEASER -> "the_releaser_reads_one_organization";
                  default -> "a_sender_sees_which_ids_were_new";
                }));
    assertThat(events(role, organization)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENGINEER_API", "RELEASER"})
  void noRoleReadsASumPastTheWindowAndWithoutThePolicyItWould(DatabaseRole role) {
    var organization = archive.organization(30);
    archive.sum(organization, monday);
    archive.sum(organization, monday.minusWeeks(8));

    assertThat(sums(role, organization)).isOne();

    archive.weaken(
        "alter policy %s on release.person_week using (true)"
            .formatted(
                role == DatabaseRole.RELEASER
                    ? "the_releaser_writes_one_organization"
                    : "an_engineer_reads_their_own"));
    assertThat(sums(role, organization)).isEqualTo(2);
  }

  @Test
  void noSumIsMadeOfAWeekThatHasBegunToGo() {
    var organization = archive.organization(30);
    var insert =
        """
        insert into release.person_week (org_id, person_id, week, metric, value)
        values ('%s', '%s', '%s', 'prompts', 1)
        returning 1
        """
            .formatted(organization, organization, monday.minusWeeks(8));

    assertThatThrownBy(() -> archive.as(DatabaseRole.RELEASER, organization, insert))
        .rootCause()
        .hasMessageContaining("row-level security");
  }

  @Test
  void aLongerWindowBringsNothingBack() {
    var organization = archive.organization(7);
    archive.event(organization, today.minusDays(20));
    archive.event(organization, today.minusDays(7));

    archive.keepFor(90, organization);

    assertThat(events(DatabaseRole.ENGINEER_API, organization)).isOne();
    archive.sweep().runOnce();
    assertThat(archive.days(organization)).containsExactly(today.minusDays(7));
  }

  @Test
  void theTwinWithoutTheTriggerShowsWhatWasGone() {
    var organization = archive.organization(7);
    archive.event(organization, today.minusDays(20));
    archive.weaken("drop trigger a_longer_window_brings_nothing_back on identity.organization");

    archive.keepFor(90, organization);

    assertThat(events(DatabaseRole.ENGINEER_API, organization)).isOne();
  }

  @Test
  void aClockThatGoesBackBringsNothingBack() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(31));
    archive.event(organization, today.minusDays(29));
    archive.sweep().runOnce();
    archive.event(organization, today.minusDays(33));

    archive.itIs(today.minusDays(5));

    assertThat(events(DatabaseRole.RELEASER, organization)).isOne();
    // The twin: nothing but that day keeps a week that is half gone from being made anew.
    archive.superuser.sql("delete from release.let_go").update();
    assertThat(events(DatabaseRole.RELEASER, organization)).isEqualTo(2);
  }

  @Test
  void aWeekIsSeenWholeOrNotAtAllWhateverTheClockSays() {
    var organization = archive.organization(30);
    var week = monday.minusWeeks(4);
    for (var day = 0; day < 7; day++) {
      archive.event(organization, week.plusDays(day));
    }
    var ofTheWeek =
        """
        select count(*) from capture.event
         where occurred_on between '%1$s' and date '%1$s' + 6 and date '%1$s' >= capture.horizon()
        """
            .formatted(week);

    // Only its Monday is past the window.
    archive.itIs(week.plusDays(31));
    archive.sweep().runOnce();

    assertThat(archive.days(organization)).hasSize(6);
    for (var day = 31; day > 0; day--) {
      archive.itIs(week.plusDays(day));
      assertThat(archive.as(DatabaseRole.RELEASER, organization, ofTheWeek)).isZero();
    }
    // The twin: a roll-up would count six days of seven.
    archive.superuser.sql("delete from release.let_go").update();
    assertThat(archive.as(DatabaseRole.RELEASER, organization, ofTheWeek)).isEqualTo(6);
  }

  @Test
  void twoWorkersAtOnceLetGoOfEachEventOnceAndSaySo() throws Exception {
    var organizations = new UUID[] {archive.organization(30), archive.organization(60)};
    for (var organization : organizations) {
      for (var event = 0; event < 40; event++) {
        archive.event(organization, today.minusDays(61 + event % 3));
      }
      archive.event(organization, today.minusDays(91));
    }

    var both = atOnce(() -> archive.sweep().runOnce(), () -> archive.sweep().runOnce());

    assertThat(both.failures()).isZero();
    assertThat(both.events()).isEqualTo(82);
    for (var organization : organizations) {
      assertThat(archive.days(organization)).isEmpty();
      assertThat(
              archive.log(organization).stream()
                  .mapToInt(entry -> {
                    var events = EVENTS.matcher(String.valueOf(entry));
                    return events.find() ? Integer.parseInt(events.group(1)) : 0;
                  })
                  .sum())
          .isEqualTo(41);
    }
  }

  @Test
  void howLateTheWorkerIsCanBeAsked() {
    var organization = archive.organization(30);
    archive.event(organization, today.minusDays(34));
    archive.sum(organization, monday);

    assertThat(late()).isEqualTo(4);
    archive.sweep().runOnce();
    assertThat(late()).isZero();
  }

  private int late() {
    return archive
        .database
        .as(DatabaseRole.MANAGER_API)
        .withoutTenant(
            jdbc -> jdbc.sql("select release.days_late()").query(Integer.class).single());
  }

  private int events(DatabaseRole role, UUID organization) {
    return archive.as(role, organization, "select count(event_id) from capture.event");
  }

  private int sums(DatabaseRole role, UUID organization) {
    return archive.as(role, organization, "select count(*) from release.person_week");
  }

  private static Swept atOnce(Callable<Swept> one, Callable<Swept> other)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(one);
      var second = threads.submit(other);
      return first.get().plus(second.get());
    }
  }
}
