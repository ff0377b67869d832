// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SignInIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID MANAGER = WORLD.person(ORGANIZATION, null, "Somebody", Role.MANAGER);
  private static final Pages PAGES = Pages.over(WORLD);

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void aLinkSignsInOnce() {
    var link = link();

    var first = PAGES.post("/sign-in", Map.of("token", link), Pass.none());
    var second = PAGES.post("/sign-in", Map.of("token", link), Pass.none());

    assertThat(first.statusCode()).isEqualTo(302);
    assertThat(header(first, "Location")).isEqualTo("/");
    assertThat(header(first, "Set-Cookie"))
        .startsWith("session=sbs_")
        .contains("Max-Age=43200", "HttpOnly", "SameSite=Lax", "Path=/");
    assertThat(PAGES.get("/teams", cookie(first)).statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(403);
    assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void openingTheLinkUsesNothingUp() {
    var link = link();

    var page = PAGES.get("/sign-in?token=" + link, Pass.none());
    PAGES.get("/sign-in?token=" + link, Pass.none());

    assertThat(page.body())
        .contains("<button type=\"submit\">Sign in</button>", "value=\"" + link + "\"");
    assertThat(PAGES.post("/sign-in", Map.of("token", link), Pass.none()).statusCode())
        .isEqualTo(302);
  }

  @Test
  void whateverIsWrongWithALinkTheAnswerIsTheSame() {
    var used = link();
    PAGES.post("/sign-in", Map.of("token", used), Pass.none());
    var ofAnotherKind = WORLD.secret(ORGANIZATION, MANAGER, CredentialKind.SESSION);

    var answer = PAGES.post("/sign-in", Map.of("token", used), Pass.none());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(PAGES.post("/sign-in", Map.of("token", "nonsense"), Pass.none()).body())
        .isEqualTo(answer.body());
    assertThat(PAGES.post("/sign-in", Map.of("token", ofAnotherKind), Pass.none()).body())
        .isEqualTo(answer.body());
    assertThat(PAGES.post("/sign-in", Map.of(), Pass.none()).body()).isEqualTo(answer.body());
  }

  @Test
  void aTokenIsWrittenIntoThePageAsTextOnly() {
    var page = PAGES.get("/sign-in?token=%22%3E%3Cb%3Ex", Pass.none());

    assertThat(page.body()).contains("value=\"&quot;&gt;&lt;b&gt;x\"").doesNotContain("<b>x");
  }

  @Test
  void whoeverSignsOutIsOutForGood() {
    var in = cookie(PAGES.post("/sign-in", Map.of("token", link()), Pass.none()));

    var out = PAGES.post("/sign-out", Map.of(), in);

    assertThat(header(out, "Set-Cookie")).startsWith("session=;").contains("Max-Age=0");
    assertThat(PAGES.get("/teams", in).statusCode()).isEqualTo(302);
  }

  @Test
  void anotherSiteCannotSignAnybodyIn() {
    var link = link();
    var form = Map.of("token", link);

    assertThat(
            PAGES.postFromElsewhere("/sign-in", form, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(
            PAGES.postFromElsewhere("/sign-in", form, "Sec-Fetch-Site", "same-site").statusCode())
        .isEqualTo(403);
    assertThat(
            PAGES.postFromElsewhere("/sign-in", form, "Origin", "https://example.net").statusCode())
        .isEqualTo(403);
    assertThat(PAGES.post("/sign-in", form, Pass.none()).statusCode()).isEqualTo(302);
  }

  @Test
  void everybodyIsSentToThePageOfTheirRole() {
    var homes =
        Map.of(
            Role.ENGINEER, "/me",
            Role.MANAGER, "/teams",
            Role.OWNER, "/teams",
            Role.REVIEWER, "/trust",
            Role.BILLING, "/seats");

    homes.forEach((role, home) -> {
      var person = WORLD.person(ORGANIZATION, null, "Some " + role, role);
      var key = Pass.session(WORLD.secret(ORGANIZATION, person, CredentialKind.SESSION));
      assertThat(header(PAGES.get("/", key), "Location")).isEqualTo(home);
      assertThat(PAGES.get(home, key).statusCode()).isEqualTo(200);
    });
  }

  private static String link() {
    return WORLD.secret(ORGANIZATION, MANAGER, CredentialKind.SIGN_IN_LINK);
  }

  private static Pass cookie(HttpResponse<String> answer) {
    var cookie = header(answer, "Set-Cookie");
    return new Pass("Cookie", cookie.substring(0, cookie.indexOf(';')));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
