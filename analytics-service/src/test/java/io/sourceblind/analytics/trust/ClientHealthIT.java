// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.analytics.World;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHealthIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final World WORLD = new World(CLOCK);
  private static final Epoch EPOCH = Epoch.of(IsoWeek.lastDue(CLOCK).plus(1)).plus(-1);
  private static final Instant WITHIN = EPOCH.monday().plusDays(9).atTime(9, 0).toInstant(UTC);

  private record Counted(int engineers, @Nullable Integer silent, String versions) {}

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 18, 20})
  void fewSilentEngineersAndAllOfThemLookTheSame(int silent) {
    var organization = organizationOf(20, silent, "0.1.0");

    health(organization, 1);

    assertThat(counted(organization).silent()).isNull();
  }

  @Test
  void anExactCountWouldTellWhoIsAway() {
    var organization = organizationOf(20, 1, "0.1.0");

    assertThat(exactlySilent(organization)).isOne();
  }

  @Test
  void onePersonMovesTheCountByOneStepAtMost() {
    for (var seed = 0; seed < 8; seed++) {
      var before = organizationOf(24, 11, "0.1.0");
      var after = organizationOf(24, 12, "0.1.0");

      health(before, seed);
      health(after, seed);

      var silent = Objects.requireNonNull(counted(before).silent());
      assertThat(silent).isIn(10, 15);
      assertThat(counted(after).silent()).isIn(silent, silent + 5);
    }
  }

  @Test
  void nothingIsSaidOfFewerThanTen() {
    var organization = organizationOf(9, 4, "0.1.0");

    health(organization, 1);

    assertThat(counted(organization)).isEqualTo(new Counted(9, null, ""));
  }

  @Test
  void theDatabaseRefusesToSayIt() {
    var organization = organizationOf(9, 4, "0.1.0");
    var said =
        """
        insert into release.client_health (org_id, epoch, engineers, silent, versions)
        values ('%s', release.epoch_of('2026-01-05'), 9, 5, '{}')
        """
            .formatted(organization);

    assertThatThrownBy(() -> WORLD.superuser().sql(said).update())
        .hasStackTraceContaining("nothing_is_said_of_fewer_than_ten");

    try (var weakened = new World(CLOCK)) {
      weakened
          .superuser()
          .sql(
              "alter table release.client_health drop constraint nothing_is_said_of_fewer_than_ten")
          .update();
      var there = weakened.organization();
      assertThat(
              weakened
                  .superuser()
                  .sql(said.replace(organization.toString(), there.toString()))
                  .update())
          .isOne();
    }
  }

  @Test
  void aVersionIsNamedThatManyRunAndNoneThatFewRun() {
    var organization = organizationOf(20, 0, "0.2.0");
    var team = WORLD.team(organization, "Early");
    for (var person : WORLD.engineers(organization, team, "Early", 4)) {
      sends(organization, person, WITHIN, "0.3.0");
    }
    WORLD.store();

    health(organization, 1);

    assertThat(counted(organization).versions()).isEqualTo("0.2.0");
  }

  @Test
  void aVersionThatIsNoNumberIsNotNamed() {
    var organization = organizationOf(20, 0, "ask-alice-about-it");

    health(organization, 1);

    assertThat(counted(organization).versions()).isEmpty();
    assertThat(
            WORLD
                .superuser()
                .sql(
                    "select count(*) from capture.event where org_id = :org and client_version ="
                        + " 'ask-alice-about-it'")
                .param("org", organization)
                .query(Long.class)
                .single())
        .isEqualTo(20);
  }

  @Test
  void whatComesLaterChangesNothing() {
    var organization = WORLD.organization();
    var people = people(organization, 20);
    people.subList(0, 8).forEach(person -> sends(organization, person, WITHIN, "0.1.0"));
    WORLD.store();
    health(organization, 1);
    var before = counted(organization);

    people.forEach(person -> sends(organization, person, WITHIN.plusSeconds(60), "0.9.0"));
    WORLD.store();
    health(organization, 2);

    assertThat(exactlySilent(organization)).isZero();
    assertThat(counted(organization)).isEqualTo(before);
    assertThatThrownBy(() ->
            WORLD
                .superuser()
                .sql("update release.client_health set silent = 5 where org_id = :org")
                .param("org", organization)
                .update())
        .hasStackTraceContaining("never changes");
  }

  @Test
  void muchThatIsLeftOutIsSaidAndLittleIsNot() {
    var much = organizationOf(20, 0, "0.1.0");
    var little = organizationOf(20, 0, "0.1.0");
    leftOut(much, 201);
    leftOut(little, 200);

    health(much, 1);
    health(little, 1);

    assertThat(List.of(manyDropped(much), manyDropped(little))).containsExactly(true, false);
  }

  @ParameterizedTest
  @EnumSource(names = {"MANAGER_API", "ENGINEER_API"})
  void aManagersRoleAndAnEngineersReadTheCountAndNotWhatItIsMadeOf(DatabaseRole role) {
    var organization = organizationOf(20, 12, "0.1.0");
    health(organization, 1);

    var panel = WORLD.as(role, organization, null, jdbc -> Panel.of(jdbc, organization, CLOCK));

    assertThat(Objects.requireNonNull(panel.clients()).silentWords())
        .matches("about 1[05] of 20, in steps of 5");
    assertThatThrownBy(() ->
            WORLD.as(
                role,
                organization,
                null,
                jdbc -> jdbc.sql("select 1 from release.left_out").query().listOfRows()))
        .hasStackTraceContaining("permission denied");
  }

  private static void health(UUID organization, int seed) {
    new ClientHealth(
            WORLD.database().as(DatabaseRole.RELEASER),
            new AuditLog(CLOCK),
            new Random(seed),
            CLOCK)
        .runFor(organization);
  }

  private static UUID organizationOf(int engineers, int silent, String version) {
    var organization = WORLD.organization();
    people(organization, engineers)
        .subList(silent, engineers)
        .forEach(person -> sends(organization, person, WITHIN, version));
    WORLD.store();
    return organization;
  }

  private static void sends(UUID organization, UUID person, Instant at, String version) {
    WORLD.event(
        organization,
        person,
        at,
        "prompt.submitted",
        UUID.randomUUID(),
        Map.of("client_version", version));
  }

  private static void leftOut(UUID organization, int times) {
    WORLD
        .superuser()
        .sql(
            """
            insert into release.left_out (org_id, on_day, field, reason, times)
            values (:org, :day, 'unlisted', 'dropped', :times)
            """)
        .param("org", organization)
        .param("day", EPOCH.monday().plusDays(27))
        .param("times", times)
        .update();
  }

  private static Boolean manyDropped(UUID organization) {
    return WORLD
        .superuser()
        .sql("select many_dropped from release.client_health where org_id = :org")
        .param("org", organization)
        .query(Boolean.class)
        .single();
  }

  private static Counted counted(UUID organization) {
    return WORLD
        .superuser()
        .sql(
            """
            select engineers, silent, array_to_string(versions, ' ') as versions
              from release.client_health where org_id = :org
            """)
        .param("org", organization)
        .query((row, _) ->
            new Counted(
                row.getInt("engineers"),
                row.getObject("silent", Integer.class),
                row.getString("versions")))
        .single();
  }

  private static List<UUID> people(UUID organization, int engineers) {
    return WORLD.engineers(
        organization, WORLD.team(organization, "Payments"), "Somebody", engineers);
  }

  private static int exactlySilent(UUID organization) {
    return WORLD
        .superuser()
        .sql(
            """
            select count(*) from identity.person p
             where org_id = :org
               and not exists (select from capture.event e
                                where e.org_id = p.org_id and e.person_id = p.id)
            """)
        .param("org", organization)
        .query(Integer.class)
        .single();
  }
}
