// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class GrantsIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final World WORLD = new World(CLOCK);
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID TEAM = WORLD.team(ORGANIZATION, "Payments");
  private static final UUID ONE = WORLD.engineer(ORGANIZATION, TEAM, "One");
  private static final UUID OTHER = WORLD.engineer(ORGANIZATION, TEAM, "Other");

  static {
    for (var person : new UUID[] {ONE, OTHER}) {
      WORLD.event(
          ORGANIZATION,
          person,
          IsoWeek.lastDue(CLOCK).due(),
          "prompt.submitted",
          UUID.randomUUID(),
          Map.of());
    }
    WORLD.store();
    WORLD.rollUp(ORGANIZATION);
  }

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1 from capture.event",
        "select 1 from capture.prompt_submitted",
        "select 1 from release.person_week",
        "select 1 from release.dirty_day",
        "select active from release.released_cell",
        "select 1 from identity.credential",
        "insert into release.released_cell default values"
      })
  void aManagersRoleReadsNothingRaw(String attack) {
    assertThatThrownBy(() -> rows(DatabaseRole.MANAGER_API, ONE, attack))
        .hasStackTraceContaining("permission denied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1 from capture.event",
        "select 1 from release.person_week",
        "select 1 from identity.person",
        "select active from release.released_cell"
      })
  void aReviewersRoleReadsNoContentAndNobody(String attack) {
    assertThatThrownBy(() -> rows(DatabaseRole.REVIEWER_API, ONE, attack))
        .hasStackTraceContaining("permission denied");
  }

  @Test
  void anEngineersRoleSeesTheirOwnRowsAndNobodyElses() {
    assertThat(people(WORLD, ONE, "capture.event")).isEqualTo(1);
    assertThat(people(WORLD, ONE, "capture.prompt_submitted")).isEqualTo(1);
    assertThat(people(WORLD, ONE, "release.person_week")).isEqualTo(1);
    assertThat(people(WORLD, UUID.randomUUID(), "capture.event")).isZero();
    assertThat(people(WORLD, null, "capture.event")).isZero();
  }

  @Test
  void withoutRowSecurityTheyWouldSeeEverybodys() {
    try (var weakened = new World(CLOCK)) {
      var organization = weakened.organization();
      var team = weakened.team(organization, "Payments");
      var people = weakened.engineers(organization, team, "Somebody", 2);
      for (var person : people) {
        weakened.event(
            organization,
            person,
            IsoWeek.lastDue(CLOCK).due(),
            "prompt.submitted",
            UUID.randomUUID(),
            Map.of());
      }
      weakened.store();
      weakened.database().withoutDdlGuard();
      weakened.superuser().sql("alter table capture.event disable row level security").update();

      var seen =
          weakened.as(
              DatabaseRole.ENGINEER_API,
              organization,
              people.getFirst(),
              jdbc ->
                  jdbc.sql("select count(distinct person_id) from capture.event")
                      .query(Integer.class)
                      .single());

      assertThat(seen).isEqualTo(2);
    }
  }

  @Test
  void aManagersRoleSeesTheTeamsOfOneOrganization() {
    assertThat(teamsSeenFromElsewhere(WORLD)).isZero();
  }

  @Test
  void withoutRowSecurityItWouldSeeEverybodysTeams() {
    try (var weakened = new World(CLOCK)) {
      weakened.superuser().sql("alter table identity.team disable row level security").update();

      assertThat(teamsSeenFromElsewhere(weakened)).isPositive();
    }
  }

  private static int teamsSeenFromElsewhere(World world) {
    world.team(world.organization(), "Secret team");
    return world.as(
        DatabaseRole.MANAGER_API,
        world.organization(),
        null,
        jdbc -> jdbc.sql("select count(*) from identity.team").query(Integer.class).single());
  }

  @ParameterizedTest
  @EnumSource(
      value = DatabaseRole.class,
      names = {"RELEASER", "INGEST_WRITER", "RETENTION"})
  void thePagesLoginCannotTakeARoleThatReadsMore(DatabaseRole role) {
    try (var pages = WORLD.database().pool(Login.ANALYTICS)) {
      assertThatThrownBy(() -> JdbcClient.create(pages).sql("set role " + role.sqlName()).update())
          .hasStackTraceContaining("permission denied to set role");
    }
  }

  @Test
  void howOftenSomebodyLookedIsToldOfOnesOwnTeamOnly() {
    var looks = "select looks from audit.looks_at_own_team('2020-01-01')";

    assertThat(rows(DatabaseRole.ENGINEER_API, ONE, looks)).isZero();
    assertThatThrownBy(() -> rows(DatabaseRole.MANAGER_API, ONE, looks))
        .hasStackTraceContaining("permission denied");
    assertThatThrownBy(() -> rows(DatabaseRole.ENGINEER_API, ONE, "select leaf from audit.entry"))
        .hasStackTraceContaining("permission denied");
  }

  private static int rows(DatabaseRole role, UUID person, String sql) {
    return WORLD.as(role, ORGANIZATION, person, jdbc -> jdbc.sql(sql).query().listOfRows().size());
  }

  private static int people(World world, @Nullable UUID person, String from) {
    return world.as(
        DatabaseRole.ENGINEER_API,
        ORGANIZATION,
        person,
        jdbc ->
            jdbc.sql("select count(distinct person_id) from " + from)
                .query(Integer.class)
                .single());
  }
}
