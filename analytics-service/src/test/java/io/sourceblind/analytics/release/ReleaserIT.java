// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.analytics.World;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.Role;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.DataClassRowMapper;

class ReleaserIT {
  private static final Clock CLOCK = Clock.systemUTC();

  /// A week that is due, the last of its epoch, so that groups of both cadences have a cell.
  private static final IsoWeek WEEK = lastOfAnEpoch();

  private static final Epoch RUNNING = Epoch.of(IsoWeek.running(CLOCK));

  private static final World WORLD = new World(CLOCK);

  private final UUID organization = WORLD.organization();
  private final UUID team = WORLD.team(organization, "Payments");

  private record Found(
      String state,
      @Nullable Double value,
      double step,
      int people,
      int weeks,
      @Nullable Integer active) {}

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  private static IsoWeek lastOfAnEpoch() {
    var epoch = Epoch.of(IsoWeek.lastDue(CLOCK));
    return epoch.last().compareTo(IsoWeek.lastDue(CLOCK)) <= 0
        ? epoch.last()
        : epoch.plus(-1).last();
  }

  @Test
  void fourActivePeopleAreWithheld() {
    var people = WORLD.engineers(organization, team, "Quiet", 12);
    prompts(people.subList(0, 4), WEEK, 40);

    WORLD.release(organization);

    assertThat(cell(team, Metric.PROMPTS, WEEK))
        .isEqualTo(new Found("withheld", null, 10, 12, 1, null));
    assertThat(cell(team, Metric.ACTIVE_DAYS, WEEK).state()).isEqualTo("withheld");
  }

  @Test
  void eightActivePeopleAreEnoughWhateverTheJitter() {
    var people = WORLD.engineers(organization, team, "Busy", 12);
    prompts(people.subList(0, 8), WEEK, 60);

    WORLD.release(organization);

    var cell = cell(team, Metric.PROMPTS, WEEK);
    assertThat(cell.state()).isEqualTo("released");
    assertThat(cell.active()).isEqualTo(8);
    // 8 * 60 / 12 = 40 in steps of 10, and a secret offset.
    assertThat(cell.value()).isBetween(10.0, 80.0);
  }

  @Test
  void whatIsPublishedIsTheTallyWithTheOffsetAndDitherOfTheRostersSalt() {
    var people = WORLD.engineers(organization, team, "Oracle", 11);
    prompts(people, WEEK, 37);

    WORLD.release(organization);

    var group = new FrozenGroup(Epoch.of(WEEK), team, 11, 1, Gate.FLOOR, 1, false);
    var salt =
        WORLD
            .superuser()
            .sql("select salt from release.roster_salt where team_id = :team")
            .param("team", team)
            .query(byte[].class)
            .single();
    var draws = new Draws(ReleaseKey.of(WORLD.releaseKey()), salt);
    var expected = Cell.of(Metric.PROMPTS, group, WEEK, new Tally(11, 11, 11 * 37_000_000L), draws);
    assertThat(cell(team, Metric.PROMPTS, WEEK).value()).isEqualTo(expected.value());
  }

