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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// People come in by a provider that speaks SAML, as their browsers do, and liars change what it
/// says or who brings it. What each guard of the verifier is good for stands in its own test with
/// its twins; here it is that the page asks it.
class SamlPagesIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID TEAM = WORLD.team(ORGANIZATION, "Payments");
  private static final UUID OWNER = WORLD.person(ORGANIZATION, null, "Boss", Role.OWNER);
  private static final SomeSamlProvider PROVIDER = new SomeSamlProvider();
  private static final Pages PAGES = start();
  private static int people;

  private static Pages start() {
    var settings = Pages.settings(WORLD);
    settings.put("sign-on.inside", true);
    // Nobody answers there.
    settings.put("sign-on.name-servers", "dns://127.0.0.1:1");
    var pages = Pages.over(settings);
    pages.post("/admin/sign-on/domains", Map.of("domain", "example.com"), manager());
    WORLD.superuser().sql("update identity.domain set verified_at = now()").update();
    return pages;
  }

  @BeforeEach
  void set() {
    WORLD.superuser().sql("delete from identity.attempt").update();
    PROVIDER.said = UnaryOperator.identity();
    assertThat(set(PROVIDER.metadata()).statusCode()).isEqualTo(302);
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    PROVIDER.close();
    WORLD.close();
  }

  @Test
  void anEngineerComesInAndIsKnownAgainByTheirName() {
    var address = somebody();
    var begun = begin();

    var posted = post(PROVIDER.answer(address(begun)));
    var end = come(posted, trip(begun));
    var account = PAGES.get("/account", session(end)).body();
    WORLD
        .superuser()
        .sql("update identity.person set email = 'renamed@example.com' where email = :email")
        .param("email", address)
        .update();
    var again = comeIn();

    assertThat(address(begun)).startsWith(PROVIDER.address() + "/sso?SAMLRequest=");
    assertThat(posted.statusCode()).isEqualTo(303);
    assertThat(posted.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(header(end, "Location")).isEqualTo("/account");
    assertThat(account).contains(address);
    assertThat(PAGES.get("/account", session(again)).body()).contains("renamed@example.com");
    assertThat(entries("sign_on.joined")).isPositive();
  }

  @Test
  void whatWasSaidLiesSealedUntilItIsFetched() {
    var address = somebody();
    var begun = begin();

    post(PROVIDER.answer(address(begun)));

    var rows =
        WORLD
            .superuser()
            .sql(
                """
                select encode(answer, 'escape') || issuer || onward
                  from identity.sign_on_begun where answer is not null
                """)
            .query(String.class)
            .list();
    assertThat(rows).isNotEmpty().noneSatisfy(row -> assertThat(row).contains(address));
  }

  /// What is changed in what a provider says, before or after it signs.
  record Lie(String name, boolean beforeItSigns, UnaryOperator<String> change, String found) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Lie> lies() {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var longAgo = now.minus(Duration.ofHours(1)).toString();
    return Stream.of(
        before("another audience", "<saml:Audience>", "<saml:Audience>x", "another audience"),
        before("another recipient", "Recipient=\"http", "Recipient=\"https", "another recipient"),
        before("another place", "Destination=\"http", "Destination=\"https", "another place"),
        before("a failure", "status:Success", "status:Responder", "the sign-in failed"),
        before("a name for once", ":persistent", ":transient", "names nobody"),
        before(
            "an address as a name",
            "2.0:nameid-format:persistent",
            "1.1:nameid-format:emailAddress",
            "names nobody"),
        before("another issuer", "saml?id=1<", "saml?id=2<", "another issuer"),
        new Lie(
            "nobody asked",
            true,
            xml -> xml.replaceAll(" InResponseTo=\"[^\"]*\"", ""),
            "another request, or none"),
        new Lie(
            "somebody else asked",
            true,
            xml -> xml.replaceAll("InResponseTo=\"_....", "InResponseTo=\"_0000"),
            "another request, or none"),
        new Lie(
            "over",
            true,
            xml -> xml.replaceAll("NotOnOrAfter=\"[^\"]*\"", "NotOnOrAfter=\"" + longAgo + "\""),
            "is not good now"),
        new Lie(
            "issued long ago",
            true,
            xml -> xml.replaceAll("IssueInstant=\"[^\"]*\"", "IssueInstant=\"" + longAgo + "\""),
            "is not good now"),
        after("another address", xml -> xml.replace("@example.com", "@example.org"), "not signed"),
        after(
            "no signature",
            xml -> xml.replaceAll("(?s)<ds:Signature .*</ds:Signature>", ""),
            "or none"),
        after("another key", xml -> resigned(xml), "not signed with a key of the provider"),
        after(
            "a type",
            xml -> "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>" + xml,
            "declares a type"),
        after(
            "encrypted",
            xml ->
                xml.replaceAll(
                    "(?s)<saml:Assertion .*</saml:Assertion>", "<saml:EncryptedAssertion/>"),
            "is encrypted"),
        after(
            "wrapped: the lie stands before it",
            xml -> wrapped(xml, "$evil$good"),
            "one assertion"),
        after(
            "wrapped: the lie stands behind it",
            xml -> wrapped(xml, "$good$evil"),
            "one assertion"),
        after(
            "wrapped: the lie stands around it",
            xml ->
                wrapped(xml, "$evil")
                    .replace(
                        "</saml:Assertion>",
                        "<saml:Advice>" + assertion(xml) + "</saml:Advice></saml:Assertion>"),
            "one assertion"),
        after(
            "wrapped: the lie has the signature and the truth is put aside",
            xml ->
                wrapped(xml, "$evil")
                    .replace("<saml:Subject>", signature(xml) + "<saml:Subject>")
                    .replace(
                        "<samlp:Status>",
                        "<samlp:Extensions>"
                            + assertion(xml).replace(signature(xml), "")
                            + "</samlp:Extensions><samlp:Status>"),
            "one assertion"),
        after(
            "wrapped: the truth lies in the signature",
            xml ->
                wrapped(xml, "$evil")
                    .replace(
                        "<saml:Subject>",
                        signature(xml)
                                .replace(
                                    "</ds:Signature>",
                                    "<ds:Object>"
                                        + assertion(xml).replace(signature(xml), "")
                                        + "</ds:Object></ds:Signature>")
                            + "<saml:Subject>"),
            "one assertion"),
        after("no XML", xml -> "x", "is no XML"),
        after("too long", xml -> xml + " ".repeat(300_000), "too long"));
  }

  private static Lie before(String name, String truth, String lie, String found) {
    return new Lie(name, true, xml -> xml.replace(truth, lie), found);
  }

  private static Lie after(String name, UnaryOperator<String> change, String found) {
    return new Lie(name, false, change, found);
  }

  private static String resigned(String xml) {
    try (var stranger = new SomeSamlProvider()) {
      return stranger.signed(xml.replace(signature(xml), ""));
    }
  }

  private static String wrapped(String xml, String form) {
    var evil =
        assertion(xml)
            .replace(signature(xml), "")
            .replaceFirst("ID=\"_a", "ID=\"_evil")
            .replaceAll("[a-z.0-9]+@example.com", "boss@example.com");
    return xml.replace(
        assertion(xml), form.replace("$evil", evil).replace("$good", assertion(xml)));
  }

  private static String assertion(String xml) {
    return find("(?s)<saml:Assertion .*</saml:Assertion>", xml);
  }

  private static String signature(String xml) {
    return find("(?s)<ds:Signature .*</ds:Signature>", xml);
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieLetsNobodyInAndTheTruthStillDoes(Lie lie) {
    somebody();
    var begun = begin();
    var asked = SomeSamlProvider.asked(address(begun));
    var truth = PROVIDER.response(asked);
    var told =
        lie.beforeItSigns()
            ? PROVIDER.signed(lie.change().apply(truth))
            : lie.change().apply(PROVIDER.signed(truth));
    assertThat(told).isNotEqualTo(PROVIDER.signed(truth));

    var posted = post(SomeSamlProvider.form(told, asked.state()));

    assertThat(posted.statusCode()).isEqualTo(403);
    assertThat(posted.body()).contains("You are not signed in", lie.found());
    // The same request with the truth: nothing else stood in the way.
    assertThat(header(come(begun, PROVIDER.answer(address(begun))), "Location"))
        .isEqualTo("/account");
  }

  @Test
  void aCommentCutsNoNameShort() {
    var victim = somebody();
    comeIn();
    var attacker = victim + ".evil.example";
    PROVIDER.email = attacker;
    var begun = begin();
    var asked = SomeSamlProvider.asked(address(begun));
    var cut =
        PROVIDER
            .signed(PROVIDER.response(asked))
            .replace(
                "subject-of-" + attacker + "<", "subject-of-" + victim + "<!-- -->.evil.example<");
    assertThat(cut).contains("<!-- -->");

    var end = come(begun, SomeSamlProvider.form(cut, asked.state()));

    // It is still the name of the attacker, whose address is on nobody's domain.
    assertThat(end.statusCode()).isEqualTo(403);
    assertThat(end.body()).contains("on no domain that your organization has shown");
  }

  @Test
  void whoeverDidNotBeginIsNotIn() {
    somebody();
    var attackers = begin();
    var victims = begin();
    var answer = PROVIDER.answer(address(attackers));

    var posted = post(answer);
    var withoutACookie = come(posted, Pass.none());
    var withTheVictims = come(posted, trip(victims));

    for (var end : List.of(withoutACookie, withTheVictims)) {
      assertThat(end.statusCode()).isEqualTo(403);
      assertThat(end.body()).contains("This sign-in was not begun in this browser.");
      assertThat(end.headers().allValues("Set-Cookie"))
          .noneSatisfy(cookie -> assertThat(cookie).startsWith("session="));
    }
    // The twin: the browser that began is in.
    assertThat(header(come(posted, trip(attackers)), "Location")).isEqualTo("/account");
  }

  @Test
  void anAnswerThatNobodyAskedForIsNotRead() {
    somebody();
    var begun = begin();
    var asked = SomeSamlProvider.asked(address(begun));
    var good = PROVIDER.signed(PROVIDER.response(asked));

    for (var state : List.of("", "x", "0".repeat(64), asked.state().toUpperCase(Locale.ROOT))) {
      var posted = post(SomeSamlProvider.form(good, state));
      assertThat(posted.statusCode()).isEqualTo(403);
      assertThat(posted.body()).contains("This sign-in is over, or was not begun here.");
    }
    assertThat(post(SomeSamlProvider.form(good, asked.state())).statusCode()).isEqualTo(303);
  }

  @Test
  void whereNobodyIsAskedEveryPlaceGivesTheSameAnswer() {
    var other = WORLD.organization("Other Works");

    var ours = post(ORGANIZATION.toString(), Map.of("SAMLResponse", "x", "RelayState", "y"));
    var theirs = post(other.toString(), Map.of("SAMLResponse", "x", "RelayState", "y"));
    var nobodys =
        post(UUID.randomUUID().toString(), Map.of("SAMLResponse", "x", "RelayState", "y"));
    var nonsense = post("x", Map.of("SAMLResponse", "x", "RelayState", "y"));

    assertThat(List.of(theirs.body(), nobodys.body(), nonsense.body())).containsOnly(ours.body());
  }

  @Test
  void anAnswerAtThePlaceOfAnotherOrganizationIsNone() {
    somebody();
    var other = WORLD.organization("Elsewhere Works");
    var begun = begin();

    var posted = post(other.toString(), PROVIDER.answer(address(begun)));

    assertThat(posted.statusCode()).isEqualTo(403);
    assertThat(posted.body()).contains("was not begun here");
  }

  @Test
  void aRequestIsAnsweredOnceAndItsAnswerFetchedOnce() {
    somebody();
    var begun = begin();
    var answer = PROVIDER.answer(address(begun));
    var other = PROVIDER.answer(address(begun));

    var first = post(answer);
    var replayed = post(answer);
    var second = post(other);
    var fetched = come(first, trip(begun));
    var fetchedAgain = come(first, trip(begun));
    var replayedLater = post(answer);

    assertThat(first.statusCode()).isEqualTo(303);
    assertThat(List.of(replayed.statusCode(), second.statusCode(), replayedLater.statusCode()))
        .containsOnly(403);
    assertThat(header(fetched, "Location")).isEqualTo("/account");
    assertThat(fetchedAgain.statusCode()).isEqualTo(403);
    assertThat(fetchedAgain.body()).contains("This sign-in is over, or took too long.");
  }

  @Test
  void theTwinThatForgetsThatItWasAnsweredTakesASecondAnswer() {
    somebody();
    var begun = begin();
    post(PROVIDER.answer(address(begun)));

    WORLD.superuser().sql("update identity.sign_on_begun set answer = null").update();

    assertThat(post(PROVIDER.answer(address(begun))).statusCode()).isEqualTo(303);
  }

  @Test
  void anAssertionIsTakenOnceWhateverItAnswers() {
    somebody();
    var id = UUID.randomUUID().toString();
    PROVIDER.said = xml -> xml.replaceFirst("ID=\"_a[^\"]*\"", "ID=\"_a" + id + "\"");

    var first = post(PROVIDER.answer(address(begin())));
    var second = post(PROVIDER.answer(address(begin())));
    WORLD.superuser().sql("delete from identity.assertion_taken").update();
    var theTwinThatForgets = post(PROVIDER.answer(address(begin())));

    assertThat(first.statusCode()).isEqualTo(303);
    assertThat(second.statusCode()).isEqualTo(403);
    assertThat(second.body()).contains("was taken before");
    assertThat(theTwinThatForgets.statusCode()).isEqualTo(303);
  }

  @Test
  void aRequestIsOverAfterTenMinutes() {
    somebody();
    var begun = begin();
    var late = begin();
    var posted = post(PROVIDER.answer(address(late)));
    expire();

    var answered = post(PROVIDER.answer(address(begun)));
    var fetched = come(posted, trip(late));

    assertThat(answered.statusCode()).isEqualTo(403);
    assertThat(answered.body()).contains("is over");
    assertThat(fetched.statusCode()).isEqualTo(403);
    assertThat(fetched.body()).contains("took too long");
  }

  @Test
  void withoutAnAnswerNobodyIsIn() {
    somebody();
    var begun = begin();

    var end =
        PAGES.get(
            "/sign-in/sso/%s?state=%s&code=x"
                .formatted(ORGANIZATION, SomeSamlProvider.asked(address(begun)).state()),
            trip(begun));

    assertThat(end.statusCode()).isEqualTo(403);
    assertThat(end.body()).contains("has not answered yet");
  }

  @Test
  void anAnswerMovedToAnotherRequestOpensNothing() {
    somebody();
    var victims = begin();
    var attackers = begin();
    post(PROVIDER.answer(address(victims)));
    var posted = post(PROVIDER.answer(address(attackers)));

    WORLD
        .superuser()
        .sql(
            """
            update identity.sign_on_begun b
               set answer = (select max(a.answer) from identity.sign_on_begun a
                              where a.answer is not null and a.request <> b.request)
             where answer is not null
            """)
        .update();

    assertThat(come(posted, trip(attackers)).statusCode()).isEqualTo(500);
  }

  @Test
  void whoIsOnTheirWayBeginsAgainWhenTheKeysChange() {
    somebody();
    var begun = begin();
    var answer = PROVIDER.answer(address(begun));

    try (var next = new SomeSamlProvider()) {
      assertThat(set(next.metadata()).statusCode()).isEqualTo(302);
      assertThat(post(answer).body()).contains("was not begun here");
    }
  }

  @Test
  void aCertificateThatIsNotTheProvidersLetsNobodyIn() {
    somebody();
    try (var stranger = new SomeSamlProvider()) {
      var wrong =
          PROVIDER
              .metadata()
              .replaceAll(
                  "<X509Certificate>.*</X509Certificate>",
                  find("<X509Certificate>.*</X509Certificate>", stranger.metadata()));
      set(wrong);

      var begun = begin();
      var posted = post(PROVIDER.answer(address(begun)));

      assertThat(posted.statusCode()).isEqualTo(403);
      assertThat(posted.body()).contains("not signed with a key of the provider");
    }
  }

  /// A host that only an attacker calls us by: another application at the same provider gets
  /// responses for itself, and must not be able to make them ours by what it says it asked for.
  @Test
  void whatARequestCallsItsHostMakesNoAnswerOurs() {
    somebody();
    var alias = PAGES.url().replace("127.0.0.1", "localhost");
    PROVIDER.said = xml -> xml.replace(PAGES.url(), alias);
    var begun = begin();

    var posted =
        PAGES.postTo(alias + "/sign-in/sso/" + ORGANIZATION, PROVIDER.answer(address(begun)));

    assertThat(posted.statusCode()).isEqualTo(403);
    assertThat(posted.body()).contains("was sent to another place");
    // The twin: where a manager has set it from there, it is.
    WORLD
        .superuser()
        .sql("update identity.sign_on set pages = :alias")
        .param("alias", alias)
        .update();
    PROVIDER.said = UnaryOperator.identity();
    var there = begin();
    assertThat(
            PAGES
                .postTo(alias + "/sign-in/sso/" + ORGANIZATION, PROVIDER.answer(address(there)))
                .statusCode())
        .isEqualTo(303);
  }

  @Test
  void onlyThisPostComesFromElsewhere() {
    for (var header :
        List.of(
            Map.entry("Sec-Fetch-Site", "cross-site"), Map.entry("Origin", "https://x.example"))) {
      for (var path :
          List.of(
              "/sign-in/sso",
              "/sign-in/sso/",
              "/sign-in/sso/" + ORGANIZATION + "/",
              "/sign-in/sso/" + ORGANIZATION + "/x",
              "/sign-in/password",
              "/admin/sign-on/saml")) {
        var refused = PAGES.postFromElsewhere(path, Map.of(), header.getKey(), header.getValue());
        assertThat(refused.statusCode()).as(path).isEqualTo(403);
        assertThat(refused.body()).as(path).doesNotContain("You are not signed in");
      }
      var taken =
          PAGES.postFromElsewhere(
              "/sign-in/sso/" + ORGANIZATION, Map.of(), header.getKey(), header.getValue());
      assertThat(taken.body()).contains("You are not signed in");
    }
  }

  @Test
  void whoIsAskedAgainWasReallyAsked() {
    somebody();
    var in = session(comeIn());
    var begun = PAGES.post("/confirm/sso", Map.of("to", "/account/tokens"), in);
    var old = Instant.now().minus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.SECONDS);
    PROVIDER.said =
        xml -> xml.replaceAll("AuthnInstant=\"[^\"]*\"", "AuthnInstant=\"" + old + "\"");
    var remembered = come(begun, PROVIDER.answer(address(begun)));

    PROVIDER.said = UnaryOperator.identity();
    var again = PAGES.post("/confirm/sso", Map.of("to", "/account/tokens"), in);
    var asked = come(again, PROVIDER.answer(address(again)));

    assertThat(SomeSamlProvider.asked(address(begun)).again()).isTrue();
    assertThat(remembered.statusCode()).isEqualTo(403);
    assertThat(remembered.body()).contains("does not say that it has asked you again");
    assertThat(header(asked, "Location")).isEqualTo("/account/tokens");
  }

  @Test
  void aSecondFactorOfTheProviderCountsOnlyByTheClassThatIsSet() {
    somebody();
    var form = new HashMap<>(Map.of("metadata", "", "factors", "theirs", "class", "silver"));
    var distrusted = session(comeIn());
    PAGES.post("/admin/sign-on/saml", form, manager());
    var another = session(comeIn());
    form.put("class", "gold");
    PAGES.post("/admin/sign-on/saml", form, manager());
    var trusted = session(comeIn());

    demandSecondFactors(true);
    try {
      assertThat(PAGES.get("/account", distrusted).statusCode()).isEqualTo(302);
      assertThat(PAGES.get("/account", another).statusCode()).isEqualTo(302);
      assertThat(PAGES.get("/account", trusted).statusCode()).isEqualTo(200);
    } finally {
      demandSecondFactors(false);
    }
  }

  private static void demandSecondFactors(boolean demanded) {
    WORLD
        .superuser()
        .sql("update identity.organization set second_factor_required = :demanded")
        .param("demanded", demanded)
        .update();
  }

  @Test
  void guessingIsSlowedDownHereToo() {
    for (var tries = 0; tries < 320; tries++) {
      post(Map.of("SAMLResponse", "x", "RelayState", "0".repeat(64)));
    }

    var slowed = post(Map.of("SAMLResponse", "x", "RelayState", "0".repeat(64)));

    assertThat(slowed.statusCode()).isEqualTo(429);
    assertThat(slowed.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void eachRefusalIsWrittenDown() {
    somebody();
    var before = entries("sign_in.refused");
    var begun = begin();
    var asked = SomeSamlProvider.asked(address(begun));

    post(SomeSamlProvider.form("<x/>", asked.state()));

    assertThat(entries("sign_in.refused")).isEqualTo(before + 1);
  }

  @Test
  void whatIsSetIsShownAndWhatIsWrongIsSaid() {
    var page = PAGES.get("/admin/sign-on", manager()).body();
    var nonsense = set("<script>evil</script>");
    var kept =
        PAGES.post("/admin/sign-on/saml", Map.of("metadata", "", "joins", "engineer"), manager());
    var own = PAGES.get("/admin/sign-on/metadata.xml", manager());

    assertThat(page)
        .contains(PROVIDER.address() + "/saml?id=1", PAGES.url(), "/sign-in/sso/" + ORGANIZATION);
    assertThat(nonsense.statusCode()).isEqualTo(400);
    assertThat(nonsense.body()).contains("not of one provider").doesNotContain("evil");
    assertThat(kept.statusCode()).isEqualTo(302);
    assertThat(own.body())
        .contains("Location=\"" + PAGES.url() + "/sign-in/sso/" + ORGANIZATION + "\"");
    assertThat(header(own, "Content-Type")).startsWith("application/xml");
    assertThat(header(own, "Content-Disposition")).startsWith("attachment");
  }

  @Test
  void whoSpeaksAnotherProtocolIsSomebodyElse() {
    try (var oidc = new SomeProvider()) {
      PAGES.post(
          "/admin/sign-on",
          Map.of("issuer", oidc.address(), "client", "pages", "secret", SomeProvider.SECRET),
          manager());
      var shown = PAGES.get("/admin/sign-on", manager()).body();
      var emptyMetadata = PAGES.post("/admin/sign-on/saml", Map.of("metadata", ""), manager());

      assertThat(shown).contains("ends in <b>wxyz</b>").doesNotContain("People sign in by SAML");
      assertThat(emptyMetadata.statusCode()).isEqualTo(400);
      assertThat(emptyMetadata.body()).contains("A new provider needs its metadata.");
    }
    assertThat(set(PROVIDER.metadata()).statusCode()).isEqualTo(302);
    assertThat(
            WORLD
                .superuser()
                .sql("select issuer from identity.sign_on where org_id = :org")
                .param("org", ORGANIZATION)
                .query(String.class)
                .single())
        .isEqualTo("saml:" + PROVIDER.address() + "/saml?id=1");
  }

  /// Somebody new, of whom the provider speaks from now on.
  private static String somebody() {
    var name = "Number " + ++people;
    WORLD.person(ORGANIZATION, TEAM, name, Role.ENGINEER);
    PROVIDER.email = name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@example.com";
    return PROVIDER.email;
  }

  private static HttpResponse<String> set(String metadata) {
    return PAGES.post("/admin/sign-on/saml", Map.of("metadata", metadata), manager());
  }

  private static HttpResponse<String> begin() {
    return PAGES.post(
        "/sign-in/sso", Map.of("email", "example.com", "to", "/account"), Pass.none());
  }

  private static HttpResponse<String> post(Map<String, String> answer) {
    return post(ORGANIZATION.toString(), answer);
  }

  private static HttpResponse<String> post(String place, Map<String, String> answer) {
    return PAGES.postFromElsewhere("/sign-in/sso/" + place, answer, "Sec-Fetch-Site", "cross-site");
  }

  private static HttpResponse<String> come(HttpResponse<String> posted, Pass browser) {
    return PAGES.get(header(posted, "Location"), browser);
  }

  private static HttpResponse<String> come(HttpResponse<String> begun, Map<String, String> answer) {
    return come(post(answer), trip(begun));
  }

  private static HttpResponse<String> comeIn() {
    var begun = begin();
    return come(begun, PROVIDER.answer(address(begun)));
  }

  private static void expire() {
    WORLD
        .superuser()
        .sql("update identity.sign_on_begun set expires_at = now() - interval '1 second'")
        .update();
  }

  private static long entries(String action) {
    return WORLD
        .superuser()
        .sql("select count(*) from audit.entry where org_id = :org and action = :action")
        .param("org", ORGANIZATION)
        .param("action", action)
        .query(Long.class)
        .single();
  }

  private static String address(HttpResponse<String> begun) {
    return header(begun, "Refresh").substring("0;url=".length());
  }

  private static Pass manager() {
    return Pass.session(WORLD.secret(ORGANIZATION, OWNER, CredentialKind.SESSION));
  }

  private static Pass trip(HttpResponse<String> begun) {
    return cookie(begun, "sign-on");
  }

  private static Pass session(HttpResponse<String> end) {
    return cookie(end, "session");
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

  private static String find(String pattern, String text) {
    var found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group();
  }
}
