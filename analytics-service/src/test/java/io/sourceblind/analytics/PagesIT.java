// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final World WORLD = new World(CLOCK);

  private static final UUID OURS = WORLD.organization();
  private static final UUID TEAM = WORLD.team(OURS, "Payments");
  private static final UUID SMALL_TEAM = WORLD.team(OURS, "Design");
  private static final List<UUID> PEOPLE = WORLD.engineers(OURS, TEAM, "Paymentsperson", 12);
  private static final List<UUID> FEW = WORLD.engineers(OURS, SMALL_TEAM, "Designperson", 4);
  private static final UUID MANAGER = WORLD.person(OURS, null, "Ourmanager", Role.MANAGER);
  private static final UUID REVIEWER = WORLD.person(OURS, null, "Ourreviewer", Role.REVIEWER);
  private static final UUID BILLING = WORLD.person(OURS, null, "Ourbilling", Role.BILLING);

  private static final UUID THEIRS = WORLD.organization();
  private static final UUID THEIR_TEAM = WORLD.team(THEIRS, "Theirteam");
  private static final List<UUID> THEIR_PEOPLE =
      WORLD.engineers(THEIRS, THEIR_TEAM, "Theirperson", 10);

  private static final UUID OTHERS_SESSION = UUID.randomUUID();
  private static final Pages PAGES = start();

  private static final Pass AS_MANAGER = session(OURS, MANAGER);
  private static final Pass AS_OWNER =
      session(OURS, WORLD.person(OURS, null, "Ourowner", Role.OWNER));
  private static final Pass AS_ENGINEER = session(OURS, PEOPLE.getFirst());
  private static final Pass AS_REVIEWER = session(OURS, REVIEWER);
  private static final Pass AS_BILLING = session(OURS, BILLING);
  private static final Pass MANAGERS_TOKEN =
      Pass.token(WORLD.secret(OURS, MANAGER, CredentialKind.API));

  private static Pages start() {
    var seed = 0;
    for (var person : PEOPLE) {
      work(OURS, person, seed++);
    }
    for (var person : FEW) {
      work(OURS, person, seed++);
    }
    for (var person : THEIR_PEOPLE) {
      work(THEIRS, person, seed++);
    }
    var at = IsoWeek.lastDue(CLOCK).due();
    var owner = PEOPLE.getLast();
    WORLD.event(OURS, owner, at, "session.started", OTHERS_SESSION, Map.of());
    WORLD.event(
        OURS,
        owner,
        at.plusSeconds(9),
        "prompt.submitted",
        OTHERS_SESSION,
        Map.of("text", "A secret wish."));
    WORLD.event(
        OURS, owner, at.plusSeconds(20), "file.touched", OTHERS_SESSION, Map.of("path", "a.java"));
    WORLD.store();
    return Pages.over(WORLD);
  }

  private static void work(UUID organization, UUID person, long seed) {
    var work = new SimulatedWork(WORLD, organization, seed);
    for (var week : IsoWeek.running(CLOCK).andBefore(4)) {
      work.week(person, week, 2, 0.9, CLOCK.instant());
    }
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void aManagerSeesReleasedNumbersOfATeam() {
    var page = PAGES.get("/teams/" + TEAM, AS_MANAGER);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("<h1>Payments</h1>", "You see teams, never people.", "<strong>12 people</strong>")
        .contains("in steps of", "Easily misread.", "Data table", "<svg class=\"chart\"")
        .containsPattern("Next release <span>Thursday \\d+ \\w+, 06:00 UTC");
  }

  @Test
  void teamsAreListedByNameWithAStateAndNoNumber() {
    var body = PAGES.get("/teams", AS_MANAGER).body();

    var list = body.substring(body.indexOf("<ul class=\"rows\""), body.indexOf("</ul>"));
    assertThat(list.indexOf("Design")).isLessThan(list.indexOf("Payments"));
    assertThat(words(list))
        .contains("Numbers shown", "Not counted by itself")
        .doesNotContainPattern("\\d");
  }

  @Test
  void aTeamOfFourHasNoNumberAnywhere() {
    var page = PAGES.get("/teams/" + SMALL_TEAM, AS_MANAGER).body();

    assertThat(page)
        .contains("This team is not counted by itself")
        .doesNotContain("about", "class=\"line\"", "class=\"dot");
    var values = Pattern.compile("<td class=\"n\">([^<]*)</td>").matcher(page).results();
    assertThat(values.map(value -> value.group(1)).distinct()).containsOnly("No number", "");
    assertThat(PAGES.get("/teams/%s/cells.csv".formatted(SMALL_TEAM), AS_MANAGER).body().lines())
        .hasSize(1);
  }

  @Test
  void programsGetTheSameCells() {
    var list = PAGES.get("/v1/teams", MANAGERS_TOKEN);
    var shown = PAGES.get("/v1/cells?leaf=%s".formatted(TEAM), MANAGERS_TOKEN);
    var hidden = PAGES.get("/v1/cells?leaf=%s".formatted(SMALL_TEAM), MANAGERS_TOKEN);

    assertThat(list.body()).contains(TEAM.toString(), "Payments").doesNotContain("Theirteam");
    var cells = World.JSON.readTree(shown.body()).get("cells");
    assertThat(cells)
        .anySatisfy(cell -> {
          assertThat(cell.get("state").asString()).isEqualTo("released");
          assertThat(cell.get("value").asDouble()).isPositive();
        });
    assertThat(cells)
        .anySatisfy(cell -> {
          assertThat(cell.get("state").asString()).isEqualTo("withheld");
          assertThat(cell.propertyNames())
              .containsExactlyInAnyOrder(
                  "metric", "week", "weeks", "state", "step", "people", "rules", "released_on");
        });
    assertThat(World.JSON.readTree(hidden.body()).get("cells")).isEmpty();
  }

  @Test
  void pageTableAndProgramShowTheSameCells() {
    var rows =
        PAGES
            .get("/teams/%s/cells.csv".formatted(TEAM), AS_MANAGER)
            .body()
            .lines()
            .skip(1)
            .toList();
    var cells =
        World.JSON
            .readTree(PAGES.get("/v1/cells?leaf=%s".formatted(TEAM), MANAGERS_TOKEN).body())
            .get("cells");
    var page = words(PAGES.get("/teams/" + TEAM, AS_MANAGER).body());

    assertThat(rows).hasSize(cells.size());
    for (var number = 0; number < rows.size(); number++) {
      var row = rows.get(number).split(",", -1);
      var cell = cells.get(number);
      assertThat(row[0]).isEqualTo(cell.get("metric").asString());
      assertThat(row[1]).isEqualTo(cell.get("week").asString());
      var shown = cell.get("value");
      assertThat(row[3]).isEqualTo(shown == null ? "[c]" : String.valueOf(shown.asDouble()));
      if (shown != null) {
        assertThat(page).contains("about " + Metric.of(row[0]).scale().write(shown.asDouble()));
      }
    }
  }

  @Test
  void prometheusGetsReleasedCellsAndNothingElse() {
    var text = PAGES.get("/v1/cells/latest", MANAGERS_TOKEN);
    var cells =
        World.JSON
            .readTree(PAGES.get("/v1/cells?leaf=%s".formatted(TEAM), MANAGERS_TOKEN).body())
            .get("cells");
    var shown =
        cells
            .valueStream()
            .filter(cell -> cell.has("value"))
            .map(cell -> cell.get("metric").asString() + " " + cell.get("value").asDouble())
            .toList();

    assertThat(header(text, "Content-Type")).startsWith("text/plain;version=0.0.4");
    assertThat(text.body().lines().filter(line -> !line.startsWith("#")))
        .isNotEmpty()
        .allSatisfy(line -> {
          assertThat(line).startsWith("sourceblind_cell{leaf=\"" + TEAM);
          assertThat(shown)
              .contains(
                  firstMatch("metric=\"[a-z_]+", line).substring(8)
                      + " "
                      + line.substring(line.lastIndexOf(' ') + 1));
        });
    assertThat(PAGES.get("/v1/cells/latest?metric=x", MANAGERS_TOKEN).statusCode()).isEqualTo(400);
  }

  @Test
  void anEngineersProgramGetsTheirOwnNumbersAndGroups() {
    var token = Pass.token(WORLD.secret(OURS, PEOPLE.getFirst(), CredentialKind.API));

    assertThat(PAGES.get("/v1/me/weeks", token).body()).contains("\"prompts\"");
    assertThat(PAGES.get("/v1/me/counted-in", token).body())
        .contains("\"Payments\"", "\"people\":12");
    assertThat(PAGES.get("/v1/me/weeks", MANAGERS_TOKEN).body()).isEqualTo("{\"numbers\":[]}");
  }

  @Test
  void theDescriptionOfTheApiIsOfWhatThereIs() {
    var paths = World.JSON.readTree(PAGES.get("/v1/openapi.json", Pass.none()).body()).get("paths");
    var engineer = Pass.token(WORLD.secret(OURS, PEOPLE.getFirst(), CredentialKind.API));

    assertThat(paths.propertyNames()).hasSize(5);
    for (var path : paths.propertyNames()) {
      var asked = path.equals("/v1/cells") ? path + "?leaf=" + TEAM : path;
      var pass = path.startsWith("/v1/me") ? engineer : MANAGERS_TOKEN;
      assertThat(PAGES.get(asked, pass).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void aPictureIsAPng() {
    var picture = PAGES.bytes("/teams/%s/prompts.png".formatted(TEAM), AS_MANAGER);

    assertThat(picture.statusCode()).isEqualTo(200);
    assertThat(picture.body()).startsWith(0x89, 'P', 'N', 'G').hasSizeGreaterThan(5_000);
    assertThat(PAGES.get("/teams/%s/tokens.png".formatted(TEAM), AS_MANAGER).statusCode())
        .isEqualTo(404);
  }

  @Test
  void theOrganizationIsTheMeanOfItsReleasedGroups() {
    var page = PAGES.get("/organization", AS_MANAGER);
    var team = PAGES.get("/teams/" + TEAM, AS_MANAGER).body();

    // There is one group, so the line is that group's.
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<h1>Organization</h1>");
    assertThat(firstMatch("<path class=\"line\" d=\"[^\"]+\"", page.body()))
        .isEqualTo(firstMatch("<path class=\"line\" d=\"[^\"]+\"", team));
  }

  @Test
  void wholeWeeksThatAreOverCanBePicked() {
    var last = IsoWeek.lastDue(CLOCK);
    var path = "/teams/%s?from=%s&to=%s".formatted(TEAM, last.minus(1), last);

    var page = PAGES.get(path, AS_MANAGER);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("2 weeks from");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?from=2026-W00",
        "?from=2025-W53",
        "?from=2026-1",
        "?from=2026-11-09",
        "?to=2999-W01",
        "?from=2026-W20&to=2026-W10",
        "?from=2001-W01",
        "?from=&to=",
        "?from=2026-W10&from=2026-W11"
      })
  void anythingElseIsNotOffered(String query) {
    for (var path :
        List.of("/teams/" + TEAM, "/teams/%s/cells.csv".formatted(TEAM), "/organization")) {
      assertThat(PAGES.get(path + query, AS_MANAGER).statusCode()).as(path).isEqualTo(400);
    }
    assertThat(
            PAGES
                .get("/v1/cells?leaf=%s&".formatted(TEAM) + query.substring(1), MANAGERS_TOKEN)
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void anEngineerSeesTheirOwnNumbersAndSessions() {
    var page = PAGES.get("/me", AS_ENGINEER).body();
    var address = firstMatch("/me/sessions/[0-9a-f-]{36}", page);
    var session = PAGES.get(address, AS_ENGINEER);

    assertThat(page)
        .contains("Only you can open it.", "Where your data went", "Payments")
        .contains("<svg class=\"timeline\"", "capture pause", "Ourmanager")
        .contains("Your organization keeps a day for <span>90 days</span>");
    assertThat(session.statusCode()).isEqualTo(200);
    assertThat(session.body()).contains("You sent a prompt of", "Bytes removed on your machine");
  }

  @Test
  void whenSomebodyWorksIsOnTheirPageAndInNoTable() {
    var always = Map.of("from", "0", "to", "24", "days", "all", "zone", "Europe/London");
    var atNight = Map.of("from", "2", "to", "3", "days", "all", "zone", "Europe/London");

    assertThat(outsideOwnHours(PAGES.get("/me", AS_ENGINEER))).containsOnly("No number");
    assertThat(outsideOwnHours(withHours(always)))
        .contains("0\u202f%")
        .doesNotContain("100\u202f%");
    assertThat(outsideOwnHours(withHours(atNight)))
        .contains("100\u202f%")
        .doesNotContain("0\u202f%");
    assertThat(PAGES.get("/teams/" + TEAM, AS_MANAGER).body()).doesNotContain("your hours");
    assertThat(
            WORLD
                .superuser()
                .sql("select count(*) from release.person_week where metric = 'off_hours'")
                .query(Integer.class)
                .single())
        .isZero();
    assertThat(PAGES.post("/me/hours", Map.of("from", "9", "to", "9"), AS_ENGINEER))
        .satisfies(refused -> {
          assertThat(refused.statusCode()).isEqualTo(400);
          assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        });
  }

  private static HttpResponse<String> withHours(Map<String, String> hours) {
    var set = header(PAGES.post("/me/hours", hours, AS_ENGINEER), "Set-Cookie");
    return PAGES.get(
        "/me",
        new Pass(
            AS_ENGINEER.header(), AS_ENGINEER.value() + "; " + set.substring(0, set.indexOf(';'))));
  }

  private static Stream<String> outsideOwnHours(HttpResponse<String> page) {
    var figure =
        page.body().split("<h3>Prompts outside your hours</h3>", 2)[1].split("</table>", 2)[0];
    return Pattern.compile("<td class=\"n\">([^<]*)</td>")
        .matcher(figure)
        .results()
        .map(value -> value.group(1));
  }

  @Test
  void everyStoredFieldOfASessionIsOnItsPageInWords() {
    var owner = session(OURS, PEOPLE.getLast());
    var page = PAGES.get("/me/sessions/" + OTHERS_SESSION, owner).body();

    var stored =
        WORLD
            .superuser()
            .sql(
                """
                select count(*)
                  from capture.event e, json_each(row_to_json(e)) field
                 where session_ref = :session and field.value::text <> 'null'
                """)
            .param("session", OTHERS_SESSION)
            .query(Long.class)
            .single();

    assertThat(Pattern.compile("<dt>").matcher(page).results().count()).isEqualTo(stored);
  }

  @Test
  void whoeverBecameAManagerKeepsWhatIsTheirsAndSeesNobodyElses() {
    var team = WORLD.team(THEIRS, "Rising");
    var risen = WORLD.engineer(THEIRS, team, "Risen");
    var at = IsoWeek.lastDue(CLOCK).due();
    WORLD.event(
        THEIRS,
        risen,
        at,
        "prompt.submitted",
        UUID.randomUUID(),
        Map.of("text", "A wish of mine."));
    WORLD.store();
    WORLD
        .superuser()
        .sql("update identity.person set role = 'manager' where id = :id")
        .param("id", risen)
        .update();
    var theirs = session(THEIRS, risen);

    var page = PAGES.get("/me", theirs);
    var session = PAGES.get(firstMatch("/me/sessions/[0-9a-f-]{36}", page.body()), theirs);
    var colleague = session(THEIRS, THEIR_PEOPLE.getFirst());
    var others =
        PAGES.get(
            firstMatch("/me/sessions/[0-9a-f-]{36}", PAGES.get("/me", colleague).body()), theirs);
    var neverWasOne = PAGES.get("/me", AS_MANAGER);

    assertThat(session.body()).contains("A wish of mine.");
    assertThat(others.statusCode()).isEqualTo(404);
    assertThat(neverWasOne.body()).contains("Nothing of yours is held.", "No session has arrived");
    assertThat(PAGES.get("/teams", theirs).statusCode()).isEqualTo(200);
  }

  @Test
  void anotherEngineersSessionIsNotThere() {
    var foreign = PAGES.get("/me/sessions/" + OTHERS_SESSION, AS_ENGINEER);
    var missing = PAGES.get("/me/sessions/" + UUID.randomUUID(), AS_ENGINEER);
    var own = PAGES.get("/me/sessions/" + OTHERS_SESSION, session(OURS, PEOPLE.getLast()));

    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(missing.body());
    assertThat(own.body()).contains("A secret wish.");
  }

  @Test
  void anEngineerLearnsOnWhichDaysSomebodyLooked() {
    PAGES.get("/teams/" + TEAM, AS_MANAGER);
    PAGES.get("/v1/cells?leaf=%s".formatted(TEAM), MANAGERS_TOKEN);

    var page = PAGES.get("/me", AS_ENGINEER).body();
    var unseen = WORLD.team(THEIRS, "Unseen");
    var elsewhere =
        PAGES.get("/me", session(THEIRS, WORLD.engineer(THEIRS, unseen, "Loner"))).body();

    assertThat(page).contains("were opened by managers").containsPattern("\\d+ times</td>");
    assertThat(elsewhere).contains("Nobody has opened your team's numbers lately.");
  }

  @Test
  void anotherOrganizationsTeamAndNoTeamAreTheSameNothing() {
    var foreign = PAGES.get("/teams/" + THEIR_TEAM, AS_MANAGER);
    var missing = PAGES.get("/teams/" + UUID.randomUUID(), AS_MANAGER);
    var nonsense = PAGES.get("/teams/payments", AS_MANAGER);

    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(missing.body()).isEqualTo(nonsense.body());
    assertThat(PAGES.get("/v1/cells?leaf=%s".formatted(THEIR_TEAM), MANAGERS_TOKEN).body())
        .isEqualTo(
            PAGES.get("/v1/cells?leaf=%s".formatted(UUID.randomUUID()), MANAGERS_TOKEN).body());
  }

  @Test
  void theirOwnManagerSeesTheTeam() {
    var theirManager = WORLD.person(THEIRS, null, "Theirmanager", Role.MANAGER);

    var page = PAGES.get("/teams/" + THEIR_TEAM, session(THEIRS, theirManager));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Theirteam").doesNotContain("Payments");
  }

  @Test
  void nothingThatAManagerCanOpenNamesAPerson() {
    // An owner opens all that a manager does, and more.
    var bodies = walk("/teams", AS_OWNER);
    assertThat(bodies).containsKeys(walk("/teams", AS_MANAGER).keySet().toArray(String[]::new));
    bodies.put("/v1/teams", PAGES.get("/v1/teams", MANAGERS_TOKEN));
    bodies.put("cells", PAGES.get("/v1/cells?leaf=%s".formatted(TEAM), MANAGERS_TOKEN));

    // Their own account, and who is a member: pages about people, with nothing measured on them.
    bodies.keySet().removeIf(path -> path.startsWith("/account") || path.startsWith("/admin/"));

    assertThat(bodies).hasSizeGreaterThan(5);
    bodies.forEach((path, answer) ->
        assertThat(answer.body() + answer.headers())
            .as(path)
            .doesNotContainIgnoringCase("paymentsperson", "designperson", "@example.com"));
    // The log says whom managers added, by id: it is their own doing, and says nothing of
    // anybody's.
    bodies.keySet().removeIf(path -> path.startsWith("/log"));
    assertThat(bodies).hasSizeGreaterThan(5);
    bodies.forEach((path, answer) ->
        assertThat(answer.body() + answer.headers()).as(path).doesNotContain(idsOfPeople()));
  }

  @Test
  void whereAManagerSeesPeopleNothingIsMeasured() {
    var bodies = walk("/admin/members", AS_OWNER);
    bodies.keySet().removeIf(path -> !path.startsWith("/admin/"));

    assertThat(bodies).containsKeys("/admin/members", "/admin/teams", "/admin/policy");
    assertThat(bodies.get("/admin/members"))
        .satisfies(page -> assertThat(page.body()).contains("Paymentsperson 1"));
    assertThat(bodies.values())
        .allSatisfy(page ->
            assertThat(page.body())
                .doesNotContain("<svg class=\"chart\"", "class=\"value\"", "<td", "in steps of"));
  }

  @Test
  void theSameWalkOverAnEngineersOwnPagesFindsThatPerson() {
    assertThat(walk("/me", AS_ENGINEER).values())
        .anySatisfy(answer -> assertThat(answer.body()).contains(PEOPLE.getFirst().toString()))
        .noneSatisfy(answer -> assertThat(answer.body()).contains(PEOPLE.getLast().toString()));
  }

  @Test
  void aReviewerSeesTheCatalogueAndTheLedger() {
    var page = PAGES.get("/trust", AS_REVIEWER).body();

    assertThat(page)
        .contains("capture.event", "prose", "manager_api", IsoWeek.lastDue(CLOCK).toString());
    assertThat(page).containsPattern("(?s)<code>capture.event</code>.*?read.*?</tr>");
  }

  @Test
  void aReviewerSeesHowTheControlsAreNow() {
    var page = words(PAGES.get("/trust", AS_REVIEWER).body());

    assertThat(page)
        .contains("A day is kept for 90 of at most 90 days", "Oldest row past its window none")
        .contains("prompt.submitted chars, lines,")
        .contains("Engineers not heard from", "Client versions in wide use")
        .contains(WORLD.superuser().sql("select audit.fingerprint()").query(String.class).single());
  }

  @Test
  void pagesOfNumbersSayHowFarTheyCanBeTrusted() {
    for (var path : List.of("/teams", "/teams/" + TEAM, "/organization")) {
      var page = words(PAGES.get(path, AS_MANAGER).body());

      assertThat(page)
          .as(path)
          .contains("How far this can be trusted", "Data past its window Gone")
          .containsPattern("Audit log (Signed up to now|Not signed for \\d+ min)")
          .contains("Engineers not heard from")
          .doesNotContainPattern("Engineers not heard from \\d");
    }
    assertThat(words(PAGES.get("/teams/" + TEAM, AS_MANAGER).body()))
        .containsPattern("Numbers withheld on this page \\d+ of \\d+");
  }

  @Test
  void anEngineersOwnPageSaysHowFarItCanBeTrusted() {
    var page = words(PAGES.get("/me", AS_ENGINEER).body());

    assertThat(page)
        .contains("How far this can be trusted", "Data past its window Gone")
        .containsPattern("Audit log (Signed up to now|Not signed for \\d+ min)")
        .contains("Engineers not heard from");
  }

  @Test
  void aReviewerSeesWhatWasLeftOutOfTheirOwnOrganizationWithinItsWindow() {
    for (var row :
        List.of(
            "('%s', current_date, 'text', 'prose_code', 3)".formatted(OURS),
            "('%s', current_date - 1, 'text', 'prose_code', 4)".formatted(OURS),
            "('%s', current_date - 91, 'text', 'prose_secret', 1)".formatted(OURS),
            "('%s', current_date, 'path', 'alphabet', 1)".formatted(THEIRS))) {
      WORLD
          .superuser()
          .sql("insert into release.left_out (org_id, on_day, field, reason, times) values " + row)
          .update();
    }

    var page = words(PAGES.get("/trust", AS_REVIEWER).body());

    assertThat(page).contains("text prose code 7").doesNotContain("prose secret", "path alphabet");
  }

  @Test
  void billingSeesSeats() {
    assertThat(words(PAGES.get("/seats", AS_BILLING).body())).contains("Engineer 16", "All 20");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?sort=value", "?tool=codex", "?people=1", "?page=1", "?token=x", "?"})
  void aTeamPageKnowsNoParameters(String query) {
    var status = query.equals("?") ? 200 : 400;

    assertThat(PAGES.get("/teams" + query, AS_MANAGER).statusCode()).isEqualTo(status);
    assertThat(PAGES.get("/teams/" + TEAM + query, AS_MANAGER).statusCode()).isEqualTo(status);
    assertThat(
            PAGES
                .get("/v1/cells?leaf=%s&".formatted(TEAM) + query.substring(1), MANAGERS_TOKEN)
                .statusCode())
        .isEqualTo(status);
  }

  @Test
  void aParameterGivenTwiceIsRefused() {
    assertThat(PAGES.get("/me/sessions?page=1", AS_ENGINEER).statusCode()).isEqualTo(200);
    assertThat(PAGES.get("/me/sessions?page=1&page=2", AS_ENGINEER).statusCode()).isEqualTo(400);
    assertThat(PAGES.get("/me/sessions?page=0", AS_ENGINEER).statusCode()).isEqualTo(404);
  }

  @Test
  void everyPageHasTheSameStrictHeadersAndNothingInline() {
    var pages = walk("/teams", AS_OWNER);
    pages.putAll(walk("/me", AS_ENGINEER));
    pages.putAll(walk("/trust", AS_REVIEWER));
    pages.putAll(walk("/seats", AS_BILLING));
    pages.put("signed out", PAGES.get("/sign-in?token=x", Pass.none()));
    pages.put("failed", PAGES.post("/sign-in", Map.of("token", "x"), Pass.none()));
    pages.put("not found", PAGES.get("/teams/x", AS_MANAGER));
    pages.put("forbidden", PAGES.get("/trust", AS_MANAGER));
    pages.put("refused", PAGES.get("/teams?x=y", AS_MANAGER));
    // What asks a browser for a passkey needs a script, and is no page of numbers.
    var asksForPasskeys = Set.of("/sign-in", "/sign-in/password", "/confirm", "/account/passkeys");

    pages.forEach((path, page) -> {
      assertThat(page.headers().allValues("Content-Security-Policy"))
          .as(path)
          .containsExactly(
              "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
                  + " base-uri 'none'; frame-ancestors 'none'"
                  + (asksForPasskeys.contains(page.uri().getPath()) ? "; script-src 'self'" : ""));
      assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
      assertThat(header(page, "Cache-Control")).contains("no-store");
      assertThat(page.body())
          .as(path)
          .doesNotContain(" style=", "<style", "javascript:")
          .doesNotContainPattern("<script(?! src=\"/passkey\\.js)")
          .doesNotContainPattern("\\son[a-z]+=");
    });
  }

  @Test
  void everyPageIsBuiltToBeReadWithoutEyes() {
    var pages = walk("/teams", AS_OWNER);
    pages.putAll(walk("/me", AS_ENGINEER));
    pages.putAll(walk("/trust", AS_REVIEWER));

    pages.forEach((path, page) -> {
      var body = page.body();
      assertThat(body)
          .as(path)
          .contains("<html lang=\"en\"", "<main id=\"content\"", "<nav aria-label=");
      assertThat(count("<h1", body)).as(path).isEqualTo(1);
      assertThat(count("<table", body)).as(path).isEqualTo(count("<caption", body));
      assertThat(count("<th>|<th class", body)).as(path).isZero();
      assertThat(count("<svg class=\"chart\"", body)).as(path).isEqualTo(count("<desc id=", body));
      var ids =
          Pattern.compile(" id=\"([^\"]+)\"")
              .matcher(body)
              .results()
              .map(id -> id.group(1))
              .toList();
      assertThat(ids).as(path).doesNotHaveDuplicates();
      var labels =
          Pattern.compile("aria-labelledby=\"([^\"]+)\"")
              .matcher(body)
              .results()
              .flatMap(label -> Pattern.compile(" ").splitAsStream(label.group(1)))
              .toList();
      assertThat(ids).as(path).containsAll(labels);
    });
  }

  @Test
  void whoeverIsNotSignedInIsSentToTheSignInPage() {
    for (var path : List.of("/", "/teams", "/me", "/trust", "/seats", "/nonsense", "/error")) {
      var answer = PAGES.get(path, Pass.none());
      assertThat(answer.statusCode()).as(path).isEqualTo(302);
      assertThat(header(answer, "Location")).isEqualTo("/sign-in");
    }
    var api = PAGES.get("/v1/teams", Pass.none());
    assertThat(api.statusCode()).isEqualTo(401);
    assertThat(header(api, "WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(header(api, "Content-Type")).startsWith("application/problem+json");
  }

  @Test
  void aCredentialOfAnotherKindOpensNothing() {
    var secret = WORLD.secret(OURS, MANAGER, CredentialKind.API);
    var session = WORLD.secret(OURS, MANAGER, CredentialKind.SESSION);

    assertThat(PAGES.get("/teams", Pass.session(secret)).statusCode()).isEqualTo(302);
    assertThat(PAGES.get("/teams", Pass.token(secret)).statusCode()).isEqualTo(302);
    assertThat(PAGES.get("/v1/teams", Pass.token(session)).statusCode()).isEqualTo(401);
    assertThat(PAGES.get("/v1/teams", Pass.session(session)).statusCode()).isEqualTo(401);
  }

  @Test
  void anEngineersTokenOpensNoTeam() {
    var token = Pass.token(WORLD.secret(OURS, PEOPLE.getFirst(), CredentialKind.API));

    assertThat(PAGES.get("/v1/teams", token).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/v1/cells?leaf=%s".formatted(TEAM), token).statusCode()).isEqualTo(403);
  }

  @Test
  void everyRoleOpensItsOwnPagesAndNoOthers() {
    var open =
        Map.of(
            AS_MANAGER, List.of("/teams", "/teams/" + TEAM, "/organization"),
            AS_ENGINEER, List.of("/device"),
            AS_REVIEWER, List.of("/trust"),
            AS_BILLING, List.of("/seats"));

    open.keySet()
        .forEach(key ->
            open.values().stream()
                .flatMap(List::stream)
                .forEach(path ->
                    assertThat(PAGES.get(path, key).statusCode())
                        .as(path)
                        .isEqualTo(open.getOrDefault(key, List.of()).contains(path) ? 200 : 403)));
  }

  private static Map<String, HttpResponse<String>> walk(String from, Pass key) {
    var seen = new LinkedHashMap<String, HttpResponse<String>>();
    var waiting = new ArrayDeque<>(List.of(from, "/how-it-works"));
    while (!waiting.isEmpty() && seen.size() < 25) {
      var path = waiting.pop();
      if (seen.containsKey(path)) {
        continue;
      }
      var page = PAGES.get(path.replace("&amp;", "&"), key);
      if (page.statusCode() == 200 && header(page, "Content-Type").startsWith("text/html")) {
        seen.put(path, page);
        Pattern.compile("href=\"(/[^\"#]+)\"")
            .matcher(page.body())
            .results()
            .map(link -> link.group(1))
            // What is exported is no page.
            .filter(link ->
                !link.startsWith("/style.css")
                    && !link.contains(".png")
                    && !link.contains("/export."))
            .forEach(waiting::add);
      }
    }
    return seen;
  }

  private static String[] idsOfPeople() {
    return WORLD
        .superuser()
        .sql("select id::text from identity.person")
        .query(String.class)
        .stream()
        .map(String::valueOf)
        .toArray(String[]::new);
  }

  private static Pass session(UUID organization, UUID person) {
    return Pass.session(WORLD.secret(organization, person, CredentialKind.SESSION));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String words(String html) {
    return html.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
  }

  private static String firstMatch(String pattern, String text) {
    var matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group();
  }

  private static long count(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }
}