  @Test
  void whatTheDatabaseCountsIsWhatIsCountedPersonByPerson() {
    var random = new SplittableRandom(5);
    var people = WORLD.engineers(organization, team, "Counted", 13);
    var small = WORLD.team(organization, "Smaller");
    var few = WORLD.engineers(organization, small, "Few", 8);
    var oracle = new Oracle();
    var all = new ArrayList<>(people);
    all.addAll(few);
    var horizon =
        WORLD.as(
            DatabaseRole.RELEASER,
            organization,
            null,
            jdbc -> jdbc.sql("select capture.horizon()").query(LocalDate.class).single());
    for (var person : all) {
      // Some of these weeks are no longer retained, whatever day it is today.
      for (var week : WEEK.andBefore(16)) {
        if (random.nextInt(3) > 0) {
          for (var metric : Metric.released()) {
            if (metric == Metric.ACTIVE_DAYS || random.nextInt(4) > 0) {
              var value =
                  metric == Metric.ACTIVE_DAYS
                      ? random.nextInt(6)
                      : random.nextDouble() * metric.scale().cap() * 1.3;
              personWeek(person, week, metric, value);
              if (!week.monday().isBefore(horizon)) {
                oracle.put(person, week, metric, value);
              }
            }
          }
        }
      }
    }

    WORLD.release(organization);

    for (var cadence : List.of(1, 4)) {
      var tallies =
          WORLD.as(
              DatabaseRole.RELEASER,
              organization,
              null,
              jdbc ->
                  new Tallies(organization, World.JSON)
                      .of(jdbc, Epoch.of(WEEK), cadence, WEEK.andBefore(cadence)));
      assertThat(tallies).hasSize(Metric.released().size());
      tallies.forEach((of, tally) ->
          assertThat(tally)
              .as("%s by %d", of.metric(), cadence)
              .isEqualTo(
                  oracle.tally(cadence == 1 ? people : few, of.metric(), WEEK.andBefore(cadence))));
    }
  }

  @Test
  void aGroupOfEightHasOneCellForTheEpochAndNoneForItsWeeks() {
    var people = WORLD.engineers(organization, team, "Eight", 8);
    for (var week : Epoch.of(WEEK).weeks()) {
      prompts(people, week, 30);
    }

    WORLD.release(organization);

    assertThat(cell(team, Metric.PROMPTS, Epoch.of(WEEK).first()))
        .satisfies(cell -> assertThat(cell.weeks()).isEqualTo(4))
        .satisfies(cell -> assertThat(cell.state()).isEqualTo("released"));
    assertThat(
            cells("week > '%s' and week <= '%s'".formatted(Epoch.of(WEEK).monday(), WEEK.monday())))
        .isZero();
  }

  @Test
  void smallTeamsAreCountedTogether() {
    var other = WORLD.team(organization, "Other");
    var people = new ArrayList<>(WORLD.engineers(organization, team, "Four", 4));
    people.addAll(WORLD.engineers(organization, other, "Six", 6));
    prompts(people, WEEK, 30);

    WORLD.release(organization);

    assertThat(cells("team_id in ('%s', '%s')".formatted(team, other))).isZero();
    assertThat(cell(organization, Metric.PROMPTS, WEEK).people()).isEqualTo(10);
  }

  @Test
  void somebodyOnHolidayCountsAsTheyUsuallyDo() {
    var people = WORLD.engineers(organization, team, "Rested", 12);
    prompts(people, WEEK.minus(1), 48);
    prompts(people.subList(1, 12), WEEK, 48);

    WORLD.release(organization);

    var tallies =
        WORLD.as(
            DatabaseRole.RELEASER,
            organization,
            null,
            jdbc ->
                new Tallies(organization, World.JSON).of(jdbc, Epoch.of(WEEK), 1, List.of(WEEK)));
    assertThat(tallies.get(new Tallies.Of(team, Metric.PROMPTS)))
        .isEqualTo(new Tally(11, 11, 12 * 48_000_000L));
  }

  @Test
  void theGroupIsTheEngineersWhoHadJoinedBeforeTheEpoch() {
    var people = WORLD.engineers(organization, team, "Old", 10);
    prompts(people, WEEK, 40);
    var late = WORLD.engineer(organization, team, "Late");
    WORLD
        .superuser()
        .sql("update identity.person set joined_on = :day where id = :id")
        .param("day", Epoch.of(WEEK).monday())
        .param("id", late)
        .update();
    WORLD.person(organization, team, "Boss", Role.MANAGER);

    WORLD.release(organization);

    assertThat(cell(team, Metric.PROMPTS, WEEK).people()).isEqualTo(10);
  }

