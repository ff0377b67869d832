// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A workspace from its beginning to its end, by forms alone, and its keys at the API.
class WorkspacePagesIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final Pages PAGES = Pages.over(WORLD);
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID OWNER = person("Thatowner", Role.OWNER);
  private static final UUID MANAGER = person("Thatmanager", Role.MANAGER);
  private static final Map<String, String> FORM =
      Map.of("label", "Nightly report", "days", "30", "scope", "cells:read");

  private static int number;

  @BeforeEach
  void sign() {
    WORLD.sign();
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void aProgramReadsByAKeyUntilItsWorkspaceIsClosed() {
    var workspace = workspace();
    put(workspace, MANAGER, "manager");
    var page = PAGES.post("/workspaces/%s/keys".formatted(workspace), FORM, as(MANAGER));
    var key = Pass.token(find("sbw_[0-9A-Za-z]{36}", page.body()));

    assertThat(page.body()).contains("shown this once");
    assertThat(PAGES.get("/workspaces/" + workspace, as(MANAGER)).body())
        .contains("Nightly report", "only cells:read", "Thatmanager", "never")
        .doesNotContain("sbw_");
    assertThat(PAGES.get("/v1/teams", key).statusCode()).isEqualTo(200);
    for (var other :
        new String[] {
          "/v1/me/weeks", "/v1/proof/left-out", "/v1/audit/checkpoint", "/scim/v2/Users"
        }) {
      assertThat(PAGES.get(other, key).statusCode()).as(other).isEqualTo(403);
    }
    assertThat(PAGES.get("/workspaces/" + workspace, as(MANAGER)).body())
        .doesNotContain("<span>never");
    assertThat(PAGES.get("/log", as(OWNER)).body()).contains("Nightly report", "workspace.made");

    PAGES.post("/admin/workspaces/%s/close".formatted(workspace), Map.of(), as(OWNER));
    assertThat(PAGES.get("/v1/teams", key).statusCode()).isEqualTo(401);
    assertThat(PAGES.get("/workspaces/" + workspace, as(MANAGER)).statusCode()).isEqualTo(404);
  }

  @Test
  void whatAProgramReadsIsOnRecordUnderItsKey() {
    var workspace = workspace();
    var page = PAGES.post("/workspaces/%s/keys".formatted(workspace), FORM, as(OWNER));
    var key = Pass.token(find("sbw_[0-9A-Za-z]{36}", page.body()));

    PAGES.get("/v1/teams", key);

    var id =
        WORLD
            .superuser()
            .sql("select id::text from identity.workspace_key where workspace_id = :id")
            .param("id", UUID.fromString(workspace))
            .query(String.class)
            .single();
    assertThat(
            WORLD
                .superuser()
                .sql(
                    """
                    select convert_from(leaf, 'UTF8') from audit.entry
                     where action = 'teams.read' order by id desc limit 1
                    """)
                .query(String.class)
                .single())
        .contains("\"actor\":\"" + id + "\"", "\"actor_kind\":\"program\"");
  }

  @Test
  void aKeyIsRotatedAndEnded() {
    var workspace = workspace();
    var first =
        find(
            "sbw_[0-9A-Za-z]{36}",
            PAGES.post("/workspaces/%s/keys".formatted(workspace), FORM, as(OWNER)).body());
    var list = PAGES.get("/workspaces/" + workspace, as(OWNER)).body();
    var rotate = find("/workspaces/keys/[0-9a-f-]{36}/rotate", list);

    var second = find("sbw_[0-9A-Za-z]{36}", PAGES.post(rotate, Map.of(), as(OWNER)).body());

    assertThat(PAGES.get("/v1/teams", Pass.token(first)).statusCode()).isEqualTo(200);
    assertThat(PAGES.get("/v1/teams", Pass.token(second)).statusCode()).isEqualTo(200);
    assertThat(PAGES.post(rotate, Map.of(), as(OWNER)).statusCode()).isEqualTo(404);
    var end = rotate.replace("/rotate", "/end");
    assertThat(PAGES.post(end, Map.of(), as(OWNER)).statusCode()).isEqualTo(302);
    assertThat(PAGES.get("/v1/teams", Pass.token(first)).statusCode()).isEqualTo(401);
    assertThat(PAGES.get("/v1/teams", Pass.token(second)).statusCode()).isEqualTo(200);
  }

  @Test
  void aFormAsksForNoMoreThanSomebodyReads() {
    var workspace = workspace();
    var engineer = person("Thatengineer", Role.ENGINEER);
    put(workspace, engineer, "manager");
    put(workspace, MANAGER, "manager");
    var address = "/workspaces/%s/keys".formatted(workspace);

    assertThat(PAGES.post(address, FORM, as(engineer)).statusCode()).isEqualTo(400);
    for (var form :
        List.of(
            Map.of("label", "x", "days", "30", "scope", "proof:read"),
            Map.of("label", "x", "days", "30", "scope", "own:read"),
            Map.of("label", "x", "days", "30", "scope", "scim"),
            Map.of("label", "x", "days", "30", "scope", ""),
            Map.of("label", "x", "days", "366", "scope", "cells:read"),
            Map.of("label", "x", "days", "0", "scope", "cells:read"),
            Map.of("label", " ", "days", "30", "scope", "cells:read"))) {
      assertThat(PAGES.post(address, form, as(MANAGER)).statusCode()).as("%s", form).isEqualTo(400);
    }
    assertThat(PAGES.get("/workspaces/" + workspace, as(engineer)).body())
        .contains("You read nothing that a key of a workspace can be good for")
        .doesNotContain("name=\"scope\"");
  }

  @Test
  void aReviewerOfAWorkspaceSeesItsKeysAndNoForm() {
    var workspace = workspace();
    PAGES.post("/workspaces/%s/keys".formatted(workspace), FORM, as(OWNER));
    put(workspace, MANAGER, "reviewer");

    var page = PAGES.get("/workspaces/" + workspace, as(MANAGER)).body();

    assertThat(page).contains("Nightly report").doesNotContain("/rotate", "/end\"", "/keys\"");
    var key =
        find(
            "/workspaces/keys/[0-9a-f-]{36}/end",
            PAGES.get("/workspaces/" + workspace, as(OWNER)).body());
    assertThat(PAGES.post(key, Map.of(), as(MANAGER)).statusCode()).isEqualTo(404);
    assertThat(
            PAGES.post("/workspaces/%s/keys".formatted(workspace), FORM, as(MANAGER)).statusCode())
        .isEqualTo(403);
  }

  @Test
  void whoIsTakenOutGetsWhatTheyWouldGetIfThereWereNone() {
    var workspace = workspace();
    put(workspace, MANAGER, "manager");
    PAGES.post("/workspaces/%s/keys".formatted(workspace), FORM, as(MANAGER));
    assertThat(PAGES.get("/workspaces", as(MANAGER)).body()).contains(workspace);
    assertThat(PAGES.get("/workspaces/" + workspace, as(OWNER)).body()).doesNotContain("rotate it");

    PAGES.post(
        "/admin/workspaces/%s/members/remove".formatted(workspace),
        Map.of("person", MANAGER.toString()),
        as(OWNER));

    assertThat(PAGES.get("/workspaces/" + workspace, as(OWNER)).body()).contains("rotate it");
    assertThat(PAGES.get("/workspaces", as(MANAGER)).body()).doesNotContain(workspace);
    var gone = PAGES.get("/workspaces/" + workspace, as(MANAGER));
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.body())
        .isEqualTo(PAGES.get("/workspaces/" + UUID.randomUUID(), as(MANAGER)).body());
  }

  @Test
  void nobodyElsesPersonIsPutIn() {
    var workspace = workspace();
    var stranger = WORLD.person(WORLD.organization(), null, "Stranger", Role.MANAGER);
    var address = "/admin/workspaces/%s/members".formatted(workspace);

    var foreign =
        PAGES.post(address, Map.of("person", stranger.toString(), "level", "manager"), as(OWNER));
    var missing =
        PAGES.post(
            address, Map.of("person", UUID.randomUUID().toString(), "level", "manager"), as(OWNER));

    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(missing.body());
    assertThat(
            PAGES
                .post(address, Map.of("person", MANAGER.toString(), "level", "owner"), as(OWNER))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void aManagerMakesNobodyAnOwner() {
    var change = "/admin/members/%s/change".formatted(MANAGER);
    var form = Map.of("role", "owner", "team", "");

    assertThat(PAGES.post(change, form, as(MANAGER)).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/admin/members", as(MANAGER)).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/data", as(MANAGER)).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/log", as(MANAGER)).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/teams", as(MANAGER)).statusCode()).isEqualTo(200);
  }

  private static UUID person(String name, Role role) {
    return WORLD.person(ORGANIZATION, null, name, role);
  }

  private static Pass as(UUID person) {
    return Pass.session(WORLD.secret(ORGANIZATION, person, CredentialKind.SESSION));
  }

  private static String workspace() {
    var name = "Reports " + ++number;
    PAGES.post("/admin/workspaces", Map.of("name", name), as(OWNER));
    return WORLD
        .superuser()
        .sql("select id::text from identity.workspace where name = :name")
        .param("name", name)
        .query(String.class)
        .single();
  }

  private static void put(String workspace, UUID person, String level) {
    PAGES.post(
        "/admin/workspaces/%s/members".formatted(workspace),
        Map.of("person", person.toString(), "level", level),
        as(OWNER));
  }

  private static String find(String pattern, String text) {
    var found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as("%s in the page", pattern).isTrue();
    return found.group();
  }
}
