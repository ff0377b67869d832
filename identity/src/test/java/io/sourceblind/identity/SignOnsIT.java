// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static io.sourceblind.identity.Guests.GOOD_PASSWORD;
import static io.sourceblind.identity.Guests.STRANGER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.SignIns.Entry;
import io.sourceblind.identity.SignOnSettings.Entered;
import io.sourceblind.identity.SignOns.Answer;
import io.sourceblind.identity.SignOns.End;
import io.sourceblind.identity.SignOns.Start;
import io.sourceblind.identity.oidc.SomeIssuer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class SignOnsIT {
  private static final String PAGES = "https://pages.example.com";

  private Guests guests;
  private SomeIssuer issuer;
  private SomeNameServer names;
  private SignOns signOns;
  private SignOnSettings settings;
  private Domains domains;
  private Principal manager;

  @BeforeEach
  void start() throws IOException {
    guests = new Guests();
    issuer = new SomeIssuer();
    names = new SomeNameServer();
    var database = guests.house.database.as(DatabaseRole.IDENTITY_API);
    var audit = new AuditLog(guests.clock);
    var providers = new IdentityProviders(true, guests.clock);
    signOns =
        new SignOns(
            database,
            guests.house.pepper,
            guests.credentials,
            providers,
            guests.letters::add,
            audit,
            guests.clock);
    settings = new SignOnSettings(database, guests.house.pepper, providers, audit, guests.clock);
    domains =
        new Domains(
            database, guests.house.pepper, new TextRecords(names.address()), audit, guests.clock);
    manager = guests.sessionOf(guests.house.addPerson("manager@example.com", Role.OWNER));
  }

  @AfterEach
  void stop() {
    names.close();
    issuer.close();
    guests.close();
  }

  @Test
  void anEngineerComesInByTheirProviderAndIsKnownAgain() {
    open(form());

    var first = comeIn("engineer@example.com");
    issuer.claims = said -> said.put("email", "renamed@example.com");
    var second = comeIn("engineer@example.com");

    assertThat(personIn(first)).isEqualTo(guests.house.engineer);
    assertThat(personIn(second)).isEqualTo(guests.house.engineer);
    assertThat(guests.letters)
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.to()).isEqualTo("engineer@example.com");
          assertThat(letter.text()).contains(issuer.address().toString());
        });
    assertThat(guests.house.entries("sign_on.joined")).isOne();
  }

  @Test
  void whatABrowserTakesToTheProviderIsForThisTripAlone() {
    open(form());

    var one = begin("engineer@example.com", false);
    var other = begin("example.com", false);

    var fields = SomeIssuer.fields(String.valueOf(one.to().getRawQuery()));
    assertThat(fields)
        .containsEntry("response_type", "code")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("tenant", "1")
        .containsEntry("redirect_uri", PAGES + "/sign-in/sso/" + guests.house.organization)
        .doesNotContainKey("prompt");
    var others = SomeIssuer.fields(String.valueOf(other.to().getRawQuery()));
    for (var own : List.of("state", "nonce", "code_challenge")) {
      assertThat(fields.get(own)).hasSizeGreaterThanOrEqualTo(43).isNotEqualTo(others.get(own));
    }
    assertThat(one.to().toString()).doesNotContain(one.secret());
  }

  @Test
  void onlyTheBrowserThatBeganEndsIt() {
    open(form());
    var begun = begin("engineer@example.com", false);
    var other = begin("engineer@example.com", false);
    var answer = answer(begun);

    var inAnother = finish(other.secret(), answer);
    var inNone = finish(null, answer);
    var withNonsense = finish("sbo_nonsense", answer);
    var inTheOne = finish(begun.secret(), answer);

    assertThat(List.of(inAnother, inNone, withNonsense))
        .containsOnly(new End.Refused("This sign-in was not begun in this browser."));
    assertThat(inTheOne).isInstanceOf(End.In.class);
  }

  @Test
  void aTripEndsOnceAndWithinTenMinutes() {
    open(form());
    var begun = begin("engineer@example.com", false);
    var answer = answer(begun);
    finish(begun.secret(), answer);
    var late = begin("engineer@example.com", false);
    var lateAnswer = answer(late);
    guests.clock.pass(Duration.ofMinutes(11));

    assertThat(finish(begun.secret(), answer))
        .isEqualTo(new End.Refused("This sign-in is over, or took too long."));
    assertThat(finish(late.secret(), lateAnswer))
        .isEqualTo(new End.Refused("This sign-in is over, or took too long."));
  }

  @Test
  void theTwinThatForgetsNoTripEndsItTwice() {
    open(form());
    new JdbcTemplate(guests.house.database.superuser())
        .execute(
            """
            create or replace function identity.take_sign_on(presented bytea, at timestamptz)
              returns table (org_id uuid, issuer text, onward text, again boolean, begun_at timestamptz, answer bytea)
              language sql volatile security definer set search_path = pg_catalog as
            $$
              select b.org_id, b.issuer::text, b.onward, b.again, b.begun_at, b.answer
                from identity.sign_on_begun b where b.hash = presented
            $$
            """);
    var begun = begin("engineer@example.com", false);
    finish(begun.secret(), answer(begun));

    assertThat(finish(begun.secret(), answer(begun))).isInstanceOf(End.In.class);
  }

  @Test
  void anAnswerForOneOrganizationIsWorthNothingAtThePlaceOfAnother() {
    open(form());
    var theirs = guests.organizations.create("Theirs", House.OPERATOR);
    var begun = begin("engineer@example.com", false);
    var answer = answer(begun);

    var end =
        signOns.finish(
            theirs, begun.secret(), answer, PAGES, "test", Duration.ofHours(1), STRANGER);

    assertThat(end).isEqualTo(new End.Refused("The answer came back to another place."));
    assertThat(issuer.tokens).isZero();
  }

  @Test
  void aTripToAProviderThatWasReplacedMeanwhileEndsNowhere() {
    open(form());
    var begun = begin("engineer@example.com", false);
    var answer = answer(begun);
    try (var next = new SomeIssuer()) {
      assertThat(settings.change(manager, form(next.address().toString()))).isEmpty();

      assertThat(finish(begun.secret(), answer))
          .isEqualTo(new End.Refused("Your organization has changed its provider."));
      assertThat(next.tokens).isZero();
    }
  }

  @Test
  void aTokenThatIsNotTakenLetsNobodyIn() {
    open(form());
    issuer.claims = said -> said.put("aud", "else");

    assertThat(comeIn("engineer@example.com"))
        .isEqualTo(new End.Refused("The provider's token is for somebody else."));
    assertThat(guests.house.entries("sign_in.refused")).isOne();
    assertThat(joined()).isZero();
  }

  @Test
  void aDomainThatIsNotShownToBeTheirsIsNoWayIn() {
    assertThat(settings.change(manager, form())).isEmpty();
    domains.claim(manager, "example.com");

    assertThat(signOns.begin("engineer@example.com", "/", false, PAGES, STRANGER))
        .isInstanceOf(Start.NotOffered.class);
  }

  @Test
  void anAddressElsewhereIsNobodysHere() {
    open(form());
    guests.house.addPerson("contractor@elsewhere.example", Role.ENGINEER);
    issuer.claims = said -> said.put("email", "contractor@elsewhere.example");

    assertThat(comeIn("example.com"))
        .isEqualTo(
            new End.Refused(
                "Your address is on no domain that your organization has shown to be its own."));
  }

  @Test
  void theTwinWhoseDomainIsShownLetsTheAddressIn() {
    open(form());
    show("elsewhere.example");
    var contractor = guests.house.addPerson("contractor@elsewhere.example", Role.ENGINEER);
    issuer.claims = said -> said.put("email", "contractor@elsewhere.example");

    assertThat(personIn(comeIn("example.com"))).isEqualTo(contractor);
  }

  @Test
  void anAddressThatTheProviderHasNotCheckedIsNobodys() {
    open(form());
    issuer.claims = said -> said.put("email_verified", false);

    assertThat(comeIn("example.com"))
        .isInstanceOfSatisfying(
            End.Refused.class, end -> assertThat(end.why()).contains("email_verified"));
    assertThat(joined()).isZero();
  }

  @Test
  void whoeverGetsAnAddressLaterDoesNotGetTheAccount() {
    open(form());
    comeIn("example.com");
    issuer.claims = said -> said.put("sub", "the next employee");

    assertThat(comeIn("example.com"))
        .isEqualTo(new End.Refused("Somebody else at your provider has this account already."));
  }

  @Test
  void theTwinWithoutTheKeyGivesTheAccountAway() {
    open(form());
    comeIn("example.com");
    issuer.claims = said -> said.put("sub", "the next employee");
    guests
        .house
        .superuser
        .sql(
            """
            alter table identity.external_identity
              drop constraint external_identity_org_id_person_id_issuer_key
            """)
        .update();

    assertThat(personIn(comeIn("example.com"))).isEqualTo(guests.house.engineer);
  }

  @Test
  void anUnknownAddressBecomesAnEngineerOnlyIfTheOrganizationSaysSo() {
    open(form());
    issuer.claims =
        said -> {
          said.put("email", "new@example.com");
          said.put("name", "New Person");
        };

    assertThat(comeIn("example.com"))
        .isEqualTo(new End.Refused("Nobody here has your address. An owner can invite you."));

    assertThat(settings.change(manager, with(form(), true, false, false))).isEmpty();
    var person = personIn(comeIn("example.com"));
    assertThat(
            guests
                .house
                .superuser
                .sql("select role || ' ' || name from identity.person where id = :id")
                .param("id", person)
                .query(String.class)
                .single())
        .isEqualTo("engineer New Person");
    assertThat(personIn(comeIn("example.com"))).isEqualTo(person);
  }

  @Test
  void aRemovedMemberDoesNotComeBackByTheirProvider() {
    open(with(form(), true, false, false));
    comeIn("example.com");

    guests.organizations.removeMember(manager, guests.house.engineer);

    assertThat(comeIn("example.com"))
        .isInstanceOfSatisfying(
            End.Refused.class, end -> assertThat(end.why()).contains("membership has ended"));
  }

  @Test
  void aTokenOfAnotherCustomerOfASharedIssuerIsRefused() {
    open(
        new Entered(
            issuer.address().toString(),
            SomeIssuer.CLIENT,
            SomeIssuer.SECRET,
            "hd",
            "example.com",
            false,
            false,
            false,
            ""));

    assertThat(comeIn("example.com"))
        .isEqualTo(new End.Refused("The provider's token is of another customer of the provider."));
    issuer.claims = said -> said.put("hd", "example.com");
    assertThat(personIn(comeIn("example.com"))).isEqualTo(guests.house.engineer);
  }

  @Test
  void aProofIsAsOldAsTheProviderSays() {
    open(form());

    issuer.claims =
        said -> said.put("auth_time", Instant.now().minusSeconds(3600).getEpochSecond());
    var old = principalIn(comeIn("example.com"));
    issuer.claims = said -> said.remove("auth_time");
    var unsaid = principalIn(comeIn("example.com"));
    issuer.claims = _ -> {};
    var fresh = principalIn(comeIn("example.com"));

    assertThat(old.fresh()).isFalse();
    assertThat(unsaid.fresh()).isFalse();
    assertThat(fresh.fresh()).isTrue();
  }

  @Test
  void whoIsAskedAgainWasReallyAsked() {
    open(form());
    var asked = begin("example.com", true);
    assertThat(SomeIssuer.fields(String.valueOf(asked.to().getRawQuery())))
        .containsEntry("prompt", "login")
        .containsEntry("max_age", "0");
    issuer.claims = said -> said.put("auth_time", Instant.now().minusSeconds(60).getEpochSecond());

    assertThat(finish(asked.secret(), answer(asked)))
        .isInstanceOfSatisfying(
            End.Refused.class, end -> assertThat(end.why()).contains("asked you again"));

    issuer.claims = _ -> {};
    var again = begin("example.com", true);
    assertThat(finish(again.secret(), answer(again))).isInstanceOf(End.In.class);
  }

  @Test
  void aSecondFactorOfTheProviderCountsOnlyIfTheOrganizationSaysSo() {
    open(form());
    demandSecondFactor();
    issuer.claims = said -> said.put("amr", List.of("pwd", "mfa"));

    var distrusted = principalIn(comeIn("example.com"));
    assertThat(settings.change(manager, with(form(), false, false, true))).isEmpty();
    var trusted = principalIn(comeIn("example.com"));
    issuer.claims = said -> said.put("amr", List.of("pwd"));
    var withoutOne = principalIn(comeIn("example.com"));
    issuer.claims = said -> said.put("acr", "gold");
    var byClass = principalIn(comeIn("example.com"));
    issuer.claims = said -> said.put("acr", "silver");
    var byAnotherClass = principalIn(comeIn("example.com"));

    assertThat(distrusted.complete()).isFalse();
    assertThat(trusted.complete()).isTrue();
    assertThat(withoutOne.complete()).isFalse();
    assertThat(byClass.complete()).isTrue();
    assertThat(byAnotherClass.complete()).isFalse();
  }

  @Test
  void whereTheProviderIsTheOnlyWayOthersAreClosedButForOwners() {
    open(form());
    var session = guests.sessionOf(guests.house.engineer);
    givePassword(guests.house.engineer, "engineer@example.com");
    givePassword(manager.person(), "manager@example.com");
    assertThat(password("engineer@example.com")).isInstanceOf(Entry.In.class);

    assertThat(settings.change(manager, with(form(), false, true, false))).isEmpty();

    assertThat(password("engineer@example.com"))
        .isEqualTo(new Entry.Elsewhere(guests.house.engineer));
    assertThat(code("engineer@example.com")).isEqualTo(new Entry.Elsewhere(guests.house.engineer));
    assertThat(password("manager@example.com")).isInstanceOf(Entry.In.class);
    assertThat(isRevoked(session.credential())).isTrue();
    assertThat(isRevoked(manager.credential())).isFalse();
    var again = principalIn(comeIn("example.com"));
    assertThat(settings.change(manager, with(form(), false, true, false))).isEmpty();
    assertThat(isRevoked(again.credential())).isFalse();
  }

  @Test
  void wrongPasswordsSayNothingOfTheProvider() {
    open(with(form(), false, true, false));
    givePassword(guests.house.engineer, "engineer@example.com");

    assertThat(guests.signIns.withPassword("engineer@example.com", "wrong", STRANGER))
        .isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aSecretLiesSealedForItsOrganization() {
    open(form());

    var sealed =
        guests
            .house
            .superuser
            .sql("select sealed_secret from identity.sign_on")
            .query(byte[].class)
            .single();
    var seal = new Seal(guests.house.pepper);

    assertThat(new String(sealed, ISO_8859_1)).doesNotContain(SomeIssuer.SECRET);
    assertThat(settings.of(manager).orElseThrow().lastFour())
        .isEqualTo(SomeIssuer.SECRET.substring(SomeIssuer.SECRET.length() - 4));
    assertThat(seal.open(sealed, SignOnSettings.placeOf(guests.house.organization)))
        .asString()
        .isEqualTo(SomeIssuer.SECRET);
    assertThatThrownBy(() -> seal.open(sealed, SignOnSettings.placeOf(UUID.randomUUID())))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSecretStaysWhereItIsAndGoesToNoOtherProvider() {
    open(form());
    var unchanged =
        new Entered(issuer.address().toString(), "renamed", "", "", "", false, false, false, "");

    assertThat(settings.change(manager, unchanged)).isEmpty();
    assertThat(settings.of(manager).orElseThrow().clientId()).isEqualTo("renamed");
    try (var other = new SomeIssuer()) {
      assertThat(
              settings.change(
                  manager,
                  new Entered(
                      other.address().toString(), "x", "", "", "", false, false, false, "")))
          .contains("A new provider needs a client secret.");
    }
  }

  @Test
  void anIssuerForEverybodyNeedsAClaim() {
    assertThat(settings.change(manager, form("https://accounts.google.com")))
        .contains("This issuer serves everybody; say which `hd` is yours.");
    assertThat(settings.change(manager, form("https://login.microsoftonline.com/common/v2.0")))
        .contains("This issuer serves all of Entra; enter your tenant's own, with its id.");
  }

  @Test
  void aDomainIsTheirsWhoPublishTheRecord() {
    domains.claim(manager, "Example.COM");
    var domain = domains.of(manager).getFirst();
    assertThat(domain.name()).isEqualTo("example.com");
    assertThat(domain.record()).isEqualTo("_sourceblind.example.com");

    assertThat(domains.verify(manager, "example.com"))
        .hasValueSatisfying(fault -> assertThat(fault).startsWith("The record is not there yet."));
    names.texts.put(domain.record(), domain.text().replace("=", "=0"));
    assertThat(domains.verify(manager, "example.com")).isPresent();
    names.texts.put(domain.record(), domain.text());
    assertThat(domains.verify(manager, "example.com")).isEmpty();

    assertThat(domains.of(manager).getFirst().verified()).isNotNull();
    assertThat(domains.verify(manager, "never.claimed.example"))
        .contains("This domain is not in the list.");
  }

  @Test
  void aRecordShowsADomainForOneOrganization() {
    show("example.com");
    var other = managerOf(guests.organizations.create("Theirs", House.OPERATOR));
    domains.claim(other, "example.com");

    var withOurRecord = domains.verify(other, "example.com");
    names.texts.put("_sourceblind.example.com", domains.of(other).getFirst().text());
    var withTheirs = domains.verify(other, "example.com");

    assertThat(withOurRecord).isPresent();
    assertThat(withTheirs)
        .hasValueSatisfying(fault -> assertThat(fault).startsWith("Another organization here"));
  }

  @Test
  void aRecordThatIsGoneIsSaidOnceAndTakesNothingAway() {
    open(form());
    var text = names.texts.remove("_sourceblind.example.com");

    domains.lookAgain(guests.house.organization);
    domains.lookAgain(guests.house.organization);

    assertThat(domains.of(manager).getFirst().lost()).isNotNull();
    assertThat(guests.house.entries("domain.lost")).isOne();
    assertThat(personIn(comeIn("engineer@example.com"))).isEqualTo(guests.house.engineer);
    names.texts.put("_sourceblind.example.com", requireNonNull(text));
    domains.lookAgain(guests.house.organization);
    assertThat(domains.of(manager).getFirst().lost()).isNull();
    assertThat(guests.house.entries("domain.found")).isOne();
  }

  @Test
  void whereNoNameServerAnswersNothingIsLost() {
    open(form());
    names.close();

    domains.lookAgain(guests.house.organization);

    assertThat(domains.of(manager).getFirst().lost()).isNull();
    assertThat(guests.house.entries("domain.lost")).isZero();
  }

  @Test
  void aManagerWhoLooksForALostRecordFindsIt() {
    open(form());
    var text = names.texts.remove("_sourceblind.example.com");
    domains.lookAgain(guests.house.organization);
    assertThat(domains.verify(manager, "example.com")).isPresent();

    names.texts.put("_sourceblind.example.com", requireNonNull(text));

    assertThat(domains.verify(manager, "example.com")).isEmpty();
    assertThat(domains.of(manager).getFirst().lost()).isNull();
  }

  @Test
  void aNameServerThatIsGoneShowsNothing() {
    domains.claim(manager, "example.com");
    names.close();

    assertThat(domains.verify(manager, "example.com"))
        .contains("No name server answered; try again in a minute.");
  }

  private void open(Entered entered) {
    show("example.com");
    assertThat(settings.change(manager, entered)).isEmpty();
  }

  private void show(String domain) {
    assertThat(domains.claim(manager, domain)).isEmpty();
    domains.of(manager).forEach(claimed -> names.texts.put(claimed.record(), claimed.text()));
    assertThat(domains.verify(manager, domain)).isEmpty();
  }

  private Entered form() {
    return form(issuer.address().toString());
  }

  private static Entered form(String issuer) {
    return new Entered(
        issuer, SomeIssuer.CLIENT, SomeIssuer.SECRET, "", "", false, false, false, "");
  }

  private static Entered with(Entered form, boolean joins, boolean required, boolean factors) {
    return new Entered(
        form.issuer(), form.clientId(), form.secret(), "", "", joins, required, factors, "gold");
  }

  private Start.GoOn begin(String typed, boolean again) {
    return (Start.GoOn) signOns.begin(typed, "/account", again, PAGES, STRANGER);
  }

  private Answer answer(Start.GoOn begun) {
    return new Answer(issuer.signIn(begun.to()), state(begun.to()), null);
  }

  private static String state(URI to) {
    return requireNonNull(SomeIssuer.fields(String.valueOf(to.getRawQuery())).get("state"));
  }

  private End comeIn(String typed) {
    var begun = begin(typed, false);
    return finish(begun.secret(), answer(begun));
  }

  private End finish(@Nullable String secret, Answer answer) {
    return signOns.finish(
        guests.house.organization, secret, answer, PAGES, "test", Duration.ofHours(1), STRANGER);
  }

  private Principal principalIn(End end) {
    return requireNonNull(
        guests.credentials.open(((End.In) end).session().secret(), CredentialKind.SESSION));
  }

  private UUID personIn(End end) {
    return principalIn(end).person();
  }

  private Principal managerOf(UUID organization) {
    var person =
        guests.organizations.addPerson(
            organization,
            null,
            "Other",
            "other@example.org",
            Role.OWNER,
            LocalDate.EPOCH,
            House.OPERATOR);
    return new Principal(UUID.randomUUID(), organization, person, Role.OWNER, null, true, true);
  }

  private void demandSecondFactor() {
    guests
        .house
        .superuser
        .sql("update identity.organization set second_factor_required = true")
        .update();
  }

  private void givePassword(UUID person, String address) {
    guests
        .house
        .superuser
        .sql(
            """
            insert into identity.sign_in (org_id, person_id, email, password)
            values (:org, :person, :email, :hash)
            """)
        .params(
            Map.of(
                "org",
                guests.house.organization,
                "person",
                person,
                "email",
                address,
                "hash",
                new Passwords().hash(GOOD_PASSWORD)))
        .update();
  }

  private Entry password(String address) {
    return guests.signIns.withPassword(address, GOOD_PASSWORD, STRANGER);
  }

  private Entry code(String address) {
    var asked = requireNonNull(guests.signIns.mailCode(address, STRANGER));
    return guests.signIns.withCode(asked, guests.mailedCode(), address, STRANGER);
  }

  private boolean isRevoked(UUID credential) {
    return guests
        .house
        .superuser
        .sql("select revoked_at is not null from identity.credential where id = :id")
        .param("id", credential)
        .query(Boolean.class)
        .single();
  }

  private long joined() {
    return guests
        .house
        .superuser
        .sql("select count(*) from identity.external_identity")
        .query(Long.class)
        .single();
  }
}
