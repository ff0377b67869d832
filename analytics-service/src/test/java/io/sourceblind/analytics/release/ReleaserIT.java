// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.analytics.World;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.DataClassRowMapper;

class ReleaserIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final IsoWeek WEEK = IsoWeek.lastDue(CLOCK);

  private static final World WORLD = new World(CLOCK);

  private final UUID organization = WORLD.organization();
  private final UUID team = WORLD.team(organization, "Payments");

  private record Found(
      String state, @Nullable Double value, double step, int people, @Nullable Integer active) {}

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  @Test
  void fourActivePeopleAreWithheld() {
    var people = WORLD.engineers(organization, team, "Quiet", 8);
    prompts(people.subList(0, 4), WEEK, 40);

    WORLD.release(organization);

    assertThat(cell(Metric.PROMPTS, WEEK)).isEqualTo(new Found("withheld", null, 15, 8, null));
    assertThat(cell(Metric.ACTIVE_DAYS, WEEK).state()).isEqualTo("withheld");
  }

  @Test
  void fiveActivePeopleAreReleasedAsAMeanOverEverybody() {
    var people = WORLD.engineers(organization, team, "Busy", 8);
    prompts(people.subList(0, 5), WEEK, 40);

    WORLD.release(organization);

    // 5 * 40 / 8 = 25, and the steps are 15 wide.
    assertThat(cell(Metric.PROMPTS, WEEK)).isEqualTo(new Found("released", 30.0, 15, 8, 5));
  }

  @Test
  void nobodyCountsForMoreThanTheCap() {
    var people = WORLD.engineers(organization, team, "Capped", 10);
    prompts(people.subList(0, 9), WEEK, 10);
    prompts(people.subList(9, 10), WEEK, 100_000);

    WORLD.release(organization);

    // (9 * 10 + 120) / 10 = 21, and the steps are 12.5 wide.
    assertThat(cell(Metric.PROMPTS, WEEK).value()).isEqualTo(25);
  }

  @Test
  void whoeverHasNoRateCountsWithTheConstant() {
    var people = WORLD.engineers(organization, team, "Rated", 10);
    prompts(people, WEEK, 10);
    for (var person : people.subList(0, 6)) {
      personWeek(person, WEEK, Metric.VERIFIED_SESSIONS, 0.9);
    }

    WORLD.release(organization);

    // (6 * 0.9 + 4 * 0.5) / 10 = 0.74
    assertThat(cell(Metric.VERIFIED_SESSIONS, WEEK).value()).isEqualTo(0.7);
    assertThat(cell(Metric.FIRST_RUN_PASS, WEEK).state()).isEqualTo("withheld");
  }

  @Test
  void theGroupIsTheEngineersWhoHadJoinedBefore() {
    var people = WORLD.engineers(organization, team, "Old", 6);
    prompts(people, WEEK, 40);
    var late = WORLD.engineer(organization, team, "Late");
    WORLD
        .superuser()
        .sql("update identity.person set joined_on = :day where id = :id")
        .param("day", WEEK.monday())
        .param("id", late)
        .update();
    WORLD.person(organization, team, "Boss", Role.MANAGER);

    WORLD.release(organization);

    assertThat(cell(Metric.PROMPTS, WEEK).people()).isEqualTo(6);
  }

  @Test
  void everyWeekThatWasMissedIsMadeUpForAndTheRunningOneIsNot() {
    prompts(WORLD.engineers(organization, team, "Steady", 6), WEEK, 40);

    WORLD.release(organization);

    assertThat(weeks())
        .contains(WEEK)
        .hasSizeBetween(11, 13)
        .allMatch(week -> week.compareTo(WEEK) <= 0);
  }

  @Test
  void aReleasedCellDoesNotChangeWhateverComesLater() {
    var people = WORLD.engineers(organization, team, "Early", 8);
    prompts(people.subList(0, 5), WEEK, 40);
    WORLD.release(organization);
    var before = everything();

    WORLD.event(
        organization,
        people.getLast(),
        WEEK.monday().atTime(12, 0).toInstant(UTC),
        "prompt.submitted",
        UUID.randomUUID(),
        Map.of());
    WORLD.store();
    WORLD.rollUp(organization);
    WORLD.release(organization);

    assertThat(everything()).isEqualTo(before);
    assertThat(entries()).isEqualTo(weeks().size());
  }

  @Test
  void aTeamThatIsMadeLaterGetsNoCellsForWeeksThatAreOut() {
    var people = WORLD.engineers(organization, team, "First", 6);
    prompts(people, WEEK, 40);
    WORLD.release(organization);
    var before = everything();

    var later = WORLD.team(organization, "Later");
    WORLD
        .superuser()
        .sql("update identity.person set team_id = :team where org_id = :org")
        .param("team", later)
        .param("org", organization)
        .update();
    WORLD.release(organization);

    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aWeekWithDaysThatAreNotRolledUpWaits() {
    prompts(WORLD.engineers(organization, team, "Waiting", 6), WEEK, 40);
    WORLD
        .superuser()
        .sql("insert into release.dirty_day (org_id, occurred_on) values (:org, :day)")
        .param("org", organization)
        .param("day", WEEK.monday().plusDays(6))
        .update();

    WORLD.release(organization);

    assertThat(weeks()).isNotEmpty().doesNotContain(WEEK);
  }

  @Test
  void aReleaseIsAnEntryWithCountsAndNothingElse() {
    prompts(WORLD.engineers(organization, team, "Logged", 6), WEEK, 40);

    WORLD.release(organization);

    var leaf =
        WORLD
            .superuser()
            .sql(
                """
                select convert_from(leaf, 'UTF8') from audit.entry
                 where org_id = :org and action = 'cells.released'
                   and convert_from(leaf, 'UTF8') like :week
                """)
            .param("org", organization)
            .param("week", "%\"target\":\"week:" + WEEK + "\"%")
            .query(String.class)
            .single();
    // Active days and prompts are there; the other metrics have too few people.
    assertThat(leaf).contains("\"released\":2", "\"withheld\":13", "\"rules\":1");
  }

  @Test
  void theDatabaseRefusesACellOfFour() {
    assertThatThrownBy(() -> insertCell(WORLD, organization, team, WEEK, 4))
        .hasStackTraceContaining("floor_of_five");
    assertThatThrownBy(() -> insertCell(WORLD, organization, team, WEEK, null))
        .hasStackTraceContaining("floor_of_five");
  }

  @Test
  void theDatabaseRefusesAWeekThatIsNotOver() {
    assertThatThrownBy(() -> insertCell(WORLD, organization, team, WEEK.plus(1), 9))
        .hasStackTraceContaining("the_week_is_over");
  }

  @Test
  void withoutTheConstraintsBothWouldGoIn() {
    try (var weakened = new World(CLOCK)) {
      var theirs = weakened.organization();
      var theirTeam = weakened.team(theirs, "Payments");
      weakened
          .superuser()
          .sql(
              """
              alter table release.released_cell
                drop constraint floor_of_five, drop constraint the_week_is_over
              """)
          .update();

      assertThatCode(() -> insertCell(weakened, theirs, theirTeam, WEEK.plus(1), 4))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void theDatabaseRefusesASecondCellOfTheSameWeek() {
    insertCell(WORLD, organization, team, WEEK, 5);

    assertThatThrownBy(() -> insertCell(WORLD, organization, team, WEEK, 6))
        .hasStackTraceContaining("duplicate key");
  }

  @Test
  void theDatabaseRefusesToChangeACellEvenForItsSuperuser() {
    insertCell(WORLD, organization, team, WEEK, 5);

    for (var attack :
        List.of(
            "update release.released_cell set value = 1 where org_id = :org",
            "delete from release.released_cell where org_id = :org")) {
      assertThatThrownBy(() -> WORLD.superuser().sql(attack).param("org", organization).update())
          .hasStackTraceContaining("a released cell never changes");
    }
  }

  @Test
  void withoutTheTriggerACellCouldBeRewritten() {
    try (var weakened = new World(CLOCK)) {
      var theirs = weakened.organization();
      insertCell(weakened, theirs, weakened.team(theirs, "Payments"), WEEK, 5);
      weakened
          .superuser()
          .sql("alter table release.released_cell disable trigger no_change")
          .update();

      var changed = weakened.superuser().sql("update release.released_cell set value = 1").update();

      assertThat(changed).isEqualTo(1);
    }
  }

  private static int insertCell(
      World world, UUID organization, UUID team, IsoWeek week, @Nullable Integer active) {
    return world.as(
        DatabaseRole.RELEASER,
        organization,
        null,
        jdbc ->
            jdbc.sql(
                    """
                    insert into release.released_cell
                      (org_id, team_id, metric, week, state, value, step, people, active, rules)
                    values (:org, :team, 'prompts', :week, 'released', 30, 15, 8, :active::int, 1)
                    """)
                .param("org", organization)
                .param("team", team)
                .param("week", week.monday())
                .param("active", active)
                .update());
  }

  private void prompts(List<UUID> people, IsoWeek week, double value) {
    for (var person : people) {
      personWeek(person, week, Metric.ACTIVE_DAYS, 3);
      personWeek(person, week, Metric.PROMPTS, value);
    }
  }

  private void personWeek(UUID person, IsoWeek week, Metric metric, double value) {
    WORLD
        .superuser()
        .sql(
            """
            insert into release.person_week (org_id, person_id, week, metric, value)
            values (:org, :person, :week, :metric, :value)
            """)
        .param("org", organization)
        .param("person", person)
        .param("week", week.monday())
        .param("metric", metric.sqlName())
        .param("value", value)
        .update();
  }

  private Found cell(Metric metric, IsoWeek week) {
    return WORLD
        .superuser()
        .sql(
            """
            select state, value, step, people, active from release.released_cell
             where org_id = :org and team_id = :team and metric = :metric and week = :week
            """)
        .param("org", organization)
        .param("team", team)
        .param("metric", metric.sqlName())
        .param("week", week.monday())
        .query(Found.class)
        .single();
  }

  private List<IsoWeek> weeks() {
    return WORLD
        .superuser()
        .sql("select distinct week as monday from release.released_cell where org_id = :org")
        .param("org", organization)
        .query(DataClassRowMapper.newInstance(IsoWeek.class))
        .list();
  }

  private List<String> everything() {
    return WORLD
        .superuser()
        .sql(
            """
            select c::text as row from release.released_cell c where org_id = :org
             order by team_id, metric, week
            """)
        .param("org", organization)
        .query(String.class)
        .stream()
        .map(String::valueOf)
        .toList();
  }

  private int entries() {
    return WORLD
        .superuser()
        .sql("select count(*) from audit.entry where org_id = :org and action = 'cells.released'")
        .param("org", organization)
        .query(Integer.class)
        .single();
  }
}
