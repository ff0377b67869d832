// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The invariants of released numbers by their names (docs/aggregates.md), and those of them that
/// no other test has.
class InvariantsIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final IsoWeek WEEK = IsoWeek.lastDue(CLOCK);
  private static final Path MODULES = Path.of("..");
  private static final World WORLD = new World(CLOCK);
  private static final UUID OURS = WORLD.organization();
  private static final UUID TEAM = WORLD.team(OURS, "Payments");
  private static final UUID FEW = WORLD.team(OURS, "Few");
  private static final List<UUID> PEOPLE = WORLD.engineers(OURS, TEAM, "Payer", 12);
  private static final UUID THEIR_TEAM = WORLD.team(WORLD.organization(), "Theirs");
  private static final Pages PAGES = start();

  private static Pages start() {
    var few = WORLD.engineers(OURS, FEW, "One of few", 4);
    for (var week : WEEK.andBefore(4)) {
      PEOPLE.forEach(person -> work(OURS, person, week, 60));
      few.forEach(person -> work(OURS, person, week, 60));
    }
    return Pages.over(WORLD);
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  /// Which tests hold an invariant: what it says, and that it can be broken.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          I1  | analytics-service GrantsIT | aManagersRoleReadsNothingRaw withoutRowSecurityItWouldSeeEverybodysTeams
          I2  | analytics-service GroupingTest | everybodyIsInOneGroupAtMostAndNoGroupHasFewerThanSeven
          I3  | analytics-service ReleaserIT | theDatabaseRefusesACellBelowItsFloors withoutTheConstraintsAllOfThemWouldGoIn
          I4  | analytics-service ReleaserIT | fourActivePeopleAreWithheld whatTheDatabaseCountsIsWhatIsCountedPersonByPerson
          I5  | analytics-service StepsTest | onePersonsWholeDataMovesAnyNumberByOneStepAtMost withHalfAStepOnePersonWouldMoveItFurther
          I6  | analytics-service InvariantsIT | whoOfAGroupHasWhichDataChangesNothing
          I7  | analytics-service ReleaserIT | somebodyOnHolidayCountsAsTheyUsuallyDo
          I8  | analytics-service AttacksIT | itWorksOnTheTwinAndNotHere
          I9  | analytics-service ReleaserIT | aReleasedCellDoesNotChangeWhateverComesLater withoutTheTriggerACellCouldBeRewritten
          I10 | analytics-service InvariantsIT | aWeekComesOutAtOnceAndNotBeforeItIsDue
          I11 | analytics-service InvariantsIT | theLineIsTheMeanOfTheCellsBitForBit
          I12 | analytics-service AttacksIT | itWorksOnTheTwinAndNotHere
          I13 | analytics-service GateTest | whateverTheReasonAWithheldCellIsTheSame
          I14 | analytics-service InvariantsIT | whateverIsAskedTheAnswerIsReleasedCells
          I15 | analytics-service InvariantsIT | whoeverAsksTheAnswerIsTheSame
          I16 | analytics-service MetricTest | everyMetricSaysWhatItMeansAndHowItIsMisread everyRateHasALeastDenominatorAndAConstantWithinItsCap
          I17 | analytics-service StepsTest | neitherNothingNorEverythingIsEverShown
          I18 | analytics-service ReleaserIT | theSecretsOfARosterGoWhenItHasEnded
          I19 | all-in-one RetentionSimulationIT | noRoleReadsPastAWindowNoPurgeChangesANumberAndEachStandsInTheLog theTwinWithAReleaserWhoSeesAllReadsPastTheWindow
          I20 | analytics-service PagesIT | nothingThatAManagerCanOpenNamesAPerson theSameWalkOverAnEngineersOwnPagesFindsThatPerson
          I21 | analytics-service InvariantsIT | howLongAnAnswerTakesDoesNotSayWhetherATeamIsThere
          I22 | analytics-service PagesIT | pageTableAndProgramShowTheSameCells
          I23 | analytics-service NotesIT | theProviderGetsReleasedCellsAndNothingElse theTwinThatIsGivenSomethingElseIsFound
          I24 | analytics-service GroupingTest | theFourthRosterWithin26WeeksGoesToTheSmallTeams
          I25 | analytics-service ReleaserIT | anOrganizationMayOnlyAskForMoreAndOnlyInAnEpochToCome withoutTheTriggerAThresholdCouldBeLoweredForToday
          I26 | analytics-service MatrixIT | aForeignIdAndAMissingOneAreTheSameNothing
          I26 | analytics-service GrantsIT | anEngineersRoleSeesTheirOwnRowsAndNobodyElses withoutRowSecurityTheyWouldSeeEverybodys
          """)
  void everyInvariantHasItsTests(String invariant, String place, String tests) throws IOException {
    var module = place.split(" ", -1)[0];
    var name = place.split(" ", -1)[1];
    try (var files = Files.walk(MODULES.resolve(module).resolve("src/test/java"))) {
      var source =
          Files.readString(
              files.filter(file -> file.endsWith(name + ".java")).findFirst().orElseThrow());

      for (var test : tests.split(" ", -1)) {
        assertThat(source).as(invariant).contains("void " + test + "(");
      }
    }
  }

  @Test
  void whoOfAGroupHasWhichDataChangesNothing() {
    var random = new Random(6);
    var values = new ArrayList<Double>();
    for (var person = 0; person < 12; person++) {
      values.add(10.0 + 9 * person);
    }
    var before = tallyOf(values, 0);

    for (var round = 0; round < 3; round++) {
      Collections.shuffle(values, random);
      assertThat(tallyOf(values, 0)).isEqualTo(before);
    }
    // Whose it is counts as soon as it is somebody's of another group.
    assertThat(tallyOf(values, 1)).isNotEqualTo(before);
  }

  /// @param elsewhere how many of the people are of another team
  private static Tally tallyOf(List<Double> values, int elsewhere) {
    var organization = WORLD.organization();
    var team = WORLD.team(organization, "Shuffled");
    var other = WORLD.team(organization, "Other");
    for (var place = 0; place < values.size(); place++) {
      var person = WORLD.engineer(organization, place < elsewhere ? other : team, "P " + place);
      for (var week : WEEK.andBefore(2)) {
        work(organization, person, week, values.get(place));
      }
    }
    WORLD.release(organization);
    var tallies =
        WORLD.as(
            DatabaseRole.RELEASER,
            organization,
            null,
            jdbc ->
                new Tallies(organization, World.JSON)
                    .of(jdbc, Epoch.of(WEEK), 1, WEEK.andBefore(1)));
    return tallies.getOrDefault(new Tallies.Of(team, Metric.PROMPTS), new Tally(0, 0, 0));
  }

  @Test
  void aWeekComesOutAtOnceAndNotBeforeItIsDue() {
    assertThat(cellsThat("true")).isPositive();
    assertThat(
            cellsThat(
                "released_at < (week + 7 * weeks)::timestamp at time zone 'UTC' + interval '72 hours'"))
        .isZero();
    assertThat(
            number(
                """
                select coalesce(max(moments), 0) from (
                  select count(distinct released_at) as moments
                    from release.released_cell
                   group by org_id, week + 7 * weeks) released
                """))
        .isOne();
    // Had a longer wait been promised, the same question would find what breaks it.
    assertThat(
            cellsThat(
                "released_at < (week + 7 * weeks)::timestamp at time zone 'UTC' + interval '9000 days'"))
        .isPositive();
  }

  @Test
  void theLineIsTheMeanOfTheCellsBitForBit() {
    var lines =
        WORLD
            .superuser()
            .sql(
                """
                select line.value = (
                         select sum(c.value * c.people order by c.team_id) / sum(c.people)
                           from release.released_cell c
                          where c.org_id = line.org_id and c.metric = line.metric
                            and c.week = line.week and c.weeks = line.weeks
                            and c.state = 'released') as holds
                  from release.organization_line line
                 where org_id = :org
                """)
            .param("org", OURS)
            .query((row, _) -> row.getBoolean(1))
            .list();

    assertThat(lines).isNotEmpty().containsOnly(true);
  }

  @Test
  void whateverIsAskedTheAnswerIsReleasedCells() {
    var token = tokenOf(manager("Fuzzing manager"));
    var random = new Random(14);
    var released = releasedOf(OURS);
    var answered = 0;

    for (var round = 0; round < 300; round++) {
      var answer = PAGES.get("/v1/cells?" + anyQuery(random), token);
      if (answer.statusCode() == 200) {
        answered++;
        assertThat(strangeCells(World.JSON.readTree(answer.body()), released)).isEmpty();
      } else {
        assertThat(answer.statusCode()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain("\"value\"");
      }
    }

    assertThat(answered).isGreaterThan(10);
    var forged =
        "{\"cells\":[{\"metric\":\"prompts\",\"week\":\"%s\",\"value\":61.5}]}".formatted(WEEK);
    assertThat(strangeCells(World.JSON.readTree(forged), released)).isNotEmpty();
  }

  private static String anyQuery(Random random) {
    var names = List.of("leaf", "metric", "from", "to", "tool", "sort", "person", "group_by");
    var words =
        List.of(
            TEAM.toString(),
            FEW.toString(),
            THEIR_TEAM.toString(),
            PEOPLE.getFirst().toString(),
            "prompts",
            "tokens",
            "active_days",
            WEEK.toString(),
            WEEK.minus(2).toString(),
            WEEK.plus(1).toString(),
            "2026-W99",
            "2026-10-01",
            "*",
            "%27",
            "",
            "-1",
            "null");
    var query =
        new StringBuilder("leaf=" + (random.nextInt(3) > 0 ? TEAM : words.get(random.nextInt(4))));
    for (var more = random.nextInt(3); more > 0; more--) {
      query
          .append('&')
          .append(names.get(1 + random.nextInt(random.nextInt(3) > 0 ? 3 : 7)))
          .append('=')
          .append(words.get(random.nextInt(words.size())));
    }
    return query.toString();
  }

  private static List<String> releasedOf(UUID organization) {
    return WORLD
        .superuser()
        .sql(
            """
            select metric || ' ' || to_char(week, 'IYYY-"W"IW') || ' ' || coalesce(value::text, 'withheld')
              from release.released_cell where org_id = :org
            """)
        .param("org", organization)
        .query((row, _) -> row.getString(1))
        .list();
  }

  private static List<String> strangeCells(JsonNode answer, List<String> released) {
    return answer
        .get("cells")
        .valueStream()
        .map(cell ->
            "%s %s %s"
                .formatted(
                    cell.get("metric").asString(),
                    cell.get("week").asString(),
                    cell.has("value") ? plain(cell.get("value").asDouble()) : "withheld"))
        .filter(cell -> !released.contains(cell))
        .toList();
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  @Test
  void whoeverAsksTheAnswerIsTheSame() {
    var one = manager("One manager");
    var other = manager("Other manager");

    for (var path : List.of("/teams", "/teams/" + TEAM, "/teams/" + FEW, "/organization")) {
      assertThat(PAGES.get(path, sessionOf(one)).body())
          .as(path)
          .isEqualTo(PAGES.get(path, sessionOf(other)).body());
    }
    assertThat(PAGES.get("/v1/cells?leaf=" + TEAM, tokenOf(one)).body())
        .isEqualTo(PAGES.get("/v1/cells?leaf=" + TEAM, tokenOf(other)).body());
    // Where an answer is somebody's own, it is another one for another.
    assertThat(PAGES.get("/account", sessionOf(one)).body())
        .isNotEqualTo(PAGES.get("/account", sessionOf(other)).body());
  }

  /// Both are asked in turn, so that whatever else the machine does slows both. If one were slower,
  /// it would be in more than half of the pairs: four standard deviations are allowed.
  @Test
  void howLongAnAnswerTakesDoesNotSayWhetherATeamIsThere() {
    var pass = sessionOf(manager("Timing manager"));
    var pairs = 400;
    var half = pairs / 2.0;
    var allowed = 4 * Math.sqrt(pairs) / 2;

    var foreign = slower("/teams/" + THEIR_TEAM, "/teams/" + UUID.randomUUID(), pairs, pass);
    var own = slower("/teams/" + TEAM, "/teams/" + UUID.randomUUID(), pairs, pass);

    assertThat(foreign).isBetween(half - allowed, half + allowed);
    assertThat(own).as("a page with numbers takes longer").isGreaterThan(half + allowed);
  }

  private static double slower(String one, String other, int pairs, Pass pass) {
    IntStream.range(0, 50)
        .forEach(_ -> {
          took(one, pass);
          took(other, pass);
        });
    return IntStream.range(0, pairs)
        .filter(pair ->
            pair % 2 == 0
                ? took(one, pass) > took(other, pass)
                : took(other, pass) < took(one, pass))
        .count();
  }

  private static long took(String path, Pass pass) {
    var begin = System.nanoTime();
    PAGES.get(path, pass);
    return System.nanoTime() - begin;
  }

  private static UUID manager(String name) {
    return WORLD.person(OURS, null, name, Role.MANAGER);
  }

  private static Pass sessionOf(UUID person) {
    return Pass.session(WORLD.secret(OURS, person, CredentialKind.SESSION));
  }

  private static Pass tokenOf(UUID person) {
    return Pass.token(WORLD.secret(OURS, person, CredentialKind.API));
  }

  private static void work(UUID organization, UUID person, IsoWeek week, double prompts) {
    Map.of(Metric.ACTIVE_DAYS, 4.0, Metric.PROMPTS, prompts)
        .forEach((metric, value) ->
            WORLD
                .superuser()
                .sql(
                    "insert into release.person_week values (:org, :person, :week, :metric, :value)")
                .param("org", organization)
                .param("person", person)
                .param("week", week.monday())
                .param("metric", metric.sqlName())
                .param("value", value)
                .update());
  }

  private static long cellsThat(String condition) {
    return number("select count(*) from release.released_cell where " + condition);
  }

  private static long number(String sql) {
    return WORLD.superuser().sql(sql).query(Long.class).single();
  }
}
