// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.signin.SomeSamlProvider;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// A real browser goes to a provider that speaks SAML and comes back. The provider is at another
/// site than the pages, so its post brings no cookie along, and the step after it does.
class SignOnInABrowserIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID TEAM = WORLD.team(ORGANIZATION, "Payments");
  private static final UUID OWNER = WORLD.person(ORGANIZATION, null, "Boss", Role.OWNER);
  private static final SomeSamlProvider PROVIDER = new SomeSamlProvider();
  private static final Pages PAGES = start();
  private static final Chromium CHROMIUM = new Chromium();

  private static Pages start() {
    var settings = Pages.settings(WORLD);
    settings.put("sign-on.inside", true);
    var pages = Pages.over(settings);
    pages.post("/admin/sign-on/domains", Map.of("domain", "example.com"), Pass.session(manager()));
    WORLD.superuser().sql("update identity.domain set verified_at = now()").update();
    WORLD.person(ORGANIZATION, TEAM, "Ada", Role.ENGINEER);
    PROVIDER.email = "ada@example.com";
    return pages;
  }

  @AfterAll
  static void stop() {
    CHROMIUM.close();
    PAGES.close();
    PROVIDER.close();
    WORLD.close();
  }

  @Test
  void aManagerSetsAProviderByItsMetadataAndAnEngineerComesInWithoutScripts() {
    try (var visit = CHROMIUM.visit(PAGES.url(), manager(), false)) {
      var page = visit.open("/admin/sign-on");
      page.fill("#metadata", PROVIDER.metadata());
      page.click("button:text-is('Set provider by SAML')");
      assertThat(page.innerText("main")).contains("People sign in by SAML with");
      assertThat(page.waitForDownload(() -> page.click("text=our metadata")).suggestedFilename())
          .isEqualTo("sourceblind.xml");
    }
    try (var visit = CHROMIUM.visit(PAGES.url(), manager())) {
      var page = visit.open("/admin/sign-on");
      assertThat(Inspection.rules(page)).isEmpty();
      assertThat(Inspection.contrastInTheDark(page)).isEmpty();
      assertThat(Inspection.narrow(page)).isEmpty();
      assertThat(Inspection.keyboard(page)).isEmpty();
      assertThat(visit.complaints()).isEmpty();
    }

    try (var visit = CHROMIUM.visit(PAGES.url(), null, false)) {
      var page = visit.open("/sign-in/sso?to=/account");
      page.fill("#email", "ada@example.com");
      page.click("button >> text=Go on");
      page.waitForURL(PROVIDER.address() + "/**");
      var posted =
          page.waitForRequest(
              request -> request.method().equals("POST"), () -> page.click("text=It is me"));
      page.waitForURL("**/account");

      assertThat(posted.allHeaders()).doesNotContainKey("cookie");
      assertThat(page.innerText("main")).contains("You are ada@example.com.");
      assertThat(visit.complaints()).isEmpty();
    }
  }

  @Test
  void whatAnotherBrowserBeganEndsNowhere() {
    PAGES.post(
        "/admin/sign-on/saml", Map.of("metadata", PROVIDER.metadata()), Pass.session(manager()));
    try (var attackers = CHROMIUM.visit(PAGES.url(), null);
        var victims = CHROMIUM.visit(PAGES.url(), null)) {
      var begun = attackers.open("/sign-in/sso");
      begun.fill("#email", "ada@example.com");
      begun.click("button >> text=Go on");
      begun.waitForURL(PROVIDER.address() + "/**");

      victims.page().navigate(begun.url());
      victims.page().click("text=It is me");

      assertThat(victims.page().innerText("main"))
          .contains("This sign-in was not begun in this browser.");
      assertThat(victims.open("/account").url()).contains("/sign-in");
    }
  }

  private static String manager() {
    return WORLD.secret(ORGANIZATION, OWNER, CredentialKind.SESSION);
  }
}
