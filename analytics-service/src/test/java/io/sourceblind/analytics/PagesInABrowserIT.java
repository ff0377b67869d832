// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route.FulfillOptions;
import io.sourceblind.analytics.Chromium.Visit;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import io.sourceblind.identity.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Every page in a real browser, as each role walks them: without a finding of axe-core in light
/// and dark, without a word from the content security policy, on a small telephone, by keyboard, on
/// paper, and without scripts.
class PagesInABrowserIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String PASSWORD = "marble otter quietly sings";
  private static final World WORLD = new World(CLOCK);
  private static final Demonstration THERE = Demonstration.of(7, WORLD, CLOCK);
  private static final GreenMail MAIL = mail();
  private static final Pages PAGES = start();
  private static final Chromium CHROMIUM = new Chromium();

  /// What is handed out and is no page.
  private static final Pattern NO_PAGE =
      Pattern.compile(
          "/v1/.*|/scim/.*|/actuator/.*|/style\\.css|/passkey\\.js|.*\\.(csv|png|jsonl|xml)|.*/certificate|/oauth2/.*|/");

  private static GreenMail mail() {
    var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    return mail;
  }

  private static Pages start() {
    var settings = Pages.settings(WORLD);
    settings.put("mail.host", "127.0.0.1");
    settings.put("mail.port", MAIL.getSmtp().getPort());
    settings.put("mail.from", "sourceblind@example.com");
    return Pages.over(settings);
  }

  @AfterAll
  static void stop() {
    CHROMIUM.close();
    PAGES.close();
    MAIL.stop();
    THERE.close();
    WORLD.close();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aRolesPagesAreFreeOfFindings(Role role) {
    try (var visit = CHROMIUM.visit(PAGES.url(), THERE.secret(role, CredentialKind.SESSION))) {
      assertThat(findings(visit, addressesOf(role))).isEmpty();
    }
  }

  @Test
  void aStrangersPagesAreFreeOfFindings() {
    try (var visit = CHROMIUM.visit(PAGES.url(), null)) {
      assertThat(findings(visit, strangersAddresses())).isEmpty();
    }
  }

  @Test
  void whatOnlyAFormLeadsToIsFreeOfFindings() {
    try (var visit = CHROMIUM.visit(PAGES.url(), null)) {
      var page = visit.open("/sign-in");
      page.fill("#email", "nobody@example.com");
      page.click("text=Mail me a code instead");
      assertThat(Inspection.rules(page)).as("a code is asked for").isEmpty();
      assertThat(Inspection.narrow(page)).isEmpty();
      assertThat(visit.complaints()).isEmpty();
    }
    try (var visit = signedIn(Role.ENGINEER)) {
      var page = visit.open("/second-factor");
      page.click("text=Begin");
      assertThat(page.locator(".qr").count()).isOne();
      assertThat(Inspection.rules(page)).as("a key is shown").isEmpty();
      assertThat(Inspection.contrastInTheDark(page)).isEmpty();
      assertThat(Inspection.narrow(page)).isEmpty();

      visit.open("/account/tokens");
      page.fill("#label", "Our dashboard");
      page.click("text=Make token");
      assertThat(page.locator("code.secret").count()).isOne();
      assertThat(Inspection.rules(page)).as("a token is shown").isEmpty();
      assertThat(Inspection.narrow(page)).isEmpty();
      assertThat(visit.complaints()).isEmpty();
    }
  }

  @Test
  void anAddressThatIsLongerThanALineMakesNoPageWider() {
    var organization = THERE.principal(Role.OWNER).organization();
    WORLD.person(organization, null, "N".repeat(60), Role.BILLING);
    try (var visit = signedIn(Role.OWNER)) {
      var page = visit.open("/admin/members");

      assertThat(page.innerText("main")).contains("n".repeat(60) + "@example.com");
      assertThat(Inspection.narrow(page)).isEmpty();
    }
  }

  @Test
  void noPageIsForgotten() {
    var addresses = new ArrayList<>(strangersAddresses());
    Stream.of(Role.values()).map(PagesInABrowserIT::addressesOf).forEach(addresses::addAll);
    List<String> doors;
    try (var visit = signedIn(Role.REVIEWER)) {
      doors =
          visit.open("/trust/doors").locator("tbody tr").allInnerTexts().stream()
              .map(row -> row.strip().split("\\s+"))
              .filter(row -> row[1].equals("GET") && !NO_PAGE.matcher(row[0]).matches())
              .map(row -> row[0])
              .toList();
    }

    assertThat(doors).hasSizeGreaterThan(20);
    assertThat(doors)
        .allSatisfy(door ->
            assertThat(addresses)
                .anyMatch(address ->
                    address.replaceAll("\\?.*", "").matches(door.replaceAll("\\{\\w+}", "[^/]+"))));
  }

  @Test
  void aManagerPicksWeeksAndTakesATableAlongWithoutScripts() {
    var last = IsoWeek.lastDue(CLOCK);
    try (var visit =
        CHROMIUM.visit(PAGES.url(), THERE.secret(Role.MANAGER, CredentialKind.SESSION), false)) {
      var page = visit.open("/");
      page.click("text=Checkout");
      page.selectOption("[name=from]", last.minus(1).toString());
      page.click("text=Show");

      assertThat(page.url()).endsWith("from=%s&to=%s".formatted(last.minus(1), last));
      page.click("summary >> nth=0");
      assertThat(page.locator("details[open] tbody tr").count()).isEqualTo(2);
      var table = page.waitForDownload(() -> page.click("text=CSV"));
      assertThat(table.suggestedFilename())
          .isEqualTo("cells-%s-%s.csv".formatted(last.minus(1), last));
      page.click("text=Organization");
      assertThat(page.innerText("h1")).isEqualTo("Organization");
      page.click("text=Sign out");
      assertThat(page.url()).endsWith("/sign-in");
    }
  }

  @Test
  void somebodyIsInvitedJoinsLooksAndComesBackWithoutScripts() {
    try (var visit =
        CHROMIUM.visit(PAGES.url(), THERE.secret(Role.OWNER, CredentialKind.SESSION), false)) {
      var page = visit.open("/admin/members");
      page.fill("#email", "joins@example.com");
      page.selectOption("#role", "engineer");
      page.click("text=Send invitation");
    }
    try (var visit = CHROMIUM.visit(PAGES.url(), null, false)) {
      var page = visit.open("/invitation?token=" + invitationOf("joins@example.com"));
      page.fill("#name", "New Person");
      page.fill("#password", PASSWORD);
      page.click("button >> text=Accept");

      assertThat(page.innerText("h1")).isEqualTo("Your page");
      assertThat(page.innerText("main")).contains("No session has arrived yet.");
      page.click("text=Sign out");
      page.fill("#email", "joins@example.com");
      page.fill("#password", PASSWORD);
      page.click("button >> text=Sign in");
      assertThat(page.innerText("h1")).isEqualTo("Your page");
    }
  }

  @Test
  void anEngineerReadsASessionFieldByFieldWithTheKeyboardAlone() {
    try (var visit = signedIn(Role.ENGINEER)) {
      var page = visit.open("/me");
      pressUntilFocused(page, "a[href^='/me/sessions/']");
      page.keyboard().press("Enter");
      page.waitForURL("**/me/sessions/**");
      pressUntilFocused(page, "summary");
      page.keyboard().press("Space");

      assertThat(page.innerText("details[open] dl")).contains("Bytes removed on your machine");
    }
  }

  @Test
  void aReviewerSearchesTheLog() {
    try (var visit = signedIn(Role.REVIEWER)) {
      var page = visit.open("/audit");
      page.fill("[name=action]", "organization");
      page.click("button >> text=Search");

      assertThat(page.url()).contains("action=organization");
      assertThat(page.innerText("main")).contains("organization.created");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rules    | <img src="data:,">                                                   | alternative text
          rules    | <p style="color: #999; background: #fff">Hard to read</p>            | contrast
          rules    | <button style="width: 9px; height: 9px; padding: 0; border: 0"></button> | discernible text
          dark     | <p class="planted">Hard to read</p>                                  | in the dark
          narrow   | <div style="width: 400px">Wide</div>                                 | reaches to
          narrow   | <div style="width: 1200px">Wider</div>                               | 1120 px wide
          keyboard | <button style="outline: none">Quiet</button>                         | no ring around button "Quiet"
          keyboard | <a href="/" tabindex="-1">Away</a>                                   | no way to a "Away"
          keyboard | <a href="/" tabindex="2">First</a>                                   | elsewhere
          paper    | <details><summary>More</summary><p>Words</p></details>               | p is folded away
          paper    | <nav>Menu</nav>                                                      | nav is no use on paper
          paper    | <div style="width: 900px">Wide</div>                                 | reaches to
          """)
  void whatIsPlantedIsFound(String inspection, String planted, String finding) {
    try (var visit = CHROMIUM.visit(PAGES.url(), null)) {
      var clean = planted(visit, "", Map.of());
      var before = Inspection.all(clean);
      var spoiled = planted(visit, planted, Map.of());
      var found =
          switch (inspection) {
            case "rules" -> Inspection.rules(spoiled);
            case "dark" -> Inspection.contrastInTheDark(spoiled);
            case "narrow" -> Inspection.narrow(spoiled);
            case "keyboard" -> Inspection.keyboard(spoiled);
            default -> Inspection.paper(spoiled);
          };

      assertThat(before).isEmpty();
      assertThat(found).anySatisfy(one -> assertThat(one).contains(finding));
    }
  }

  @Test
  void aMissingSkipLinkIsFound() {
    try (var visit = CHROMIUM.visit(PAGES.url(), null)) {
      var page =
          serve(
              visit,
              "<!doctype html><html lang=en><title>x</title><a href='/'>Menu</a><main>x</main>",
              Map.of());

      assertThat(Inspection.keyboard(page))
          .contains("keyboard: the first stop does not skip the menu");
    }
  }

  @Test
  void aStyleThatThePolicyRefusesIsHeard() {
    var policy =
        Map.of(
            "Content-Security-Policy",
            PAGES
                .get("/sign-in", Pass.none())
                .headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow());
    try (var visit = CHROMIUM.visit(PAGES.url(), null)) {
      planted(visit, "<p style='color: red'>Red</p>", policy);
      assertThat(visit.complaints())
          .anySatisfy(one -> assertThat(one).contains("refused by style-src"));
    }
    try (var visit = CHROMIUM.visit(PAGES.url(), null)) {
      planted(visit, "<script>document.title = 'changed'</script>", policy);
      assertThat(visit.complaints())
          .anySatisfy(one -> assertThat(one).contains("refused by script-src"));
    }
  }

  private static List<String> findings(Visit visit, List<String> addresses) {
    var found = new ArrayList<String>();
    for (var address : addresses) {
      var page = visit.open(address);
      Inspection.all(page).forEach(finding -> found.add(address + ": " + finding));
    }
    found.addAll(visit.complaints());
    return found;
  }

  private static List<String> strangersAddresses() {
    return List.of(
        "/sign-in",
        "/sign-in?token=" + THERE.secret(Role.BILLING, CredentialKind.SIGN_IN_LINK),
        "/invitation?token=" + invited("waits@example.com"),
        "/invitation?token=gone",
        "/sign-in/sso",
        "/sign-in/sso/gone",
        "/how-it-works");
  }

  private static List<String> addressesOf(Role role) {
    var pass = Pass.session(THERE.secret(role, CredentialKind.SESSION));
    var addresses =
        new ArrayList<>(
            List.of(
                "/account",
                "/account/passkeys",
                "/confirm?to=/account",
                "/second-factor",
                "/nothing-here"));
    switch (role) {
      case ENGINEER -> {
        var session = find("/me/sessions/[0-9a-f-]{36}", PAGES.get("/me", pass).body());
        var deletion = PAGES.post("/me/deletion", Map.of(), pass);
        addresses.addAll(
            List.of(
                "/me",
                "/me/sessions",
                "/me/sessions?page=2",
                session,
                "/me/deletion",
                location(deletion),
                "/account/tokens",
                "/device",
                "/teams"));
      }
      case MANAGER -> {
        addresses.addAll(
            List.of(
                "/teams",
                "/teams/" + THERE.team("Checkout"),
                "/teams/" + THERE.team("Search"),
                "/teams/" + THERE.team("Design systems"),
                "/organization",
                "/me",
                "/account/tokens",
                "/teams?sort=value"));
      }
      case OWNER -> {
        var owner = THERE.principal(Role.OWNER);
        var workspace = THERE.workspaces().make(owner, "Reports " + UUID.randomUUID());
        THERE.workspaces().mint(owner, workspace, Scope.CELLS_READ, "Nightly", Duration.ofDays(9));
        var deletion =
            PAGES.post("/data", Map.of("address", "checkout.engineer.2@example.com"), pass);
        addresses.addAll(
            List.of(
                "/teams",
                "/workspaces",
                "/workspaces/" + workspace,
                "/admin/workspaces",
                "/admin/members",
                "/admin/teams",
                "/admin/policy",
                "/admin/notes",
                "/admin/sign-on",
                "/log",
                "/me",
                "/data",
                location(deletion),
                "/account/tokens",
                "/teams?sort=value"));
      }
      case REVIEWER ->
          addresses.addAll(
              List.of(
                  "/trust", "/trust/doors", "/audit", "/audit?action=nothing", "/account/tokens"));
      case BILLING -> addresses.add("/seats");
    }
    return addresses;
  }

  private static Visit signedIn(Role role) {
    return CHROMIUM.visit(PAGES.url(), THERE.secret(role, CredentialKind.SESSION));
  }

  private static void pressUntilFocused(Page page, String selector) {
    for (var presses = 0; presses < 100; presses++) {
      page.keyboard().press("Tab");
      if (page.locator(selector + ":focus").count() == 1) {
        return;
      }
    }
    throw new AssertionError("The keyboard does not get to " + selector);
  }

  private static String invited(String address) {
    PAGES.post(
        "/admin/members/invite",
        Map.of("email", address, "role", "engineer", "team", ""),
        Pass.session(THERE.secret(Role.OWNER, CredentialKind.SESSION)));
    return invitationOf(address);
  }

  private static String invitationOf(String address) {
    for (var letters = 1; letters <= 20 && MAIL.waitForIncomingEmail(5_000, letters); letters++) {
      for (var letter : MAIL.getReceivedMessages()) {
        if (GreenMailUtil.getHeaders(letter).contains(address)) {
          return find("sbi_[A-Za-z0-9]{36}", GreenMailUtil.getBody(letter));
        }
      }
    }
    throw new AssertionError("No letter came to this address");
  }

  /// A page like ours, with something in it.
  private static Page planted(Visit visit, String planted, Map<String, String> headers) {
    return serve(
        visit,
        """
        <!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">
        <title>Planted</title>
        %s
        </head><body><a class="skip" href="#content">Skip</a>
        <main id="content" tabindex="-1"><h1>Planted</h1><p>From /planted</p>%s</main></body></html>
        """
            .formatted(
                headers.isEmpty()
                    ? """
                    <style>
                      html { background: #fff; color: #000 }
                      :focus-visible { outline: 3px solid #06c }
                      .skip { position: absolute; top: -4rem }
                      .skip:focus { top: 0 }
                      @media (prefers-color-scheme: dark) { .planted { color: #ddd } }
                      @media print { .skip { display: none } }
                    </style>
                    """
                    : "",
                planted),
        headers);
  }

  private static Page serve(Visit visit, String html, Map<String, String> headers) {
    var page = visit.page();
    page.unroute("**/planted");
    page.route(
        "**/planted",
        route ->
            route.fulfill(
                new FulfillOptions()
                    .setContentType("text/html")
                    .setHeaders(new HashMap<>(headers))
                    .setBody(html)));
    return visit.open("/planted");
  }

  private static String location(java.net.http.HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static String find(String pattern, String text) {
    var found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group();
  }
}
