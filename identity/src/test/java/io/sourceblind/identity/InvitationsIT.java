// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static io.sourceblind.identity.Guests.GOOD_PASSWORD;
import static io.sourceblind.identity.Guests.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.identity.Invitations.Answer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InvitationsIT {
  private static final String PAGES = "https://pages.example.com";
  private static Guests guests;
  private static Principal manager;

  @BeforeAll
  static void start() {
    guests = new Guests();
    manager = guests.sessionOf(guests.house.addPerson("manager@example.com", Role.OWNER));
  }

  @AfterAll
  static void stop() {
    guests.close();
  }

  @Test
  void whoeverAcceptsIsAMemberInTheRoleAndTeamTheyWereAskedInto() {
    var token = invite("joins@example.com", Role.ENGINEER);

    var answer = accept(token, "Joins Us", GOOD_PASSWORD);

    assertThat(answer).isInstanceOf(Answer.Joined.class);
    var session = ((Answer.Joined) answer).session();
    assertThat(guests.credentials.open(session.secret(), CredentialKind.SESSION))
        .isNotNull()
        .satisfies(principal -> {
          assertThat(principal.role()).isEqualTo(Role.ENGINEER);
          assertThat(principal.team()).isEqualTo(guests.house.team);
        });
    assertThat(guests.signIns.withPassword("joins@example.com", GOOD_PASSWORD, STRANGER))
        .isInstanceOf(SignIns.Entry.In.class);
    assertThat(guests.letters)
        .anySatisfy(
            letter -> assertThat(letter.text()).contains(PAGES + "/invitation?token=" + token));
  }

  @Test
  void anInvitationWorksOnce() {
    var token = invite("once@example.com", Role.REVIEWER);
    accept(token, "Once", "");

    assertThat(accept(token, "Twice", "")).isInstanceOf(Answer.Gone.class);
    assertThat(guests.invitations.offerOf(token)).isEmpty();
  }

  @Test
  void anInvitationIsGoodForAWeek() {
    try (var later = new Guests()) {
      var by = later.sessionOf(later.house.addPerson("manager@example.com", Role.OWNER));
      later.invitations.invite(by, "late@example.com", Role.ENGINEER, null, PAGES);
      var token = later.mailedToken();

      assertThat(later.invitations.offerOf(token)).isPresent();
      later.clock.pass(Duration.ofDays(8));

      assertThat(later.invitations.offerOf(token)).isEmpty();
      assertThat(later.invitations.accept(token, "Late", "", "test", Duration.ofHours(1)))
          .isInstanceOf(Answer.Gone.class);
    }
  }

  @Test
  void aWithdrawnInvitationIsGone() {
    var token = invite("withdrawn@example.com", Role.ENGINEER);
    var open =
        guests.invitations.standing(manager).stream()
            .filter(invitation -> invitation.email().equals("withdrawn@example.com"))
            .findFirst()
            .orElseThrow();

    assertThat(guests.invitations.withdraw(manager, open.id())).isTrue();

    assertThat(accept(token, "Too late", "")).isInstanceOf(Answer.Gone.class);
    assertThat(guests.invitations.withdraw(manager, open.id())).isFalse();
  }

  @Test
  void aGuessedTokenIsNone() {
    var guess = Secret.random("sbi_", new SecureRandom());

    assertThat(guests.invitations.offerOf(guess)).isEmpty();
    assertThat(guests.invitations.offerOf("sbi_nonsense")).isEmpty();
    assertThat(accept(guess, "Guesser", "")).isInstanceOf(Answer.Gone.class);
  }

  @Test
  void aWeakPasswordIsRefusedAndTheInvitationStands() {
    var token = invite("weak@example.com", Role.ENGINEER);

    assertThat(accept(token, "Weak", "password1234")).isInstanceOf(Answer.Wrong.class);

    assertThat(accept(token, "Weak", GOOD_PASSWORD)).isInstanceOf(Answer.Joined.class);
  }

  @Test
  void aMemberIsNotInvitedAgain() {
    assertThat(
            guests.invitations.invite(manager, "MANAGER@example.com", Role.ENGINEER, null, PAGES))
        .hasValueSatisfying(fault -> assertThat(fault).contains("member already"));
  }

  @Test
  void anAddressSignsInToOneOrganization() {
    accept(invite("both@example.com", Role.ENGINEER), "Both", "");
    var elsewhere = guests.organizations.create("Elsewhere", House.OPERATOR);
    var theirManager =
        guests.organizations.addPerson(
            elsewhere,
            null,
            "Their manager",
            "their.manager@example.com",
            Role.OWNER,
            java.time.LocalDate.EPOCH,
            House.OPERATOR);
    var session =
        guests.credentials.mint(
            elsewhere,
            theirManager,
            CredentialKind.SESSION,
            "test",
            Duration.ofHours(1),
            House.OPERATOR);
    var them = guests.credentials.open(session.secret(), CredentialKind.SESSION);
    guests.invitations.invite(
        java.util.Objects.requireNonNull(them), "both@example.com", Role.ENGINEER, null, PAGES);

    assertThat(accept(guests.mailedToken(), "Both", ""))
        .isInstanceOf(Answer.Wrong.class)
        .asString()
        .contains("another organization");
  }

  @Test
  void somebodyWhoWasRemovedCanBeAskedBackIn() {
    accept(invite("back@example.com", Role.ENGINEER), "Back", GOOD_PASSWORD);
    var person = personOf("back@example.com");
    guests.organizations.removeMember(manager, person);

    var again = accept(invite("back@example.com", Role.REVIEWER), "Back again", "");

    assertThat(again).isInstanceOf(Answer.Joined.class);
    assertThat(personOf("back@example.com")).isEqualTo(person);
    assertThat(guests.signIns.withPassword("back@example.com", GOOD_PASSWORD, STRANGER))
        .isInstanceOf(SignIns.Entry.Refused.class);
  }

  @Test
  void aRemovedMembersCredentialsOpenNothingAtOnce() {
    var person = guests.house.addPerson("leaver@example.com", Role.ENGINEER);
    var session =
        guests.credentials.mint(
            guests.house.organization,
            person,
            CredentialKind.SESSION,
            "test",
            Duration.ofHours(1),
            House.OPERATOR);
    assertThat(guests.credentials.open(session.secret(), CredentialKind.SESSION)).isNotNull();

    guests.organizations.removeMember(manager, person);

    assertThat(guests.credentials.open(session.secret(), CredentialKind.SESSION)).isNull();
  }

  @Test
  void theTwinWithoutTheMarkOfRemovalLetsThemIn() {
    try (var weakened = new Guests()) {
      var minted = weakened.house.mint(CredentialKind.SESSION);
      weakened.house.superuser.sql("update identity.person set removed_at = now()").update();
      assertThat(weakened.credentials.open(minted.secret(), CredentialKind.SESSION)).isNull();

      weakened.house.weakenTheDoor("p.removed_at is null", "true");

      assertThat(weakened.credentials.open(minted.secret(), CredentialKind.SESSION)).isNotNull();
    }
  }

  @Test
  void theLastOwnerStays() {
    try (var alone = new Guests()) {
      var last = alone.sessionOf(alone.house.addPerson("last@example.com", Role.OWNER));

      assertThatThrownBy(() -> alone.organizations.removeMember(last, last.person()))
          .isInstanceOf(Organizations.NobodyWouldOwn.class);
      assertThatThrownBy(
              () -> alone.organizations.changeMember(last, last.person(), Role.ENGINEER, null))
          .isInstanceOf(Organizations.NobodyWouldOwn.class);
    }
  }

  @Test
  void nobodyRemovesAMemberOfAnotherOrganization() {
    assertThatThrownBy(() -> guests.organizations.removeMember(manager, UUID.randomUUID()))
        .isInstanceOf(Organizations.NoSuchMember.class);
  }

  private static String invite(String email, Role role) {
    var team = role == Role.ENGINEER ? guests.house.team : null;
    assertThat(guests.invitations.invite(manager, email, role, team, PAGES)).isEmpty();
    return guests.mailedToken();
  }

  private static Answer accept(String token, String name, String password) {
    return guests.invitations.accept(token, name, password, "test", Duration.ofHours(1));
  }

  private static UUID personOf(String email) {
    return guests
        .house
        .superuser
        .sql("select id from identity.person where email = :email")
        .param("email", email)
        .query((row, _) -> row.getObject("id", UUID.class))
        .single();
  }
}
