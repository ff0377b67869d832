// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class AdminIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID OWNER = WORLD.person(ORGANIZATION, null, "Boss", Role.OWNER);
  private static final UUID THEIR_TEAM = WORLD.team(WORLD.organization(), "Theirs");
  private static final Pages PAGES = Pages.over(WORLD);

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void aMemberWhoIsRemovedIsOutWithTheirNextRequest() {
    var person = WORLD.person(ORGANIZATION, null, "Leaver", Role.REVIEWER);
    var session = as(person);
    var token = Pass.token(WORLD.secret(ORGANIZATION, person, CredentialKind.API));
    assertThat(PAGES.get("/trust", session).statusCode()).isEqualTo(200);
    assertThat(PAGES.get("/v1/proof/left-out", token).statusCode()).isEqualTo(200);

    PAGES.post("/admin/members/%s/remove".formatted(person), Map.of(), as(OWNER));

    assertThat(PAGES.get("/trust", session).statusCode()).isEqualTo(302);
    assertThat(PAGES.get("/v1/proof/left-out", token).statusCode()).isEqualTo(401);
    assertThat(PAGES.get("/admin/members", as(OWNER)).body()).doesNotContain("Leaver");
    assertThat(entries("member.removed", person.toString())).isEqualTo(1);
  }

  @Test
  void aMemberChangesRoleAndTeam() {
    var person = WORLD.person(ORGANIZATION, null, "Mover", Role.BILLING);
    var team = WORLD.team(ORGANIZATION, "New team");
    var session = as(person);

    PAGES.post(
        "/admin/members/%s/change".formatted(person),
        Map.of("role", "engineer", "team", team.toString()),
        as(OWNER));

    assertThat(PAGES.get("/seats", session).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/me", session).statusCode()).isEqualTo(200);
    assertThat(
            WORLD
                .superuser()
                .sql("select team_id from identity.person where id = :person")
                .param("person", person)
                .query((row, _) -> row.getObject("team_id", UUID.class))
                .single())
        .isEqualTo(team);
    assertThat(entries("member.changed", person.toString())).isEqualTo(1);
  }

  @Test
  void nobodyIsPutIntoATeamOfAnotherOrganization() {
    var person = WORLD.person(ORGANIZATION, null, "Stayer", Role.ENGINEER);

    var answer =
        PAGES.post(
            "/admin/members/%s/change".formatted(person),
            Map.of("role", "engineer", "team", THEIR_TEAM.toString()),
            as(OWNER));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(entries("member.changed", person.toString())).isZero();
  }

  @Test
  void theLastOwnerCannotBeRemoved() {
    var organization = WORLD.organization();
    var last = WORLD.person(organization, null, "Last", Role.OWNER);

    var answer =
        PAGES.post(
            "/admin/members/%s/remove".formatted(last),
            Map.of(),
            Pass.session(WORLD.secret(organization, last, CredentialKind.SESSION)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("An organization needs an owner");
  }

  @Test
  void aTeamIsAddedOnce() {
    assertThat(PAGES.post("/admin/teams", Map.of("name", "Once"), as(OWNER)).statusCode())
        .isEqualTo(302);

    var twice = PAGES.post("/admin/teams", Map.of("name", "Once"), as(OWNER));

    assertThat(twice.statusCode()).isEqualTo(400);
    assertThat(twice.body()).contains("There is a team of this name already.");
    assertThat(PAGES.get("/admin/teams", as(OWNER)).body()).contains("Once", "0 members");
  }

  @Test
  void thePolicyIsChangedWithinItsBounds() {
    var policy = new HashMap<>(Map.of("days", "30", "profile", "metadata", "paths", "hashed"));

    var changed = PAGES.post("/admin/policy", policy, as(OWNER));
    policy.put("days", "91");
    var tooLong = PAGES.post("/admin/policy", policy, as(OWNER));

    assertThat(changed.statusCode()).isEqualTo(302);
    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(PAGES.get("/admin/policy", as(OWNER)).body())
        .contains("value=\"30\"")
        .containsPattern("value=\"metadata\"\\s+selected")
        .containsPattern("value=\"hashed\"\\s+selected");
    assertThat(entries("policy.changed", ORGANIZATION.toString())).isEqualTo(1);
  }

  @Test
  void withoutAMailServerNobodyIsInvited() {
    var answer =
        PAGES.post(
            "/admin/members/invite",
            Map.of("email", "new@example.com", "role", "engineer"),
            as(OWNER));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(PAGES.get("/admin/members", as(OWNER)).body()).contains("no mail server is set");
    assertThat(PAGES.get("/sign-in", Pass.none()).body()).doesNotContain("Mail me a code");
  }

  @Test
  void whatCannotBeAuditedIsNotChanged() {
    try (var world = new World(Clock.systemUTC())) {
      var organization = world.organization();
      var manager = world.person(organization, null, "Boss", Role.OWNER);
      var person = world.person(organization, null, "Stays", Role.BILLING);
      try (var pages = Pages.over(world)) {
        var session = Pass.session(world.secret(organization, manager, CredentialKind.SESSION));
        new JdbcTemplate(world.database().superuser())
            .execute("revoke insert on audit.entry from identity_api");

        var answer = pages.post("/admin/members/%s/remove".formatted(person), Map.of(), session);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(
                world
                    .superuser()
                    .sql("select removed_at is null from identity.person where id = :id")
                    .param("id", person)
                    .query(Boolean.class)
                    .single())
            .isTrue();
      }
    }
  }

  private static Pass as(UUID person) {
    return Pass.session(WORLD.secret(ORGANIZATION, person, CredentialKind.SESSION));
  }

  private static long entries(String action, String target) {
    return WORLD
        .superuser()
        .sql(
            """
            select count(*) from audit.entry
             where action = :action and convert_from(leaf, 'UTF8')::jsonb ->> 'target' = :target
            """)
        .param("action", action)
        .param("target", target)
        .query(Long.class)
        .single();
  }
}
