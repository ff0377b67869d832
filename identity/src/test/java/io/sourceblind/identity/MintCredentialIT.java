// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.db.Login;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MintCredentialIT {
  private static final String PEPPER =
      Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));

  private static House house;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeAll
  static void start() {
    house = new House(Pepper.of(PEPPER));
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  @BeforeEach
  void settings() {
    environment.put("DATABASE_URL", house.database.url());
    environment.put("IDENTITY_DATABASE_PASSWORD", house.database.password(Login.IDENTITY));
    environment.put("IDENTITY_PEPPER", PEPPER);
  }

  @ParameterizedTest
  @CsvSource({"device, DEVICE", "api, API", "sign-in-link, SIGN_IN_LINK"})
  void theSecretAndNothingElseIsOnStandardOutput(String name, CredentialKind kind) {
    var code = mint(name, house.engineer);

    assertThat(code).isZero();
    assertThat(out.toString()).matches(kind.prefix() + "[0-9A-Za-z]{36}\\R");
    assertThat(err.toString())
        .contains("is good until", "Its secret is shown only this once.")
        .doesNotContain(kind.prefix());
    assertThat(house.credentials.open(out.toString().strip(), kind)).isNotNull();
  }

  @Test
  void itIsGoodForAsManyDaysAsAsked() {
    var clock = Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC);

    run(clock, arguments("device", house.engineer));

    assertThat(err.toString()).contains("is good until 2027-01-30T00:00:00Z");
  }

  @Test
  void aSessionIsNotMintedHere() {
    var code = mint("session", house.engineer);

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            --kind is not what it should be: device, api or sign-in-link.
            --help shows an example.
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATABASE_URL", "IDENTITY_DATABASE_PASSWORD", "IDENTITY_PEPPER"})
  void aMissingSettingIsNamed(String name) {
    for (var value : new String[] {"", "  ", "${" + name + "}"}) {
      environment.put(name, value);

      assertThat(mint("device", house.engineer)).isEqualTo(2);
      assertThat(err.toString()).contains(name + " is not set");
      assertThat(out.toString()).isEmpty();
    }
    environment.remove(name);

    assertThat(mint("device", house.engineer)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aShortPepperIsNamed() {
    environment.put("IDENTITY_PEPPER", Base64.getEncoder().encodeToString(new byte[16]));

    assertThat(mint("device", house.engineer)).isEqualTo(2);
    assertThat(err.toString()).contains("IDENTITY_PEPPER has 16 bytes; it is at least 32");
  }

  @Test
  void whatIsTypedWronglyIsNotRepeated() {
    var code =
        run(
            Clock.systemUTC(),
            "--organization",
            "sbd_secret",
            "--person",
            house.engineer.toString());

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .contains("--organization is not what it should be: The id of the organization.")
        .doesNotContain("sbd_secret");
    assertThat(run(Clock.systemUTC(), "sbd_secret")).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("sbd_secret");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(run(Clock.systemUTC())).isEqualTo(2);
    assertThat(err.toString())
        .contains("--organization", "--person", "--kind", "--days", "--label");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "367"})
  void aCredentialIsGoodForAYearAtMost(String days) {
    var arguments = arguments("device", house.engineer);
    arguments[7] = days;

    assertThat(run(Clock.systemUTC(), arguments)).isEqualTo(2);
    assertThat(err.toString()).contains("--days takes a number from 1 to 366");
  }

  @Test
  void aPersonWhoIsNotThereGetsNothing() {
    var code = mint("device", UUID.randomUUID());

    assertThat(code).isOne();
    assertThat(err.toString().strip())
        .isEqualTo("Nothing was minted: there is no such person in that organization");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aDatabaseThatIsNotThereIsSaid() {
    environment.put("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/nowhere");

    assertThat(mint("device", house.engineer)).isOne();
    assertThat(err.toString().strip())
        .isEqualTo("Nothing was minted: the database cannot be reached");
  }

  @Test
  void helpShowsAnExample() {
    assertThat(run(Clock.systemUTC(), "--help")).isZero();
    assertThat(out.toString())
        .contains("Example:", "--kind device --days 90", "Exit codes:", "IDENTITY_PEPPER");
  }

  private int mint(String kind, UUID person) {
    return run(Clock.systemUTC(), arguments(kind, person));
  }

  private static String[] arguments(String kind, UUID person) {
    return new String[] {
      "--organization",
      house.organization.toString(),
      "--person",
      person.toString(),
      "--kind",
      kind,
      "--days",
      "90",
      "--label",
      "laptop"
    };
  }

  private int run(Clock clock, String... arguments) {
    return MintCredential.run(
        environment, clock, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
