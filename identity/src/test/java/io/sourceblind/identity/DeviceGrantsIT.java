// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static io.sourceblind.identity.Guests.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.identity.DeviceGrants.Answer;
import io.sourceblind.identity.DeviceGrants.Asked;
import io.sourceblind.identity.DeviceGrants.Typed;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeviceGrantsIT {
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
  void aMachineGetsItsTokensOnceSomebodyHasSaidYes() {
    var who = guests.sessionOf(guests.house.engineer);
    var asked = ask();
    assertThat(guests.devices.poll(asked.deviceCode()))
        .isEqualTo(new Answer.Refused("authorization_pending"));

    assertThat(guests.devices.look(who, asked.userCode().toLowerCase(java.util.Locale.ROOT)))
        .isInstanceOf(Typed.Known.class);
    assertThat(guests.devices.decide(who, asked.userCode(), true)).isInstanceOf(Typed.Known.class);
    guests.clock.pass(Duration.ofSeconds(6));

    var tokens = (Answer.Tokens) guests.devices.poll(asked.deviceCode());
    var opened = guests.credentials.open(tokens.access().secret(), CredentialKind.DEVICE);
    assertThat(opened).isNotNull().extracting(Principal::person).isEqualTo(guests.house.engineer);
    assertThat(guests.credentials.open(tokens.access().secret(), CredentialKind.API)).isNull();
    assertThat(guests.devices.poll(asked.deviceCode()))
        .isEqualTo(new Answer.Refused("invalid_grant"));
  }

  @Test
  void aMachineThatIsDeniedGetsNothing() {
    var asked = ask();
    guests.devices.decide(guests.sessionOf(guests.house.engineer), asked.userCode(), false);

    assertThat(guests.devices.poll(asked.deviceCode()))
        .isEqualTo(new Answer.Refused("access_denied"));
  }

  @Test
  void whoeverAsksTooOftenIsSlowedDown() {
    var asked = ask();
    guests.devices.poll(asked.deviceCode());

    guests.clock.pass(Duration.ofSeconds(2));
    var tooSoon = guests.devices.poll(asked.deviceCode());
    guests.clock.pass(Duration.ofSeconds(6));
    var stillTooSoon = guests.devices.poll(asked.deviceCode());
    guests.clock.pass(Duration.ofSeconds(16));
    var slowEnough = guests.devices.poll(asked.deviceCode());

    assertThat(tooSoon).isEqualTo(new Answer.Refused("slow_down"));
    assertThat(stillTooSoon).isEqualTo(new Answer.Refused("slow_down"));
    assertThat(slowEnough).isEqualTo(new Answer.Refused("authorization_pending"));
  }

  @Test
  void aRequestIsGoodForTenMinutes() {
    var who = guests.sessionOf(guests.house.engineer);
    var asked = ask();
    guests.clock.pass(Duration.ofMinutes(11));

    assertThat(guests.devices.decide(who, asked.userCode(), true))
        .isInstanceOf(Typed.Unknown.class);
    assertThat(guests.devices.poll(asked.deviceCode()))
        .isEqualTo(new Answer.Refused("expired_token"));
  }

  @Test
  void aRefreshTokenWorksOnceAndTheNextOneGoesOn() {
    var first = signedIn();

    var second = (Answer.Tokens) guests.devices.refresh(first.refresh().secret());
    var third = (Answer.Tokens) guests.devices.refresh(second.refresh().secret());

    assertThat(guests.credentials.open(first.access().secret(), CredentialKind.DEVICE)).isNull();
    assertThat(guests.credentials.open(third.access().secret(), CredentialKind.DEVICE)).isNotNull();
  }

  @Test
  void aSpentRefreshTokenEndsEverythingItLedTo() {
    var first = signedIn();
    var other = signedIn();
    var second = (Answer.Tokens) guests.devices.refresh(first.refresh().secret());

    var stolen = guests.devices.refresh(first.refresh().secret());

    assertThat(stolen).isEqualTo(new Answer.Refused("invalid_grant"));
    assertThat(guests.credentials.open(second.access().secret(), CredentialKind.DEVICE)).isNull();
    assertThat(guests.devices.refresh(second.refresh().secret()))
        .isEqualTo(new Answer.Refused("invalid_grant"));
    assertThat(guests.house.entries("device.token_reused")).isEqualTo(1);
    assertThat(guests.credentials.open(other.access().secret(), CredentialKind.DEVICE)).isNotNull();
  }

  @Test
  void theTwinThatForgetsWhatIsSpentLetsTheThiefGoOn() {
    var first = signedIn();
    guests.devices.refresh(first.refresh().secret());
    guests
        .house
        .superuser
        .sql("update identity.credential set revoked_at = null where id = :id")
        .param("id", first.refresh().id())
        .update();

    assertThat(guests.devices.refresh(first.refresh().secret())).isInstanceOf(Answer.Tokens.class);
  }

  @Test
  void anEndedMachineGetsNoNewTokens() {
    var who = guests.sessionOf(guests.house.engineer);
    var tokens = signedIn();

    assertThat(guests.credentials.end(who, tokens.access().id())).isTrue();

    assertThat(guests.devices.refresh(tokens.refresh().secret()))
        .isEqualTo(new Answer.Refused("invalid_grant"));
    assertThat(guests.credentials.end(who, tokens.access().id())).isFalse();
  }

  @Test
  void nobodyEndsWhatAColleagueHolds() {
    var colleague =
        guests.sessionOf(guests.house.addPerson("colleague@example.com", Role.ENGINEER));
    var tokens = signedIn();

    assertThat(guests.credentials.end(colleague, tokens.access().id())).isFalse();

    assertThat(guests.credentials.open(tokens.access().secret(), CredentialKind.DEVICE))
        .isNotNull();
  }

  @Test
  void onlyKeyedHashesOfCodesAndTokensAreKept() {
    var asked = ask();
    var tokens = signedIn();

    var kept =
        guests
            .house
            .superuser
            .sql(
                """
                select t::text from identity.device_grant t
                 union all select t::text from identity.credential t
                """)
            .query((row, _) -> row.getString(1))
            .list();

    assertThat(String.join("\n", kept))
        .doesNotContain(
            asked.deviceCode(),
            asked.userCode(),
            asked.userCode().replace("-", ""),
            tokens.access().secret(),
            tokens.refresh().secret());
  }

  @Test
  void tenThousandGuessedUserCodesAreFew() {
    var who = guests.sessionOf(guests.house.addPerson("guesser@example.com", Role.ENGINEER));
    var looked = 0;

    for (var guess = 0; guess < 10_000; guess++) {
      if (guests.devices.look(who, "BCDFGHJ" + guess) instanceof Typed.Unknown) {
        looked++;
      }
      guests.clock.pass(Duration.ofSeconds(8));
    }

    assertThat(looked).isBetween(20, 60);
  }

  @Test
  void garbageIsNoGrant() {
    assertThat(guests.devices.poll("nonsense")).isEqualTo(new Answer.Refused("invalid_grant"));
    assertThat(guests.devices.refresh("nonsense")).isEqualTo(new Answer.Refused("invalid_grant"));
  }

  private static Asked ask() {
    return Objects.requireNonNull(guests.devices.ask(STRANGER));
  }

  private static Answer.Tokens signedIn() {
    var asked = ask();
    guests.devices.decide(guests.sessionOf(guests.house.engineer), asked.userCode(), true);
    return (Answer.Tokens) guests.devices.poll(asked.deviceCode());
  }
}