  @Test
  void whoeverChangesTeamsStaysCountedWhereTheyWereUntilTheEpochEnds() {
    var people = WORLD.engineers(organization, team, "Moving", 12);
    at(RUNNING.plus(-1)).runFor(organization);
    var before = rosters(RUNNING.plus(-1));

    WORLD
        .superuser()
        .sql("update identity.person set team_id = null where id = :id")
        .param("id", people.getFirst())
        .update();
    at(RUNNING.plus(-1)).runFor(organization);
    var same = rosters(RUNNING.plus(-1));
    at(RUNNING).runFor(organization);

    assertThat(same).isEqualTo(before).hasSize(12);
    assertThat(rosters(RUNNING)).hasSize(11).doesNotContain(people.getFirst());
    assertThat(versions()).containsEntry(RUNNING.plus(-1).monday().toString(), 1);
    assertThat(versions()).containsEntry(RUNNING.monday().toString(), 2);
  }

  @Test
  void theFirstEpochOfATeamIsSilent() {
    WORLD.engineers(organization, team, "First", 10);
    at(RUNNING.plus(-2)).runFor(organization);
    var made = WORLD.team(organization, "Made for somebody");
    WORLD.engineers(organization, made, "Dummy", 10);

    at(RUNNING.plus(-1)).runFor(organization);
    at(RUNNING).runFor(organization);

    assertThat(groups(made)).containsExactly(RUNNING.monday().toString());
  }

  @Test
  void aDeletionWithholdsWhatIsOpenAndMakesANewRoster() {
    var people = WORLD.engineers(organization, team, "Forgotten", 12);
    prompts(people, WEEK, 40);
    for (var week : Epoch.of(WEEK).weeks()) {
      if (!week.equals(WEEK)) {
        prompts(people, week, 40);
      }
    }
    var frozen = Clock.fixed(Epoch.of(WEEK).first().due(), UTC);
    WORLD.releaser(frozen).runFor(organization);
    var shown = everything();

    forget(WORLD, organization, people.getFirst());
    WORLD.release(organization);

    assertThat(everything()).containsAll(shown);
    assertThat(cell(team, Metric.PROMPTS, Epoch.of(WEEK).first()).state()).isEqualTo("released");
    assertThat(cell(team, Metric.PROMPTS, WEEK).state()).isEqualTo("withheld");
    assertThat(rosters(Epoch.of(WEEK))).hasSize(11).doesNotContain(people.getFirst());
    assertThat(versions())
        .containsEntry(Epoch.of(WEEK).monday().toString(), 1)
        .containsEntry(Epoch.of(WEEK).plus(1).monday().toString(), 2);
  }

  @Test
  void withoutTheTriggerADeletionWouldShow() {
    assertThat(withdrawnAfterADeletion("enable always")).isEqualTo(1);
    assertThat(withdrawnAfterADeletion("disable")).isZero();
  }

  private static long withdrawnAfterADeletion(String trigger) {
    try (var other = new World(CLOCK)) {
      var theirs = other.organization();
      var people = other.engineers(theirs, other.team(theirs, "Payments"), "Forgotten", 12);
      other.releaser(atNoon(RUNNING)).runFor(theirs);
      personWeek(other, theirs, people.getFirst(), RUNNING.first(), Metric.PROMPTS, 3);
      other
          .superuser()
          .sql(
              "alter table release.person_week %s trigger a_deletion_closes_open_periods"
                  .formatted(trigger))
          .update();
      forget(other, theirs, people.getFirst());
      return other
          .superuser()
          .sql("select count(*) from release.frozen_group where withdrawn and epoch = :epoch")
          .param("epoch", RUNNING.monday())
          .query(Long.class)
          .single();
    }
  }

  @Test
  void everyWeekThatWasMissedIsMadeUpForAndTheRunningOneIsNot() {
    prompts(WORLD.engineers(organization, team, "Steady", 12), WEEK, 40);

    WORLD.release(organization);

    assertThat(publications()).hasSizeBetween(11, 13);
    assertThat(weeks())
        .contains(WEEK)
        .hasSizeGreaterThanOrEqualTo(8)
        .allMatch(week -> week.compareTo(IsoWeek.lastDue(CLOCK)) <= 0);
  }

