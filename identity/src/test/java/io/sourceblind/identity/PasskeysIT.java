// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static io.sourceblind.identity.SoftKey.PRESENT;
import static io.sourceblind.identity.SoftKey.VERIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.Passkeys.Entry;
import io.sourceblind.identity.Passkeys.Purpose;
import io.sourceblind.identity.SoftKey.Said;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each attack stands beside its twin: the same thing, once it is no attack, goes through.
class PasskeysIT {
  private static final Guests GUESTS = new Guests();
  private static final String BROWSER = "this browser";
  private static final Passkeys PASSKEYS = at("https://pages.example.com");
  private static int number;

  private final SoftKey key = new SoftKey();
  private UUID person = new UUID(0, 0);

  private static Passkeys at(String origin) {
    return new Passkeys(
        GUESTS.house.database.as(DatabaseRole.IDENTITY_API),
        GUESTS.house.pepper,
        GUESTS.credentials,
        new AuditLog(GUESTS.clock),
        GUESTS.clock,
        URI.create(origin));
  }

  @AfterAll
  static void stop() {
    GUESTS.close();
  }

  @BeforeEach
  void somebodyHasAKey() {
    person = GUESTS.house.addPerson("key" + ++number + "@example.com", Role.ENGINEER);
    enrol(key, person);
  }

  @Test
  void aKeySignsInAndCountsAsBothFactors() {
    GUESTS
        .house
        .superuser
        .sql("update identity.organization set second_factor_required = true where id = :org")
        .param("org", GUESTS.house.organization)
        .update();

    var entry = signIn(key.sign(asked(), person));

    assertThat(entry).isInstanceOf(Entry.In.class);
    var principal = opened(entry);
    assertThat(principal.person()).isEqualTo(person);
    assertThat(principal.complete()).isTrue();
    assertThat(principal.fresh()).isTrue();
    assertThat(GUESTS.sessionOf(person).complete()).isFalse();
    GUESTS
        .house
        .superuser
        .sql("update identity.organization set second_factor_required = false where id = :org")
        .param("org", GUESTS.house.organization)
        .update();
  }

  @Test
  void whereTheProviderIsTheOnlyWayAKeyIsNone() {
    GUESTS
        .house
        .superuser
        .sql(
            """
            insert into identity.sign_on
              (org_id, issuer, client_id, sealed_secret, last_four, required)
            values (:org, 'https://idp.example.com', 'x', repeat('x', 40)::bytea, 'abcd', true)
            """)
        .param("org", GUESTS.house.organization)
        .update();

    var entry = signIn(key.sign(asked(), person));

    GUESTS.house.superuser.sql("delete from identity.sign_on").update();
    assertThat(entry).isInstanceOf(Entry.Elsewhere.class);
    assertThat(signIn(key.sign(asked(), person))).isInstanceOf(Entry.In.class);
  }

  @Test
  void anAnswerIsGoodOnce() {
    var answer = key.sign(asked(), person);
    assertThat(signIn(answer)).isInstanceOf(Entry.In.class);

    assertThat(signIn(answer)).isInstanceOf(Entry.Refused.class);

    GUESTS.house.superuser.sql("delete from identity.used_challenge").update();
    assertThat(signIn(answer)).isInstanceOf(Entry.In.class);
  }

  @Test
  void anotherSitesSignatureIsNothingHere() {
    var elsewhere = key.sign(asked().from("https://pages.example.com.evil.example"), person);
    assertThat(signIn(elsewhere)).isInstanceOf(Entry.Refused.class);

    var there = at("https://pages.example.com.evil.example");
    var asked = there.ask(Purpose.SIGN_IN, BROWSER).orElseThrow();
    assertThat(
            there.signIn(
                key.sign(Said.of(asked), person),
                BROWSER,
                Guests.STRANGER,
                "test",
                Duration.ofHours(1)))
        .isInstanceOf(Entry.In.class);
  }

