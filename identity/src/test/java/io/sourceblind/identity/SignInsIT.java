// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static io.sourceblind.identity.Guests.GOOD_PASSWORD;
import static io.sourceblind.identity.Guests.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sourceblind.identity.SignIns.Entry;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class SignInsIT {
  private static Guests guests;

  @BeforeAll
  static void start() {
    guests = new Guests();
  }

  @AfterAll
  static void stop() {
    guests.close();
  }

  @Test
  void aMailedCodeSignsInOnce() {
    var person = guests.house.addPerson("code@example.com", Role.ENGINEER);
    var asked = askFor("Code@Example.com");
    var code = guests.mailedCode();

    var first = guests.signIns.withCode(asked, code, "code@example.com", STRANGER);
    var second = guests.signIns.withCode(asked, code, "code@example.com", STRANGER);

    assertThat(first).isInstanceOf(Entry.In.class).extracting("person").isEqualTo(person);
    assertThat(second).isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aCodeIsForTheAddressItWasSentTo() {
    guests.house.addPerson("one@example.com", Role.ENGINEER);
    guests.house.addPerson("two@example.com", Role.ENGINEER);
    var asked = askFor("one@example.com");

    assertThat(guests.signIns.withCode(asked, guests.mailedCode(), "two@example.com", STRANGER))
        .isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aCodeIsGoodForTenMinutes() {
    guests.house.addPerson("late@example.com", Role.ENGINEER);
    var asked = askFor("late@example.com");
    guests.clock.pass(Duration.ofMinutes(11));

    assertThat(guests.signIns.withCode(asked, guests.mailedCode(), "late@example.com", STRANGER))
        .isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aCodeHasFiveTries() {
    guests.house.addPerson("tries@example.com", Role.ENGINEER);
    var asked = askFor("tries@example.com");

    for (var tries = 0; tries < 5; tries++) {
      guests.signIns.withCode(asked, "no code", "tries@example.com", STRANGER);
    }

    assertThat(guests.signIns.withCode(asked, guests.mailedCode(), "tries@example.com", STRANGER))
        .isInstanceOf(Entry.Refused.class);
  }

  @Test
  void theTwinWithoutTheFiveTriesLetsTheSixthIn() {
    try (var weakened = new Guests()) {
      weakened.house.addPerson("tries@example.com", Role.ENGINEER);
      weaken(weakened, "enter_code(uuid,bytea,timestamptz)", "and c.tries < 5", "");
      new JdbcTemplate(weakened.house.database.superuser())
          .execute("alter table identity.mailed_code drop constraint five_tries");
      var asked = weakened.signIns.mailCode("tries@example.com", STRANGER);

      for (var tries = 0; tries < 5; tries++) {
        weakened.signIns.withCode(present(asked), "no code", "tries@example.com", STRANGER);
      }

      assertThat(
              weakened.signIns.withCode(
                  present(asked), weakened.mailedCode(), "tries@example.com", STRANGER))
          .isInstanceOf(Entry.In.class);
    }
  }

  @Test
  void aPasswordSignsInAfterItsAddressWasShownToBeOnes() {
    var person = guests.house.addPerson("password@example.com", Role.ENGINEER);
    var owner = guests.sessionOf(person);
    var before = guests.signIns.changePassword(owner, GOOD_PASSWORD, guests.credentials);
    enterWithCode("password@example.com");

    var after = guests.signIns.changePassword(owner, GOOD_PASSWORD, guests.credentials);

    assertThat(before).hasValueSatisfying(fault -> assertThat(fault).contains("code"));
    assertThat(after).isEmpty();
    assertThat(guests.signIns.withPassword("password@example.com", GOOD_PASSWORD, STRANGER))
        .isInstanceOf(Entry.In.class);
    assertThat(guests.signIns.withPassword("password@example.com", GOOD_PASSWORD + "!", STRANGER))
        .isInstanceOf(Entry.Refused.class);
  }

  @Test
  void aNewPasswordEndsAllOtherSessions() {
    var person = withPassword("changes@example.com");
    var other = guests.sessionOf(person);
    var owner = guests.sessionOf(person);

    guests.signIns.changePassword(owner, "another good thing to say", guests.credentials);

    assertThat(guests.credentials.heldBy(owner))
        .extracting(Credentials.Held::id)
        .contains(owner.credential())
        .doesNotContain(other.credential());
  }

  @Test
  void aRemovedMemberCannotSignIn() {
    var person = withPassword("gone@example.com");
    var manager = guests.sessionOf(guests.house.addPerson("boss@example.com", Role.OWNER));
    guests.organizations.removeMember(
        guests.sessionOf(guests.house.addPerson("boss2@example.com", Role.OWNER)), person);

    assertThat(guests.signIns.withPassword("gone@example.com", GOOD_PASSWORD, STRANGER))
        .isInstanceOf(Entry.Refused.class);
    assertThat(guests.credentials.heldBy(manager)).isNotEmpty();
  }

  @Test
  void nobodyAndSomebodyCostTheSameWork() {
    withPassword("known@example.com");

    var known =
        workOf(() -> guests.signIns.withPassword("known@example.com", "a wrong one", STRANGER));
    var unknown =
        workOf(() -> guests.signIns.withPassword("unknown@example.com", "a wrong one", STRANGER));
    var withoutPassword =
        workOf(() -> guests.signIns.withPassword("engineer@example.com", "a wrong one", STRANGER));
    var knownCode = workOf(() -> guests.signIns.mailCode("known@example.com", STRANGER));
    var unknownCode = workOf(() -> guests.signIns.mailCode("unknown@example.com", STRANGER));
    var knownWrong =
        workOf(() ->
            guests.signIns.withCode(
                askFor("known@example.com"), "1", "known@example.com", STRANGER));
    var unknownWrong =
        workOf(() ->
            guests.signIns.withCode(
                askFor("unknown@example.com"), "1", "unknown@example.com", STRANGER));

    assertThat(known.hashes()).isEqualTo(1);
    assertThat(unknown).isEqualTo(known);
    assertThat(withoutPassword).isEqualTo(known);
    assertThat(unknownCode).isEqualTo(knownCode);
    assertThat(unknownWrong).isEqualTo(knownWrong);
  }

  @Test
  void aLetterGoesOnlyToSomebody() {
    withPassword("mailed@example.com");
    var before = guests.letters.size();

    askFor("nobody.here@example.com");

    assertThat(guests.letters).hasSize(before);
  }

  @Test
  void tenThousandWrongPasswordsInADayAreFewGuessesAndNoLockout() {
    withPassword("victim@example.com");
    var mark = enterWithPassword("victim@example.com").browser();
    var tries = 10_000;
    var between = Duration.ofDays(1).dividedBy(tries);
    guests.hashes.set(0);
    var end = guests.clock.instant().plus(Duration.ofDays(1));

    for (var attempt = 0; attempt < tries; attempt++) {
      // A network of its own for each, so that only the address is counted.
      var from = new Caller("2001:db8:%x:%x::1".formatted(attempt / 500, attempt % 500), null);
      guests.signIns.withPassword("victim@example.com", "wrong " + attempt, from);
      guests.clock.pass(between);
    }

    assertThat(guests.clock.instant()).isCloseTo(end, within(Duration.ofSeconds(10)));
    assertThat(guests.hashes.get()).isBetween(30, 60);
    assertThat(
            guests.signIns.withPassword(
                "victim@example.com", GOOD_PASSWORD, new Caller("198.51.100.1", mark)))
        .isInstanceOf(Entry.In.class);
  }

  @Test
  void theTwinWithoutTheDelayTriesEveryGuess() {
    try (var weakened = new Guests()) {
      weaken(
          weakened,
          "begin_attempt(bytea,integer,timestamptz)",
          "if counted.free_at > at then",
          "if false then");

      for (var attempt = 0; attempt < 100; attempt++) {
        weakened.signIns.withPassword("victim@example.com", "wrong " + attempt, STRANGER);
      }

      // One more for the password that nobody has.
      assertThat(weakened.hashes.get()).isEqualTo(101);
    }
  }

  @Test
  void aMarkOfAnotherAddressIsAStrangers() {
    withPassword("marked@example.com");
    var mark = enterWithPassword("marked@example.com").browser();
    var caller = new Caller("198.51.100.9", mark);
    for (var attempt = 0; attempt < 12; attempt++) {
      guests.signIns.withPassword("other.victim@example.com", "wrong", STRANGER);
    }

    assertThat(guests.signIns.withPassword("other.victim@example.com", "wrong", caller))
        .isInstanceOf(Entry.Wait.class);
    assertThat(guests.signIns.withPassword("marked@example.com", GOOD_PASSWORD, caller))
        .isInstanceOf(Entry.In.class);
  }

  @Test
  void whatFailsIsInTheLogWithoutTheAddress() {
    var before = guests.house.entries("sign_in.refused");

    guests.signIns.withPassword("someone.else@example.com", "wrong", STRANGER);

    assertThat(guests.house.entries("sign_in.refused")).isEqualTo(before + 1);
    assertThat(
            guests
                .house
                .superuser
                .sql("select convert_from(leaf, 'UTF8') from audit.entry")
                .query((row, _) -> row.getString(1))
                .list())
        .noneMatch(leaf -> leaf.contains("@") || leaf.contains("203.0.113"));
  }

  private record Work(int transactions, int hashes) {}

  private static Work workOf(Runnable attempt) {
    var transactions = guests.transactions.get();
    var hashes = guests.hashes.get();
    attempt.run();
    return new Work(guests.transactions.get() - transactions, guests.hashes.get() - hashes);
  }

  private static UUID withPassword(String address) {
    var person = guests.house.addPerson(address, Role.ENGINEER);
    enterWithCode(address);
    assertThat(
            guests.signIns.changePassword(
                guests.sessionOf(person), GOOD_PASSWORD, guests.credentials))
        .isEmpty();
    return person;
  }

  private static void enterWithCode(String address) {
    assertThat(guests.signIns.withCode(askFor(address), guests.mailedCode(), address, STRANGER))
        .isInstanceOf(Entry.In.class);
  }

  private static Entry.In enterWithPassword(String address) {
    return (Entry.In) guests.signIns.withPassword(address, GOOD_PASSWORD, STRANGER);
  }

  private static UUID askFor(String address) {
    return present(guests.signIns.mailCode(address, STRANGER));
  }

  private static UUID present(@Nullable UUID asked) {
    if (asked == null) {
      throw new IllegalStateException("There were too many codes");
    }
    return asked;
  }

  static void weaken(Guests guests, String function, String guard, String instead) {
    var text =
        guests
            .house
            .superuser
            .sql("select pg_get_functiondef(('identity.' || :function)::regprocedure)")
            .param("function", function)
            .query((row, _) -> row.getString(1))
            .single();
    assertThat(text).contains(guard);
    new JdbcTemplate(guests.house.database.superuser()).execute(text.replace(guard, instead));
  }
}