  @Test
  void aReleasedCellDoesNotChangeWhateverComesLater() {
    var people = WORLD.engineers(organization, team, "Early", 12);
    prompts(people.subList(0, 9), WEEK, 40);
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
    assertThat(entries()).isEqualTo(publications().size());
  }

  @Test
  void aWeekWithDaysThatAreNotRolledUpWaits() {
    prompts(WORLD.engineers(organization, team, "Waiting", 12), WEEK, 40);
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
    prompts(WORLD.engineers(organization, team, "Logged", 12), WEEK, 40);

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
    assertThat(leaf)
        .contains("\"released\":2", "\"rules\":2", "\"groups\":1")
        .contains("\"withheld\":" + (Metric.released().size() - 2));
  }

  @Test
  void theSecretsOfARosterGoWhenItHasEnded() {
    var people = WORLD.engineers(organization, team, "Salted", 12);
    at(RUNNING.plus(-1)).runFor(organization);
    assertThat(salts()).isEqualTo(1);
    WORLD
        .superuser()
        .sql("update identity.person set team_id = null where id = :id")
        .param("id", people.getFirst())
        .update();

    at(RUNNING).runFor(organization);
    var open = salts();
    WORLD
        .superuser()
        .sql(
            """
            insert into release.publication (org_id, week, rules, groups, released, withheld)
            select :org, day::date, 2, 0, 0, 0
              from generate_series(:from::timestamp, :from::timestamp + interval '21 days', '7 days') day
                on conflict do nothing
            """)
        .param("org", organization)
        .param("from", RUNNING.plus(-1).monday())
        .update();
    at(RUNNING).runFor(organization);

    assertThat(open).isEqualTo(2);
    assertThat(salts()).isEqualTo(1);
  }

  @Test
  void anOrganizationMayOnlyAskForMoreAndOnlyInAnEpochToCome() {
    WORLD.engineers(organization, team, "Strict", 12);

    for (var refused :
        List.of(
            "('%s', '%s', 6, 5)".formatted(organization, RUNNING.plus(1).monday()),
            "('%s', '%s', 7, 4)".formatted(organization, RUNNING.plus(1).monday()),
            "('%s', '%s', 9, 6)".formatted(organization, RUNNING.monday()),
            "('%s', '%s', 9, 6)".formatted(organization, RUNNING.plus(1).monday().plusDays(7)))) {
      assertThatThrownBy(() -> threshold(refused)).isInstanceOf(RuntimeException.class);
    }
    threshold("('%s', '%s', 13, 8)".formatted(organization, RUNNING.plus(1).monday()));
    assertThatThrownBy(() ->
            threshold("('%s', '%s', 12, 8)".formatted(organization, RUNNING.plus(2).monday())))
        .hasStackTraceContaining("only ever raised");
    assertThatThrownBy(() ->
            WORLD
                .superuser()
                .sql("delete from release.threshold where org_id = :org")
                .param("org", organization)
                .update())
        .hasStackTraceContaining("never taken back");
    WORLD.release(organization);
    WORLD.as(
        DatabaseRole.RELEASER,
        organization,
        null,
        jdbc -> {
          new Groups(organization, new SecureRandom(), World.JSON)
              .freezeUpTo(jdbc, RUNNING, RUNNING.plus(1));
          return organization;
        });

    assertThat(groups(team))
        .contains(RUNNING.monday().toString())
        .doesNotContain(RUNNING.plus(1).monday().toString());
  }

  @Test
  void withoutTheTriggerAThresholdCouldBeLoweredForToday() {
    try (var weakened = new World(CLOCK)) {
      var theirs = weakened.organization();
      weakened
          .superuser()
          .sql("alter table release.threshold disable trigger only_raised")
          .update();
      var insert =
          "insert into release.threshold values ('%s', '%s', 7, 5)"
              .formatted(theirs, Epoch.of(IsoWeek.running(CLOCK)).monday());

      assertThat(weakened.superuser().sql(insert).update()).isEqualTo(1);
    }
  }

