// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import io.sourceblind.analytics.Chromium.Visit;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Passkeys in a real browser, with a machine that Chromium pretends to have.
class PasskeysInABrowserIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final int PORT = freePort();
  // A browser takes no number for the name of a host here.
  private static final String ADDRESS = "http://localhost:" + PORT;
  private static final Pages PAGES = start();
  private static final Chromium CHROMIUM = new Chromium();

  private static Pages start() {
    var settings = Pages.settings(WORLD);
    settings.put("server.port", PORT);
    settings.put("passkey.origin", ADDRESS);
    return Pages.over(settings);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new IllegalStateException(none);
    }
  }

  @AfterAll
  static void stop() {
    CHROMIUM.close();
    PAGES.close();
    WORLD.close();
  }

  @Test
  void aPasskeyIsAddedSignsInByItselfAndIsTakenAway() {
    var person = person("Keyholder");
    try (var visit = signedIn(person)) {
      var page = visit.page();
      machine(page);
      add(visit, "This laptop");
      assertThat(page.innerText("main")).contains("This laptop", "last used never");

      demandSecondFactors(true);
      page.context().clearCookies();
      visit.open("/sign-in");
      page.click("text=Use a passkey");
      page.waitForURL("**/me");
      assertThat(page.innerText("h1")).isEqualTo("Your page");

      demandSecondFactors(false);
      visit.open("/account");
      page.click("main >> text=Passkeys");
      assertThat(page.innerText("main")).doesNotContain("last used never");
      page.click("button >> text=Remove");
      assertThat(page.innerText("main")).contains("You have no passkeys.");
      page.context().clearCookies();
      visit.open("/sign-in");
      page.click("text=Use a passkey");
      page.waitForURL("**/sign-in/passkey");
      assertThat(page.innerText("[role=alert]")).contains("does not fit");
      assertThat(page.context().cookies()).noneMatch(cookie -> cookie.name.equals("session"));
      assertThat(visit.complaints()).isEmpty();
    }
  }

  @Test
  void aKeyWhoseOwnerDoesNotUnlockItSignsNobodyIn() {
    try (var visit = signedIn(person("Locked"))) {
      var page = visit.page();
      var machine = machine(page);
      add(visit, "Laptop");
      machine.unlocked(false);
      page.context().clearCookies();
      visit.open("/sign-in");
      page.click("text=Use a passkey");
      page.waitForSelector("text=No passkey of yours was found");
      assertThat(page.url()).endsWith("/sign-in");

      machine.unlocked(true);
      page.click("text=Use a passkey");
      page.waitForURL("**/me");
    }
  }

  @Test
  void aProofOfLongAgoIsRefreshedWithThePasskey() {
    var person = person("Stale");
    try (var visit = signedIn(person)) {
      var page = visit.page();
      machine(page);
      add(visit, "Laptop");
      WORLD
          .superuser()
          .sql(
              "update identity.credential set proved_at = now() - interval '11 minutes'"
                  + " where person_id = :person")
          .param("person", person)
          .update();

      visit.open("/account/passkeys");
      assertThat(page.innerText("h1")).isEqualTo("Is it still you?");
      page.click("text=Use a passkey");
      page.waitForURL("**/account/passkeys");
      assertThat(page.innerText("h1")).isEqualTo("Passkeys");
    }
  }

  @Test
  void withoutScriptsTheButtonIsNotThere() {
    try (var visit = CHROMIUM.visit(ADDRESS, null, false)) {
      var page = visit.open("/sign-in");

      assertThat(page.locator("form[data-passkey]").count()).isOne();
      assertThat(page.isVisible("text=Use a passkey")).isFalse();
      assertThat(page.isVisible("#password")).isTrue();
    }
  }

  @Test
  void onlyPagesThatAskForAPasskeyRunAScript() {
    var session = Pass.session(secret(person("Reader")));

    assertThat(policy("/sign-in", Pass.none())).endsWith("; script-src 'self'");
    assertThat(policy("/account/passkeys", session)).endsWith("; script-src 'self'");
    assertThat(policy("/account", session)).doesNotContain("script-src");
    assertThat(policy("/me", session)).doesNotContain("script-src");
    assertThat(PAGES.get("/passkey.js", Pass.none()).headers().firstValue("Content-Type"))
        .contains("text/javascript;charset=UTF-8");
  }

  private static void add(Visit visit, String label) {
    var page = visit.open("/account/passkeys");
    page.fill("#label", label);
    page.click("text=Add a passkey");
    page.waitForSelector("strong >> text=" + label);
  }

  /// What Chromium pretends to have.
  private record Machine(CDPSession session, String id) {
    void unlocked(boolean is) {
      var arguments = new JsonObject();
      arguments.addProperty("authenticatorId", id);
      arguments.addProperty("isUserVerified", is);
      session.send("WebAuthn.setUserVerified", arguments);
    }
  }

  private static Machine machine(Page page) {
    var session = page.context().newCDPSession(page);
    session.send("WebAuthn.enable");
    var options = new JsonObject();
    options.addProperty("protocol", "ctap2");
    options.addProperty("transport", "internal");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    options.addProperty("automaticPresenceSimulation", true);
    var arguments = new JsonObject();
    arguments.add("options", options);
    var made = session.send("WebAuthn.addVirtualAuthenticator", arguments);
    return new Machine(session, made.get("authenticatorId").getAsString());
  }

  private static void demandSecondFactors(boolean are) {
    WORLD
        .superuser()
        .sql("update identity.organization set second_factor_required = :are where id = :org")
        .param("are", are)
        .param("org", ORGANIZATION)
        .update();
  }

  private static UUID person(String name) {
    return WORLD.person(ORGANIZATION, null, name, Role.ENGINEER);
  }

  private static String secret(UUID person) {
    return WORLD.secret(ORGANIZATION, person, CredentialKind.SESSION);
  }

  private static Visit signedIn(UUID person) {
    return CHROMIUM.visit(ADDRESS, secret(person));
  }

  private static String policy(String path, Pass pass) {
    return PAGES.get(path, pass).headers().firstValue("Content-Security-Policy").orElseThrow();
  }
}