  @Test
  void aSignatureForAnotherHostIsNothingHere() {
    assertThat(signIn(key.sign(asked().forHost("evil.example"), person)))
        .isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(asked(), person))).isInstanceOf(Entry.In.class);
  }

  @Test
  void aChallengeIsForOneBrowserOneUseAndTenMinutes() {
    var another = PASSKEYS.ask(Purpose.SIGN_IN, "another browser").orElseThrow();
    var otherUse = PASSKEYS.ask(Purpose.CONFIRM, BROWSER).orElseThrow();
    var old = asked();
    var inTime = asked();

    assertThat(signIn(key.sign(Said.of(another), person))).isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(Said.of(otherUse), person))).isInstanceOf(Entry.Refused.class);
    GUESTS.clock.pass(Duration.ofMinutes(9));
    assertThat(signIn(key.sign(inTime, person))).isInstanceOf(Entry.In.class);
    GUESTS.clock.pass(Duration.ofMinutes(2));
    assertThat(signIn(key.sign(old, person))).isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aChallengeThatSomebodyMadeUpIsNothing() {
    var made = asked().challenge();
    var changed = (made.startsWith("A") ? "B" : "A") + made.substring(1);
    var said = asked();

    assertThat(signIn(key.sign(new Said(changed, said.origin(), said.host(), 5, 0), person)))
        .isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(new Said("AAAA", said.origin(), said.host(), 5, 0), person)))
        .isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(new Said(made, said.origin(), said.host(), 5, 0), person)))
        .isInstanceOf(Entry.In.class);
  }

  @Test
  void nobodySignsInWithAnothersKey() {
    var other = GUESTS.house.addPerson("other" + number + "@example.com", Role.OWNER);
    var others = new SoftKey();
    enrol(others, other);

    assertThat(signIn(key.callingItself(others).sign(asked(), other)))
        .isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(asked(), other))).isInstanceOf(Entry.Refused.class);
    assertThat(signIn(new SoftKey().sign(asked(), person))).isInstanceOf(Entry.Refused.class);
    assertThat(signIn(others.sign(asked(), other))).isInstanceOf(Entry.In.class);
  }

  @Test
  void whoeverDoesNotUnlockTheirMachineIsNotLetIn() {
    assertThat(signIn(key.sign(asked().with(PRESENT), person))).isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(asked().with(VERIFIED), person))).isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(asked().with(PRESENT | VERIFIED), person)))
        .isInstanceOf(Entry.In.class);
  }

  @Test
  void aKeyThatIsNotUnlockedIsNotAdded() {
    var owner = GUESTS.sessionOf(person);
    var lazy = new SoftKey();

    var asked = Said.of(PASSKEYS.askToEnrol(owner).orElseThrow());
    assertThat(PASSKEYS.enrol(owner, "Lazy", lazy.enrol(asked.with(PRESENT)))).isPresent();
    var again = Said.of(PASSKEYS.askToEnrol(owner).orElseThrow());
    assertThat(PASSKEYS.enrol(owner, "Lazy", lazy.enrol(again))).isEmpty();
  }

  @Test
  void aKeyIsAddedInTheSessionThatAskedAndOnce() {
    var owner = GUESTS.sessionOf(person);
    var asked = Said.of(PASSKEYS.askToEnrol(owner).orElseThrow());
    var answer = new SoftKey().enrol(asked);

    assertThat(PASSKEYS.enrol(GUESTS.sessionOf(person), "Elsewhere", answer)).isPresent();
    assertThat(PASSKEYS.enrol(owner, "Laptop", answer)).isEmpty();
    assertThat(PASSKEYS.enrol(owner, "Again", answer)).isPresent();
    assertThat(PASSKEYS.heldBy(owner)).hasSize(2);
  }

  @Test
  void aCopyOfAKeyIsFoundByItsCount() {
    assertThat(signIn(key.sign(asked().counted(5), person))).isInstanceOf(Entry.In.class);

    assertThat(signIn(key.sign(asked().counted(5), person))).isInstanceOf(Entry.Refused.class);
    assertThat(signIn(key.sign(asked().counted(4), person))).isInstanceOf(Entry.Refused.class);

    assertThat(
            GUESTS
                .house
                .superuser
                .sql("select count(*) from audit.entry where action = 'passkey.cloned'")
                .query(Integer.class)
                .single())
        .isEqualTo(2);
    assertThat(signIn(key.sign(asked().counted(6), person))).isInstanceOf(Entry.In.class);
  }

  @Test
  void whoeverIsRemovedIsOut() {
    var boss = GUESTS.sessionOf(GUESTS.house.addPerson("b" + number + "@example.com", Role.OWNER));
    assertThat(signIn(key.sign(asked(), person))).isInstanceOf(Entry.In.class);

    GUESTS.organizations.removeMember(boss, person);

    assertThat(signIn(key.sign(asked(), person))).isInstanceOf(Entry.Refused.class);
  }

  @Test
  void somebodyRenamesAndRemovesTheirOwnAndNobodyElses() {
    var owner = GUESTS.sessionOf(person);
    var other = GUESTS.sessionOf(GUESTS.house.engineer);
    var held = PASSKEYS.heldBy(owner).getFirst().id();

    assertThat(PASSKEYS.rename(other, held, "Mine now")).isEmpty();
    assertThat(PASSKEYS.remove(other, held)).isFalse();
    assertThat(PASSKEYS.heldBy(owner).getFirst().label()).isEqualTo("Laptop");
    assertThat(PASSKEYS.rename(owner, held, " ")).isPresent();
    assertThat(PASSKEYS.rename(owner, held, "Old laptop")).isEmpty();
    assertThat(PASSKEYS.heldBy(owner).getFirst().label()).isEqualTo("Old laptop");
    assertThat(PASSKEYS.remove(owner, held)).isTrue();
    assertThat(signIn(key.sign(asked(), person))).isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aSessionIsConfirmedByItsOwnersKeyAlone() {
    var owner = GUESTS.sessionOf(person);
    var other = GUESTS.sessionOf(GUESTS.house.engineer);

    var asked = Said.of(PASSKEYS.askToConfirm(other).orElseThrow());
    assertThat(PASSKEYS.confirm(other, key.sign(asked, person), Guests.STRANGER)).isFalse();
    var own = Said.of(PASSKEYS.askToConfirm(owner).orElseThrow());
    assertThat(PASSKEYS.confirm(owner, key.sign(own, person), Guests.STRANGER)).isTrue();
  }

  @Test
  void whatIsNoAnswerIsRefused() {
    var good = key.sign(asked(), person);
    var response = "\"response\":{\"clientDataJSON\":\"e30\"}";
    for (var nonsense :
        new String[] {
          "",
          "{}",
          "[]",
          "null",
          "x".repeat(20_000),
          "{\"id\":1}",
          "{\"rawId\":\"AA\"," + response + "}",
          good.replace("\"userHandle\"", "\"other\""),
          good.replaceFirst("\"signature\":\"[^\"]*", "\"signature\":\""),
          good.replaceFirst("\"authenticatorData\":\"[^\"]*", "\"authenticatorData\":\"AAAA"),
          good.substring(0, good.length() / 2)
        }) {
      assertThat(signIn(nonsense)).isInstanceOf(Entry.Refused.class);
      assertThat(PASSKEYS.enrol(GUESTS.sessionOf(person), "Nonsense", nonsense)).isPresent();
    }
  }

  private void enrol(SoftKey added, UUID of) {
    var owner = GUESTS.sessionOf(of);
    var asked = Said.of(PASSKEYS.askToEnrol(owner).orElseThrow());
    assertThat(PASSKEYS.enrol(owner, "Laptop", added.enrol(asked))).isEmpty();
  }

  private static Said asked() {
    return Said.of(PASSKEYS.ask(Purpose.SIGN_IN, BROWSER).orElseThrow());
  }

  private static Entry signIn(String answer) {
    return PASSKEYS.signIn(answer, BROWSER, Guests.STRANGER, "test", Duration.ofHours(1));
  }

  private static Principal opened(Entry entry) {
    var secret = ((Entry.In) entry).session().secret();
    return Objects.requireNonNull(GUESTS.credentials.open(secret, CredentialKind.SESSION));
  }
}