  @Test
  void theDatabaseRefusesACellBelowItsFloors() {
    WORLD.engineers(organization, team, "Real", 12);
    WORLD.release(organization);
    var free = new Numbers(12, 5, 1, 30, 15);

    for (var wrong :
        Map.of(
                "floor_of_five", free.active(4),
                "of_a_frozen_group", free.people(11),
                "seven_people_or_more", free.people(6),
                "weekly_from_ten_people", free.people(9),
                "at_least_one_step", free.value(5))
            .entrySet()) {
      assertThatThrownBy(() -> insertCell(WORLD, organization, team, WEEK, wrong.getValue()))
          .hasStackTraceContaining(wrong.getKey());
    }
    assertThatThrownBy(() -> insertCell(WORLD, organization, UUID.randomUUID(), WEEK, free))
        .hasStackTraceContaining("of_a_frozen_group");
    assertThatThrownBy(
            () -> insertCell(WORLD, organization, team, IsoWeek.lastDue(CLOCK).plus(1), free))
        .hasStackTraceContaining("_is_over");
  }

  @Test
  void withoutTheConstraintsAllOfThemWouldGoIn() {
    try (var weakened = new World(CLOCK)) {
      var theirs = weakened.organization();
      var theirTeam = weakened.team(theirs, "Payments");
      weakened
          .superuser()
          .sql(
              """
              alter table release.released_cell
                drop constraint floor_of_five, drop constraint floor_of_its_group,
                drop constraint of_a_frozen_group, drop constraint seven_people_or_more,
                drop constraint weekly_from_ten_people, drop constraint at_least_one_step,
                drop constraint the_week_is_over, drop constraint the_epoch_is_over
              """)
          .update();

      assertThatCode(() ->
              insertCell(
                  weakened,
                  theirs,
                  theirTeam,
                  IsoWeek.lastDue(CLOCK).plus(1),
                  new Numbers(4, 3, 1, 1, 15)))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void theDatabaseRefusesASecondCellOfTheSameWeek() {
    WORLD.engineers(organization, team, "Twice", 12);
    WORLD.release(organization);
    var numbers = new Numbers(12, 6, 1, 30, 15);
    insertCell(WORLD, organization, team, WEEK, numbers);

    assertThatThrownBy(() -> insertCell(WORLD, organization, team, WEEK, numbers))
        .hasStackTraceContaining("duplicate key");
  }

  @Test
  void theDatabaseRefusesToChangeACellOrTheLedgerEvenForItsSuperuser() {
    prompts(WORLD.engineers(organization, team, "Fixed", 12), WEEK, 40);
    WORLD.release(organization);

    for (var attack :
        List.of(
            "update release.released_cell set value = 1 where org_id = :org",
            "delete from release.released_cell where org_id = :org",
            "update release.publication set released = 1 where org_id = :org",
            "delete from release.publication where org_id = :org")) {
      assertThatThrownBy(() -> WORLD.superuser().sql(attack).param("org", organization).update())
          .hasStackTraceContaining("a released cell never changes");
    }
  }

  @Test
  void withoutTheTriggerACellCouldBeRewritten() {
    try (var weakened = new World(CLOCK)) {
      var theirs = weakened.organization();
      var theirTeam = weakened.team(theirs, "Payments");
      weakened.engineers(theirs, theirTeam, "Weak", 12);
      weakened.release(theirs);
      weakened
          .superuser()
          .sql("alter table release.released_cell disable trigger no_change")
          .update();

      var changed = weakened.superuser().sql("update release.released_cell set rules = 3").update();

      assertThat(changed).isPositive();
    }
  }

  /// A cell's numbers, with one of them wrong.
  private record Numbers(
      int people, @Nullable Integer active, int weeks, double value, double step) {
    Numbers active(int other) {
      return new Numbers(people, other, weeks, value, step);
    }

    Numbers people(int other) {
      return new Numbers(other, active, weeks, value, step);
    }

    Numbers value(double other) {
      return new Numbers(people, active, weeks, other, step);
    }
  }

  private static int insertCell(
      World world, UUID organization, UUID team, IsoWeek week, Numbers numbers) {
    return world.as(
        DatabaseRole.RELEASER,
        organization,
        null,
        jdbc ->
            jdbc.sql(
                    """
                    insert into release.released_cell
                      (org_id, team_id, metric, week, weeks, state, value, step, people, active, rules)
                    values (:org, :team, 'test_metric', :week, :weeks, 'released', :value, :step,
                            :people, :active::int, 1)
                    """)
                .param("org", organization)
                .param("team", team)
                .param("week", week.monday())
                .param("weeks", numbers.weeks())
                .param("value", numbers.value())
                .param("step", numbers.step())
                .param("people", numbers.people())
                .param("active", numbers.active())
                .update());
  }

  private static Releaser at(Epoch epoch) {
    return WORLD.releaser(atNoon(epoch));
  }

  private static Clock atNoon(Epoch epoch) {
    return Clock.fixed(epoch.monday().atTime(12, 0).toInstant(UTC), UTC);
  }

  /// As retention deletes: for one organization.
  private static void forget(World world, UUID organization, UUID person) {
    world
        .superuser()
        .sql(
            """
            with scope as materialized (select set_config('app.org_id', :org, true))
            delete from release.person_week using scope where person_id = :id
            """)
        .param("org", organization.toString())
        .param("id", person)
        .update();
  }

  private static void threshold(String row) {
    WORLD.superuser().sql("insert into release.threshold values " + row).update();
  }

  private void prompts(List<UUID> people, IsoWeek week, double value) {
    for (var person : people) {
      personWeek(person, week, Metric.ACTIVE_DAYS, 3);
      personWeek(person, week, Metric.PROMPTS, value);
    }
  }

  private void personWeek(UUID person, IsoWeek week, Metric metric, double value) {
    personWeek(WORLD, organization, person, week, metric, value);
  }

  private static void personWeek(
      World world, UUID organization, UUID person, IsoWeek week, Metric metric, double value) {
    world
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

  private Found cell(UUID group, Metric metric, IsoWeek week) {
    return WORLD
        .superuser()
        .sql(
            """
            select state, value, step, people, weeks, active from release.released_cell
             where org_id = :org and team_id = :team and metric = :metric and week = :week
            """)
        .param("org", organization)
        .param("team", group)
        .param("metric", metric.sqlName())
        .param("week", week.monday())
        .query(Found.class)
        .single();
  }

  private long cells(String where) {
    return WORLD
        .superuser()
        .sql("select count(*) from release.released_cell where org_id = :org and " + where)
        .param("org", organization)
        .query(Long.class)
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

  private List<String> publications() {
    return texts("select week::text from release.publication where org_id = :org");
  }

  private List<String> groups(UUID group) {
    return texts(
        "select epoch::text from release.frozen_group where org_id = :org and team_id = '%s'"
            .formatted(group));
  }

  private Map<String, Integer> versions() {
    var versions = new HashMap<String, Integer>();
    for (var row :
        texts(
            "select epoch || '=' || version from release.frozen_group where org_id = :org and team_id = '%s'"
                .formatted(team))) {
      var parts = row.split("=", -1);
      versions.put(parts[0], Integer.valueOf(parts[1]));
    }
    return versions;
  }

  private List<UUID> rosters(Epoch epoch) {
    return texts(
            "select person_id::text from release.roster where org_id = :org and epoch = '%s' order by 1"
                .formatted(epoch.monday()))
        .stream()
        .map(UUID::fromString)
        .toList();
  }

  private long salts() {
    return texts("select team_id::text from release.roster_salt where org_id = :org").size();
  }

  private List<String> everything() {
    return texts(
        """
        select c::text as row from release.released_cell c where org_id = :org
         order by team_id, metric, week
        """);
  }

  private List<String> texts(String sql) {
    return WORLD.superuser().sql(sql).param("org", organization).query(String.class).stream()
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
