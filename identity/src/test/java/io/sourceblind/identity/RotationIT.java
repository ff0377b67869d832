// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RotationIT {
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
  void aTokenAndItsSuccessorBothWorkForADay() {
    var owner = guests.sessionOf(guests.house.engineer);
    var old = guests.house.mint(CredentialKind.API);

    var next = rotate(owner, old.id()).orElseThrow();

    assertThat(guests.credentials.open(old.secret(), CredentialKind.API)).isNotNull();
    assertThat(guests.credentials.open(next.secret(), CredentialKind.API)).isNotNull();
    assertThat(guests.credentials.heldBy(owner))
        .filteredOn(held -> held.id().equals(old.id()))
        .singleElement()
        .satisfies(held -> {
          assertThat(held.replaced()).isTrue();
          assertThat(held.until()).isBefore(guests.clock.instant().plus(Duration.ofHours(25)));
        });
    assertThat(guests.house.entries("credential.rotated")).isPositive();
  }

  @Test
  void afterADayOnlyTheSuccessorWorks() {
    var owner = guests.sessionOf(guests.house.engineer);
    var old = guests.house.mint(CredentialKind.API);
    var next = rotate(owner, old.id()).orElseThrow();

    // The database's own clock decides, and it is not ours to move.
    guests
        .house
        .superuser
        .sql(
            """
            update identity.credential
               set created_at = created_at - interval '2 days',
                   expires_at = expires_at - interval '25 hours'
             where person_id = :person
            """)
        .param("person", guests.house.engineer)
        .update();

    assertThat(guests.credentials.open(old.secret(), CredentialKind.API)).isNull();
    assertThat(guests.credentials.open(next.secret(), CredentialKind.API)).isNotNull();
  }

  @Test
  void aTokenHasOneSuccessorAndIsRotatedByItsOwnerAlone() {
    var owner = guests.sessionOf(guests.house.engineer);
    var colleague = guests.sessionOf(guests.house.addPerson("other@example.com", Role.ENGINEER));
    var token = guests.house.mint(CredentialKind.API);
    var session = guests.house.mint(CredentialKind.SESSION);

    assertThat(rotate(colleague, token.id())).isEmpty();
    assertThat(rotate(owner, session.id())).isEmpty();
    assertThat(rotate(owner, UUID.randomUUID())).isEmpty();
    assertThat(rotate(owner, token.id())).isPresent();
    assertThat(rotate(owner, token.id())).isEmpty();
  }

  @Test
  void whatWasHashedUnderThePepperBeforeStillOpens() {
    var before = random();
    var after = random();
    try (var house = new House(Pepper.of(before))) {
      var minted = house.mint(CredentialKind.API);

      assertThat(with(house, Pepper.of(after, before)).open(minted.secret(), CredentialKind.API))
          .isNotNull();
      assertThat(with(house, Pepper.of(after)).open(minted.secret(), CredentialKind.API)).isNull();
      assertThat(with(house, Pepper.of(before, after)).open(minted.secret(), CredentialKind.API))
          .isNotNull();
    }
  }

  @Test
  void aCredentialSaysUnderWhichPepperItIs() {
    var minted = guests.house.mint(CredentialKind.API);

    assertThat(
            guests
                .house
                .superuser
                .sql("select pepper_id from identity.credential where id = :id")
                .param("id", minted.id())
                .query(Integer.class)
                .single())
        .isEqualTo(guests.house.pepper.id())
        .isNotEqualTo(Pepper.of(random()).id());
  }

  private static Optional<Minted> rotate(Principal owner, UUID token) {
    return guests.credentials.rotate(owner, token, Duration.ofDays(90), Duration.ofDays(1));
  }

  private static Credentials with(House house, Pepper pepper) {
    return new Credentials(
        house.database.as(DatabaseRole.IDENTITY_API),
        pepper,
        new AuditLog(Clock.systemUTC()),
        Clock.systemUTC());
  }

  private static String random() {
    return Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));
  }
}
