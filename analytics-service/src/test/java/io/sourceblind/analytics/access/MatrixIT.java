// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.analytics.access.Cast.Shown;
import io.sourceblind.identity.Role;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/// Everybody at every door, with everything they could show: what happens is what [Route] says.
class MatrixIT {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

  /// Variables of an address that are no ids, and one of their words.
  private static final Map<String, String> WORDS = Map.of("metric", "prompts");

  /// There is a certificate once a worker has deleted, and none works here.
  private static final Set<Route> NOTHING_THERE_YET =
      Set.of(Route.OWN_CERTIFICATE, Route.CERTIFICATE);

  private static final World WORLD = new World(Clock.systemUTC());
  private static final Cast OURS = new Cast(WORLD, "Ourmarker");
  private static final Cast THEIRS = new Cast(WORLD, "Theirmarker");
  private static final Pages PAGES = Pages.over(WORLD);
  private static final Map<String, Pass> KEPT = new HashMap<>();

  /// What a door does.
  private enum Verdict {
    OPENS,
    ASKS_WHO,
    ASKS_AGAIN,
    ASKS_MORE,
    REFUSES
  }

  /// A door may end what is shown at it, some wait longer after each try, and most stay shut while
  /// the log stands still.
  @BeforeEach
  void forget() {
    KEPT.clear();
    WORLD.superuser().sql("delete from identity.attempt").update();
    WORLD.sign();
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @ParameterizedTest
  @EnumSource
  void aDoorDoesWhatItsRowSays(Route route) {
    var wrong = new ArrayList<String>();
    for (var role : Role.values()) {
      for (var shown : Shown.values()) {
        if (shown.isAKey() && role != Role.ENGINEER) {
          continue;
        }
        var expected = expected(route, role, shown);
        if (route == Route.API_CAPACITY && expected == Verdict.OPENS) {
          // It takes a minute to compute; EventJourneyIT has it opened.
          continue;
        }
        var answer = ask(route, role, shown, ownAddress(route, role));

        // Evidence may be younger than what is signed; that one may come in is all that counts.
        var fails = answer.statusCode() >= 500 && !route.isEvidence();
        if (verdict(route, answer) != expected || fails) {
          wrong.add(
              "%s with %s: %s instead of %s (%d)"
                  .formatted(role, shown, verdict(route, answer), expected, answer.statusCode()));
        }
        if (expected != Verdict.OPENS && answer.headers().firstValue("Set-Cookie").isPresent()) {
          wrong.add("%s with %s got a cookie".formatted(role, shown));
        }
      }
    }

    assertThat(wrong).as(route.name()).isEmpty();
  }

  static Stream<Route> routesWithAnId() {
    return Stream.of(Route.values()).filter(route -> VARIABLE.matcher(route.pattern()).find());
  }

  @ParameterizedTest
  @MethodSource("routesWithAnId")
  void aForeignIdAndAMissingOneAreTheSameNothing(Route route) {
    for (var role : Role.values()) {
      for (var shown :
          List.of(
              Shown.NOTHING,
              Shown.SESSION,
              Shown.STALE_SESSION,
              Shown.HALF_SESSION,
              Shown.TOKEN,
              Shown.CELLS_KEY,
              Shown.SCIM_TOKEN)) {
        var own = ask(route, role, shown, ownAddress(route, role));
        var foreign = ask(route, role, shown, address(route, THEIRS, role));
        var missing = ask(route, role, shown, missingAddress(route));

        assertThat(verdict(route, foreign)).isEqualTo(expected(route, role, shown));
        assertThat(foreign.statusCode()).isEqualTo(missing.statusCode());
        assertThat(foreign.body()).isEqualTo(missing.body()).doesNotContain("Theirmarker");
        assertThat(names(foreign)).isEqualTo(names(missing));
        // What is for everyone is nobody's own; it has one answer for all who bring nothing with
        // them.
        if (route.who() instanceof Who.Everyone) {
          assertThat(own.body()).isEqualTo(missing.body());
        } else if (expected(route, role, shown) == Verdict.OPENS) {
          assertThat(foreign.statusCode()).as("%s as %s", route, role).isEqualTo(404);
          if (!NOTHING_THERE_YET.contains(route)) {
            assertThat(own.statusCode()).as("%s as %s", route, role).isNotEqualTo(404);
          }
        }
      }
    }
  }

  static Stream<Route> routesIntoAWorkspace() {
    return routesWithAnId()
        .filter(route ->
            route.who() instanceof Who.Only only && only.permission() == Permission.KEEP_KEYS);
  }

  @ParameterizedTest
  @MethodSource("routesIntoAWorkspace")
  void aWorkspaceOfOthersAndAMissingOneAreTheSameNothing(Route route) {
    for (var role : Role.values()) {
      for (var shown : Shown.values()) {
        var others = ask(route, role, shown, addressElsewhere(route));
        var missing = ask(route, role, shown, missingAddress(route));

        assertThat(verdict(route, others)).isEqualTo(expected(route, role, shown));
        assertThat(others.statusCode()).isEqualTo(missing.statusCode());
        assertThat(others.body()).isEqualTo(missing.body()).doesNotContain("Ourmarker");
        assertThat(names(others)).isEqualTo(names(missing));
        if (expected(route, role, shown) == Verdict.OPENS) {
          assertThat(others.statusCode()).as("%s as %s", route, role).isEqualTo(404);
        }
      }
    }
  }

  @Test
  void whatNoRowNamesIsClosedToEverybody() {
    var open = new ArrayList<String>();
    for (var route : Route.values()) {
      for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")) {
        var known =
            Stream.of(Route.values())
                .anyMatch(other ->
                    other.method().name().equals(method)
                        && other.pattern().equals(route.pattern()));
        if (known) {
          continue;
        }
        for (var role : Role.values()) {
          var pass =
              route.pattern().startsWith("/scim/")
                  ? Shown.SCIM_TOKEN
                  : route.isForPrograms() ? Shown.TOKEN : Shown.SESSION;
          var answer = PAGES.ask(method, missingAddress(route), kept(role, pass));
          if (answer.statusCode() != 403) {
            open.add(
                "%s %s as %s: %d".formatted(method, route.pattern(), role, answer.statusCode()));
          }
        }
      }
    }

    assertThat(open).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theTwinWithoutARowDoesNotBoot(Route removed) {
    var handlers = handlers();
    var rows = rows();
    assertThatCode(() -> RoutesAreComplete.demand(handlers, rows)).doesNotThrowAnyException();

    rows.remove(removed.method() + " " + removed.pattern());

    assertThatThrownBy(() -> RoutesAreComplete.demand(handlers, rows))
        .hasMessage(
            "These handlers have no line in Route: [%s %s]", removed.method(), removed.pattern());
  }

  @Test
  void noRowIsThereTwice() {
    assertThat(rows()).hasSize(Route.values().length);
  }

  @Test
  void noPermissionComesNearAnotherPersonsWork() {
    assertThat(Permission.values())
        .filteredOn(permission -> permission.data().contains("sessions"))
        .allSatisfy(permission -> {
          assertThat(permission).isEqualTo(Permission.READ_OWN_DATA);
          assertThat(permission.data()).startsWith("one's own");
        });
    for (var route : Route.values()) {
      for (var role : Role.values()) {
        var own =
            route.who() instanceof Who.Only only && only.permission() == Permission.READ_OWN_DATA;
        assertThat(route.reads(role)).isEqualTo(own ? Role.ENGINEER : role);
      }
    }
    assertThat(Permission.READ_TEAM_NUMBERS.roles()).containsExactly(Role.MANAGER, Role.OWNER);
    assertThat(Permission.READ_CONTROLS.roles()).containsExactly(Role.REVIEWER);
    assertThat(Permission.READ_SEATS.roles()).containsExactly(Role.BILLING);
    assertThat(Permission.RUN_ORGANIZATION.roles()).containsExactly(Role.OWNER);
    assertThat(Permission.PROVISION.roles()).containsExactly(Role.OWNER);
  }

  @Test
  void theDescriptionForProgramsSaysWhatTheTableSays() {
    var paths = World.JSON.readTree(PAGES.get("/v1/openapi.json", Pass.none()).body()).get("paths");

    assertThat(paths.propertyNames()).isNotEmpty();
    for (var path : paths.propertyNames()) {
      var route = Route.of(HttpMethod.GET, path).findFirst().orElseThrow();
      var operation = paths.get(path).get("get");
      assertThat(operation.get("security").toString()).isEqualTo("[{\"token\":[]}]");
      assertThat(operation.get("x-permission").asString())
          .isEqualTo(((Who.Only) route.who()).permission().word());
      assertThat(operation.get("x-audit-action").asString()).isEqualTo(route.action());
    }
  }

  @Test
  void aReviewerReadsEveryRow() {
    var page = PAGES.get("/trust/doors", kept(Role.REVIEWER, Shown.SESSION)).body();

    for (var route : Route.values()) {
      assertThat(page).contains("<code>" + route.pattern() + "</code>");
    }
    assertThat(page).contains("confirmed within 10 minutes", "released numbers of teams");
  }

  private static Verdict expected(Route route, Role role, Shown shown) {
    if (route.who() instanceof Who.Everyone) {
      return Verdict.OPENS;
    }
    var program = route.isForPrograms();
    if (program ? !shown.isAToken() : !shown.isASession()) {
      return Verdict.ASKS_WHO;
    }
    if (!route.who().roles().contains(shown.readsAs(role))) {
      return Verdict.REFUSES;
    }
    if (program && !shown.isGoodFor(((Who.Only) route.who()).permission().scope())) {
      return Verdict.REFUSES;
    }
    if (shown == Shown.HALF_SESSION && !route.who().halfway()) {
      return Verdict.ASKS_MORE;
    }
    return route.who().fresh() && shown == Shown.STALE_SESSION ? Verdict.ASKS_AGAIN : Verdict.OPENS;
  }

  private static Verdict verdict(Route route, HttpResponse<String> answer) {
    var to = answer.headers().firstValue("Location").orElse("");
    if (answer.statusCode() == 403 && answer.body().contains("This page is not for your role")) {
      return Verdict.REFUSES;
    }
    if (to.equals("/second-factor")) {
      return Verdict.ASKS_MORE;
    }
    if (to.startsWith("/confirm")) {
      return Verdict.ASKS_AGAIN;
    }
    var asks =
        route.isForPrograms()
            ? answer.statusCode() == 401
            : to.startsWith("/sign-in") && answer.headers().firstValue("Set-Cookie").isEmpty();
    return asks ? Verdict.ASKS_WHO : Verdict.OPENS;
  }

  private static HttpResponse<String> ask(Route route, Role role, Shown shown, String address) {
    // A change may end the session that makes it.
    var pass = route.method().name().equals("POST") ? OURS.pass(role, shown) : kept(role, shown);
    if (!Set.of("GET", "POST").contains(route.method().name())) {
      return PAGES.ask(route.method().name(), address, pass);
    }
    return route.method().name().equals("POST")
        ? PAGES.post(
            address,
            route.parameters().contains("role") ? Map.of("role", "engineer") : Map.of(),
            pass)
        : PAGES.get(address, pass);
  }

  private static Pass kept(Role role, Shown shown) {
    return KEPT.computeIfAbsent(role + " " + shown, _ -> OURS.pass(role, shown));
  }

  private static String ownAddress(Route route, Role role) {
    return address(route, OURS, role);
  }

  private static String address(Route route, Cast of, Role role) {
    return VARIABLE
        .matcher(route.pattern())
        .replaceAll(variable ->
            WORDS.containsKey(variable.group(1))
                ? String.valueOf(WORDS.get(variable.group(1)))
                : of.idFor(variable.group(1), role).toString())
        .replace("/**", "");
  }

  private static String addressElsewhere(Route route) {
    return VARIABLE
        .matcher(route.pattern())
        .replaceAll(variable -> OURS.idElsewhere(variable.group(1)).toString());
  }

  private static String missingAddress(Route route) {
    return VARIABLE
        .matcher(route.pattern())
        .replaceAll(variable -> WORDS.getOrDefault(variable.group(1), UUID.randomUUID().toString()))
        .replace("/**", "");
  }

  private static Set<String> names(HttpResponse<String> answer) {
    var names = new TreeSet<>(answer.headers().map().keySet());
    // The server closes a connection after every hundredth request.
    names.removeAll(Set.of("connection", "keep-alive"));
    return names;
  }

  private static Set<String> handlers() {
    return PAGES.beans(RequestMappingInfoHandlerMapping.class).values().stream()
        .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
        .flatMap(RoutesAreComplete::doorsOf)
        .collect(Collectors.toSet());
  }

  private static Set<String> rows() {
    return Stream.of(Route.values())
        .map(route -> route.method() + " " + route.pattern())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
