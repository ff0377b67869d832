// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;

/// What nobody should have asked is answered without an error of the service's own, and written
/// down nowhere.
@ExtendWith(OutputCaptureExtension.class)
class SilenceIT {
  private static final String CANARY = "Canary9c1";
  private static final Pattern VARIABLE = Pattern.compile("\\{[^}]+}|\\*\\*");
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final Map<Role, UUID> PEOPLE = people();
  private static final Pages PAGES = Pages.over(WORLD);

  private static Map<Role, UUID> people() {
    var people = new EnumMap<Role, UUID>(Role.class);
    for (var role : Role.values()) {
      people.put(role, WORLD.person(ORGANIZATION, null, role.name(), role));
    }
    return people;
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  /// The last has no place in the database's text.
  @ParameterizedTest
  @ValueSource(strings = {"", "'\"<&;|`$(\r\n", "\0"})
  void aValueThatNoDoorTakesIsNoErrorOfOursAndWrittenDownNowhere(
      String odd, CapturedOutput output) {
    WORLD.sign();
    for (var route : Route.values()) {
      for (var role : List.of(Role.OWNER, Role.ENGINEER, Role.REVIEWER)) {
        assertThat(ask(route, role, CANARY + odd).statusCode())
            .as("%s %s as %s", route.method(), route.pattern(), role)
            .isLessThan(500);
      }
    }

    assertThat(output).doesNotContain(CANARY);
    assertThat(EmbeddedDatabase.serverLog()).doesNotContain(CANARY);
  }

  @Test
  void anyOutputWouldBeSeen(CapturedOutput output) {
    System.out.println("twin of " + CANARY);

    assertThat(output).contains(CANARY);
  }

  private static HttpResponse<String> ask(Route route, Role role, String value) {
    var pass = pass(route, role);
    var encoded = URLEncoder.encode(value, UTF_8).replace("+", "%20");
    // An id of the right form gets further than any other.
    var path =
        VARIABLE
            .matcher(route.pattern())
            .replaceAll(value.equals(CANARY) ? CANARY : UUID.randomUUID().toString());
    if (route.pattern().startsWith("/scim/")
        && Stream.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)
            .anyMatch(route.method()::equals)) {
      return PAGES.json(route.method().name(), path, document(value), pass);
    }
    if (route.method().equals(HttpMethod.POST)) {
      return PAGES.post(path, route.parameters().stream().collect(toMap(n -> n, _ -> value)), pass);
    }
    var query = route.parameters().stream().map(n -> n + "=" + encoded).collect(joining("&"));
    return PAGES.ask(route.method().name(), query.isEmpty() ? path : path + "?" + query, pass);
  }

  private static Pass pass(Route route, Role role) {
    var person = Objects.requireNonNull(PEOPLE.get(role));
    if (!route.isForPrograms()) {
      // One for each, as some requests end it.
      return Pass.session(WORLD.secret(ORGANIZATION, person, CredentialKind.SESSION));
    }
    var token = WORLD.secret(ORGANIZATION, person, CredentialKind.API);
    if (route.pattern().startsWith("/scim/")) {
      WORLD
          .superuser()
          .sql(
              "update identity.credential set scope = 'scim' where person_id = :p and kind = 'api'")
          .param("p", person)
          .update();
    }
    return Pass.token(token);
  }

  private static String document(String value) {
    var text = value.chars().mapToObj("\\u%04x"::formatted).collect(joining());
    return """
    {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "%1$s@example.com",
     "displayName": "%1$s", "externalId": "%1$s", "name": {"formatted": "%1$s"}, "active": true,
     "members": [{"value": "%1$s"}],
     "Operations": [{"op": "replace", "path": "displayName", "value": "%1$s"}]}
    """
        .formatted(text);
  }
}
