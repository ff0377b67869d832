// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.SimulatedWork;
import io.sourceblind.analytics.World;
import io.sourceblind.analytics.access.Cast.Shown;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Whoever collects every id of one organization gets nothing for them in another; and what one
/// engineer does changes nothing that their manager sees before it is released.
class HarvestIT {
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern VARIABLE = Pattern.compile("\\{[a-z]+}");

  /// What changes because it is looked at, such as when a session was used, and the schema itself.
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "/account",
          "/account/tokens",
          "/log",
          "/audit",
          // Thousands of ids of events, which no address takes.
          "/me/export.jsonl",
          "/me/export.csv",
          // Of the schema alone, and slow.
          "/v1/proof/capacity",
          "/v1/audit/export",
          "/v1/audit/ocsf",
          "/v1/audit/cef");

  private static final Clock CLOCK = Clock.systemUTC();
  private static final World WORLD = new World(CLOCK);
  private static final Cast OURS = new Cast(WORLD, "Ourmarker");
  private static final Cast THEIRS = new Cast(WORLD, "Theirmarker");
  private static final Pages PAGES = start();

  private static Pages start() {
    for (var engineer : WORLD.engineers(OURS.organization, OURS.team, "Ourmarker colleague", 7)) {
      work(engineer, engineer.hashCode());
    }
    work(OURS.somebody(Role.ENGINEER), 1);
    WORLD.store();
    return Pages.over(WORLD);
  }

  private static void work(UUID engineer, long seed) {
    var work = new SimulatedWork(WORLD, OURS.organization, seed);
    for (var week : IsoWeek.running(CLOCK).andBefore(3)) {
      work.week(engineer, week, 2, 0.9, CLOCK.instant());
    }
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void everyIdThatOneOrganizationSeesIsNothingInAnother() {
    var harvest = new TreeSet<String>();
    for (var role : Role.values()) {
      walk(OURS, role)
          .values()
          .forEach(body -> ID.matcher(body).results().forEach(id -> harvest.add(id.group())));
    }
    everyRow().forEach(harvest::add);
    assertThat(harvest).hasSizeGreaterThan(20).contains(OURS.team.toString());

    var told = new TreeSet<String>();
    for (var role : Role.values()) {
      for (var route : routesFor(role)) {
        var missing = ask(THEIRS, role, route, UUID.randomUUID().toString());
        for (var id : harvest) {
          var answer = ask(THEIRS, role, route, id);
          if (!answer.equals(missing) || answer.contains("Ourmarker")) {
            told.add(role + " " + route + " " + id);
          }
        }
      }
    }

    assertThat(told).isEmpty();
  }

  @Test
  void theTwinInTheirOwnOrganizationIsToldSomething() {
    var route = Route.TEAM;

    assertThat(ask(OURS, Role.MANAGER, route, OURS.team.toString()))
        .isNotEqualTo(ask(OURS, Role.MANAGER, route, UUID.randomUUID().toString()))
        .contains("Ourmarker");
  }

  @Test
  void whatOneEngineerDoesChangesNothingThatAManagerSeesBeforeTheNextRelease() {
    var engineer = OURS.somebody(Role.ENGINEER);
    var before = walk(OURS, Role.MANAGER);
    var own = walk(OURS, Role.ENGINEER);

    work(engineer, 99);
    WORLD.store();
    WORLD.rollUp(OURS.organization);
    WORLD.release(OURS.organization);

    assertThat(before).hasSizeGreaterThan(5);
    assertThat(walk(OURS, Role.MANAGER)).isEqualTo(before);
    assertThat(walk(OURS, Role.ENGINEER)).isNotEqualTo(own);
  }

  private static Stream<String> everyRow() {
    return WORLD
        .superuser()
        .sql(
            """
            select id::text from identity.person where org_id = :org
             union select id::text from identity.credential where org_id = :org
             union select session_ref::text from capture.event where org_id = :org
            """)
        .param("org", OURS.organization)
        .query((row, _) -> row.getString(1))
        .list()
        .stream()
        .limit(20);
  }

  private static Iterable<Route> routesFor(Role role) {
    return Stream.of(Route.values())
        .filter(route -> VARIABLE.matcher(route.pattern()).find())
        .filter(route -> route.who().roles().contains(role))
        .toList();
  }

  private static String ask(Cast who, Role role, Route route, String id) {
    var key = key(who, role, route.pattern().startsWith("/v1/") ? Shown.TOKEN : Shown.SESSION);
    var address = VARIABLE.matcher(route.pattern()).replaceAll(id);
    var answer =
        route.method().name().equals("GET")
            ? PAGES.get(address, key)
            : PAGES.post(
                address,
                route.parameters().contains("role")
                    ? Map.of("role", "engineer", "team", id)
                    : Map.of(),
                key);
    return answer.statusCode() + answer.body();
  }

  /// Every page that can be reached by following links, and what programs get.
  private static Map<String, String> walk(Cast who, Role role) {
    var seen = new LinkedHashMap<String, String>();
    var waiting = new ArrayDeque<String>();
    Stream.of(Route.values())
        .filter(route -> route.method().name().equals("GET"))
        .filter(route -> route.who() instanceof Who.Only && route.who().roles().contains(role))
        .map(Route::pattern)
        .filter(pattern -> !VARIABLE.matcher(pattern).find())
        .filter(pattern -> !NOT_COMPARED.contains(pattern))
        .forEach(waiting::add);
    while (!waiting.isEmpty() && seen.size() < 60) {
      var path = waiting.pop();
      if (seen.containsKey(path)) {
        continue;
      }
      var key = key(who, role, path.startsWith("/v1/") ? Shown.TOKEN : Shown.SESSION);
      var page = PAGES.get(path, key);
      if (page.statusCode() == 200) {
        seen.put(path, page.body());
        Pattern.compile("href=\"(/[^\"#]+)\"")
            .matcher(page.body())
            .results()
            .map(link -> link.group(1))
            .filter(link ->
                !link.startsWith("/style.css")
                    && !link.contains(".png")
                    && !NOT_COMPARED.contains(link))
            .forEach(waiting::add);
      }
    }
    return seen;
  }

  private static final Map<String, Pass> KEYS = new HashMap<>();

  private static Pass key(Cast who, Role role, Shown shown) {
    return KEYS.computeIfAbsent(who.organization + " " + role + shown, _ -> who.pass(role, shown));
  }
}
