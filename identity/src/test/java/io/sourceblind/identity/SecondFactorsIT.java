// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.SecondFactors.Tried;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SecondFactorsIT {
  private static Guests guests;
  private static SecondFactors factors;

  @BeforeAll
  static void start() {
    guests = new Guests();
    factors =
        new SecondFactors(
            guests.house.database.as(DatabaseRole.IDENTITY_API),
            guests.house.pepper,
            new AuditLog(guests.clock),
            guests.clock);
  }

  @AfterAll
  static void stop() {
    guests.close();
  }

  @Test
  void whoeverHasASecondFactorIsAskedForItInEachSession() {
    var person = guests.house.addPerson("factor@example.com", Role.ENGINEER);
    enrol(person);

    var session = session(person);
    assertThat(opened(session).complete()).isFalse();
    guests.clock.pass(Duration.ofSeconds(30));
    var tried = factors.tryCode(opened(session), codeOf(person), "");

    assertThat(tried).isInstanceOf(Tried.Right.class);
    assertThat(opened(session).complete()).isTrue();
    assertThat(opened(session(person)).complete()).isFalse();
  }

  @Test
  void aKeyCountsOnceACodeOfItWasShown() {
    var person = guests.house.addPerson("begun@example.com", Role.ENGINEER);
    var owner = opened(session(person));

    factors.begin(owner);

    assertThat(factors.isEnrolled(owner)).isFalse();
    assertThat(opened(session(person)).complete()).isTrue();
  }

  @Test
  void aKeyThatCountsIsNotReplaced() {
    var person = guests.house.addPerson("kept@example.com", Role.ENGINEER);
    enrol(person);

    assertThat(factors.begin(opened(session(person)))).isEmpty();
  }

  @Test
  void noCodeWorksTwice() {
    var person = guests.house.addPerson("replay@example.com", Role.ENGINEER);
    enrol(person);
    var owner = opened(session(person));
    guests.clock.pass(Duration.ofSeconds(30));
    var code = codeOf(person);

    assertThat(factors.tryCode(owner, code, "")).isInstanceOf(Tried.Right.class);
    assertThat(factors.tryCode(owner, code, "")).isInstanceOf(Tried.Wrong.class);
  }

  @Test
  void theTwinThatForgetsTheStepTakesACodeTwice() {
    var person = guests.house.addPerson("twin@example.com", Role.ENGINEER);
    enrol(person);
    var owner = opened(session(person));
    guests.clock.pass(Duration.ofSeconds(30));
    var code = codeOf(person);
    factors.tryCode(owner, code, "");

    guests.house.superuser.sql("update identity.totp set last_step = 0").update();

    assertThat(factors.tryCode(owner, code, "")).isInstanceOf(Tried.Right.class);
  }

  @Test
  void tenThousandGuessedCodesAreFew() {
    var person = guests.house.addPerson("guessed@example.com", Role.ENGINEER);
    var owner = opened(session(person));
    factors.begin(owner);
    var before = guests.house.entries("second_factor.refused");

    for (var guess = 0; guess < 10_000; guess++) {
      factors.tryCode(owner, "no code", "");
      guests.clock.pass(Duration.ofSeconds(8));
    }

    assertThat(guests.house.entries("second_factor.refused") - before).isBetween(20L, 60L);
  }

  @Test
  void anOrganizationAsksEverybodyButTheirMachines() {
    try (var strict = new Guests()) {
      strict
          .house
          .superuser
          .sql("update identity.organization set second_factor_required = true")
          .update();
      var session = strict.house.mint(CredentialKind.SESSION);
      var device = strict.house.mint(CredentialKind.DEVICE);

      assertThat(strict.credentials.open(session.secret(), CredentialKind.SESSION))
          .isNotNull()
          .extracting(Principal::complete)
          .isEqualTo(false);
      assertThat(strict.credentials.open(device.secret(), CredentialKind.DEVICE))
          .isNotNull()
          .extracting(Principal::complete)
          .isEqualTo(true);
    }
  }

  @Test
  void theTwinOfADoorThatAsksForNothingOpensHalfway() {
    try (var weakened = new Guests()) {
      weakened
          .house
          .superuser
          .sql("update identity.organization set second_factor_required = true")
          .update();
      var session = weakened.house.mint(CredentialKind.SESSION);

      weakened.house.weakenTheDoor("not (o.second_factor_required", "not (false");

      assertThat(weakened.credentials.open(session.secret(), CredentialKind.SESSION))
          .isNotNull()
          .extracting(Principal::complete)
          .isEqualTo(true);
    }
  }

  @Test
  void aLostFactorIsTakenAwayByAnOwnerOfTheOrganization() {
    var person = guests.house.addPerson("lost@example.com", Role.ENGINEER);
    enrol(person);
    var manager = opened(session(guests.house.addPerson("manager@example.com", Role.OWNER)));

    assertThat(factors.remove(manager, person)).isTrue();

    assertThat(opened(session(person)).complete()).isTrue();
    assertThat(factors.remove(manager, person)).isFalse();
    assertThat(guests.house.entries("second_factor.removed")).isPositive();
  }

  @Test
  void theKeyIsNowhereInTheClear() {
    var person = guests.house.addPerson("sealed@example.com", Role.ENGINEER);
    var key = factors.begin(opened(session(person))).orElseThrow();

    assertThat(
            guests
                .house
                .superuser
                .sql("select sealed from identity.totp where person_id = :person")
                .param("person", person)
                .query((row, _) -> Totp.base32(row.getBytes(1)))
                .single())
        .doesNotContain(key.key().replace(" ", ""));
    assertThat(key.address()).startsWith("otpauth://totp/Sourceblind:sealed%40example.com?secret=");
  }

  private static void enrol(UUID person) {
    var owner = opened(session(person));
    factors.begin(owner);
    assertThat(factors.tryCode(owner, codeOf(person), "")).isInstanceOf(Tried.Right.class);
  }

  /// What the app of its owner would show.
  private static String codeOf(UUID person) {
    var sealed =
        guests
            .house
            .superuser
            .sql("select sealed from identity.totp where person_id = :person")
            .param("person", person)
            .query((row, _) -> row.getBytes(1))
            .single();
    var place = "totp|" + guests.house.organization + "|" + person;
    return Totp.code(new Seal(guests.house.pepper).open(sealed, place), guests.clock.instant());
  }

  private static Minted session(UUID person) {
    return guests.credentials.mint(
        guests.house.organization,
        person,
        CredentialKind.SESSION,
        "test",
        Duration.ofHours(1),
        House.OPERATOR);
  }

  private static Principal opened(Minted session) {
    var principal = guests.credentials.open(session.secret(), CredentialKind.SESSION);
    if (principal == null) {
      throw new IllegalStateException("The session opens nothing");
    }
    return principal;
  }
}
