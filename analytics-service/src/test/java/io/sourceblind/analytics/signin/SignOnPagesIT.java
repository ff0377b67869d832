// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// A manager sets a provider on the pages, and people come in by it as their browsers do.
class SignOnPagesIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID TEAM = WORLD.team(ORGANIZATION, "Payments");
  private static final UUID OWNER = WORLD.person(ORGANIZATION, null, "Boss", Role.OWNER);
  private static final SomeProvider PROVIDER = new SomeProvider();
  private static final Pages PAGES = start();

  private static Pages start() {
    var settings = Pages.settings(WORLD);
    settings.put("sign-on.inside", true);
    // Nobody answers there.
    settings.put("sign-on.name-servers", "dns://127.0.0.1:1");
    var pages = Pages.over(settings);
    pages.post("/admin/sign-on/domains", Map.of("domain", "example.com"), manager());
    WORLD.superuser().sql("update identity.domain set verified_at = now()").update();
    pages.post("/admin/sign-on", form(), manager());
    return pages;
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    PROVIDER.close();
    WORLD.close();
  }

  @Test
  void anEngineerComesInAndGoesOnToThePageTheyWanted() {
    WORLD.person(ORGANIZATION, TEAM, "Comes In", Role.ENGINEER);
    var begun = begin("comes.in@example.com");
    PROVIDER.email = "comes.in@example.com";

    var end = back(begun, cookie(begun, "sign-on"));

    assertThat(begun.body()).contains("127.0.0.1", "Go on now");
    assertThat(begun.headers().firstValue("Set-Cookie").orElseThrow())
        .matches("sign-on=sbo_[A-Za-z0-9]{36}; Path=/; Max-Age=600;.*; HttpOnly; SameSite=Lax");
    assertThat(header(end, "Location")).isEqualTo("/account");
    assertThat(end.headers().allValues("Set-Cookie"))
        .anySatisfy(cookie -> assertThat(cookie).startsWith("sign-on=; Path=/; Max-Age=0"));
    assertThat(PAGES.get("/account", cookie(end, "session")).body())
        .contains("comes.in@example.com");
  }

  @Test
  void whoeverDidNotBeginIsNotIn() {
    WORLD.person(ORGANIZATION, TEAM, "Attacker", Role.ENGINEER);
    PROVIDER.email = "attacker@example.com";
    var attackers = begin("attacker@example.com");
    var victims = begin("example.com");

    var withoutACookie = back(attackers, Pass.none());
    var withTheVictims = back(attackers, cookie(victims, "sign-on"));

    for (var end : new HttpResponse<?>[] {withoutACookie, withTheVictims}) {
      assertThat(end.statusCode()).isEqualTo(403);
      assertThat(end.headers().allValues("Set-Cookie"))
          .noneSatisfy(cookie -> assertThat(cookie).startsWith("session="));
    }
    assertThat(withTheVictims.body()).contains("This sign-in was not begun in this browser.");
  }

  @Test
  void aProviderThatSaysNoLetsNobodyIn() {
    var begun = begin("example.com");

    var end =
        PAGES.get(
            "/sign-in/sso/%s?error=access_denied&state=%s"
                .formatted(ORGANIZATION, PROVIDER.signIn(address(begun)).get("state")),
            cookie(begun, "sign-on"));

    assertThat(end.statusCode()).isEqualTo(403);
    assertThat(end.body()).contains("You are not signed in");
  }

  @Test
  void aDomainOfNobodyIsSaidToBeThat() {
    var answer = PAGES.post("/sign-in/sso", Map.of("email", "x@elsewhere.example"), Pass.none());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .contains("No organization here signs in with a provider for this domain.");
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void nobodyIsSentOnToAnotherSite() {
    WORLD.person(ORGANIZATION, TEAM, "Sent On", Role.ENGINEER);
    PROVIDER.email = "sent.on@example.com";
    var begun =
        PAGES.post(
            "/sign-in/sso",
            Map.of("email", "example.com", "to", "https://evil.example/"),
            Pass.none());

    assertThat(header(back(begun, cookie(begun, "sign-on")), "Location")).isEqualTo("/");
  }

  @Test
  void whoeverIsAskedAgainGetsANewSessionAndTheOldOneEnds() {
    var person = WORLD.person(ORGANIZATION, TEAM, "Stale", Role.ENGINEER);
    var session = as(person);
    WORLD
        .superuser()
        .sql(
            """
            update identity.credential set proved_at = now() - interval '1 hour'
             where person_id = :person
            """)
        .param("person", person)
        .update();
    PROVIDER.email = "stale@example.com";
    var page = PAGES.get("/confirm?to=/account/tokens", session);

    var begun = PAGES.post("/confirm/sso", Map.of("to", "/account/tokens"), session);
    var end =
        back(begun, new Pass("Cookie", cookie(begun, "sign-on").value() + "; " + session.value()));

    assertThat(page.body()).contains("Ask my organization's provider");
    assertThat(address(begun)).contains("prompt=login");
    assertThat(header(end, "Location")).isEqualTo("/account/tokens");
    assertThat(PAGES.get("/account", session).statusCode()).isEqualTo(302);
    assertThat(
            PAGES
                .post("/account/password", Map.of("password", "short"), cookie(end, "session"))
                .body())
        .contains("A password has 12 to 128 characters.");
  }

  @Test
  void theSecretIsWrittenAndNeverRead() {
    var page = PAGES.get("/admin/sign-on", manager()).body();

    assertThat(page)
        .contains(PROVIDER.address(), "ends in <b>wxyz</b>", "/sign-in/sso/" + ORGANIZATION)
        .doesNotContain(SomeProvider.SECRET);
  }

  @Test
  void whatIsWrongIsSaidAndNotRepeated() {
    var form = new HashMap<>(form());
    form.put("issuer", "http://127.0.0.1:1");

    var unreachable = PAGES.post("/admin/sign-on", form, manager());
    var unanswered =
        PAGES.post("/admin/sign-on/domains/verify", Map.of("domain", "example.com"), manager());

    assertThat(unreachable.statusCode()).isEqualTo(400);
    assertThat(unreachable.body())
        .contains("The provider cannot be reached")
        .doesNotContain("127.0.0.1:1\"", SomeProvider.SECRET);
    assertThat(unanswered.body()).contains("No name server answered");
  }

  private static Map<String, String> form() {
    return Map.of("issuer", PROVIDER.address(), "client", "pages", "secret", SomeProvider.SECRET);
  }

  private static HttpResponse<String> begin(String typed) {
    return PAGES.post("/sign-in/sso", Map.of("email", typed, "to", "/account"), Pass.none());
  }

  private static HttpResponse<String> back(HttpResponse<String> begun, Pass browser) {
    var answer = PROVIDER.signIn(address(begun));
    return PAGES.get(
        "/sign-in/sso/%s?code=%s&state=%s&session_state=x"
            .formatted(ORGANIZATION, answer.get("code"), answer.get("state")),
        browser);
  }

  private static String address(HttpResponse<String> begun) {
    return header(begun, "Refresh").substring("0;url=".length());
  }

  private static Pass manager() {
    return as(OWNER);
  }

  private static Pass as(UUID person) {
    return Pass.session(WORLD.secret(ORGANIZATION, person, CredentialKind.SESSION));
  }

  private static Pass cookie(HttpResponse<String> answer, String name) {
    var form = Pattern.compile(name + "=[^;]+");
    return new Pass(
        "Cookie",
        answer.headers().allValues("Set-Cookie").stream()
            .map(form::matcher)
            .filter(Matcher::lookingAt)
            .map(Matcher::group)
            .findFirst()
            .orElseThrow());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }
}
