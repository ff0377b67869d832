// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class CredentialsIT {
  private static House house;

  @BeforeAll
  static void start() {
    house = new House();
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  @ParameterizedTest
  @EnumSource
  void aGoodCredentialSaysWhoShowsIt(CredentialKind kind) {
    var minted = house.mint(kind);

    var principal = house.credentials.open(minted.secret(), kind);

    assertThat(principal)
        .isEqualTo(
            new Principal(
                minted.id(),
                house.organization,
                house.engineer,
                Role.ENGINEER,
                house.team,
                true,
                true));
  }

  @Test
  void ingestMayOpenAndNotMint() {
    var minted = house.mint(CredentialKind.DEVICE);
    var ingest = house.credentials(DatabaseRole.INGEST_WRITER, Clock.systemUTC());

    assertThat(ingest.open(minted.secret(), CredentialKind.DEVICE)).isNotNull();
    assertThatThrownBy(() ->
            ingest.mint(
                house.organization,
                house.engineer,
                CredentialKind.DEVICE,
                "test",
                Duration.ofDays(1),
                House.OPERATOR))
        .hasStackTraceContaining("permission denied for table credential");
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"IDENTITY_API", "INGEST_WRITER"})
  void nobodyElseComesNearTheDoor(DatabaseRole role) {
    var minted = house.mint(CredentialKind.DEVICE);
    var others = house.credentials(role, Clock.systemUTC());

    assertThatThrownBy(() -> others.open(minted.secret(), CredentialKind.DEVICE))
        .rootCause()
        .hasMessageMatching("(?s).*permission denied for (function open_door|schema identity).*");
  }

  @Test
  void somebodyWhoChangesTheirRoleIsSeenInItOnTheNextRequest() {
    var person = house.addPerson("promoted@example.com", Role.ENGINEER);
    var minted =
        house.credentials.mint(
            house.organization,
            person,
            CredentialKind.SESSION,
            "test",
            Duration.ofDays(1),
            House.OPERATOR);
    house
        .superuser
        .sql("update identity.person set role = 'billing', team_id = null where id = :id")
        .param("id", person)
        .update();

    var principal = house.credentials.open(minted.secret(), CredentialKind.SESSION);

    assertThat(principal)
        .isEqualTo(
            new Principal(minted.id(), house.organization, person, Role.BILLING, null, true, true));
  }

  @ParameterizedTest
  @EnumSource
  void anExpiredCredentialOpensNothing(CredentialKind kind) {
    var yesterday = Clock.offset(Clock.systemUTC(), Duration.ofDays(-2));
    var minted =
        house
            .credentials(DatabaseRole.IDENTITY_API, yesterday)
            .mint(
                house.organization,
                house.engineer,
                kind,
                "test",
                Duration.ofDays(1),
                House.OPERATOR);

    assertThat(house.credentials.open(minted.secret(), kind)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aRevokedCredentialOpensNothing(CredentialKind kind) {
    var minted = house.mint(kind);

    house.credentials.revoke(house.organization, minted.id(), House.OPERATOR);

    assertThat(house.credentials.open(minted.secret(), kind)).isNull();
  }

  @Test
  void aLinkOpensOnce() {
    var link = house.mint(CredentialKind.SIGN_IN_LINK);

    assertThat(house.credentials.open(link.secret(), CredentialKind.SIGN_IN_LINK)).isNotNull();
    assertThat(house.credentials.open(link.secret(), CredentialKind.SIGN_IN_LINK)).isNull();
  }

  @Test
  void ofManyWhoBringALinkAtOnceOneGetsIn() throws Exception {
    for (var round = 0; round < 10; round++) {
      var link = house.mint(CredentialKind.SIGN_IN_LINK);
      Callable<Boolean> open =
          () -> house.credentials.open(link.secret(), CredentialKind.SIGN_IN_LINK) != null;

      var opened = 0;
      try (var guests = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var guest : guests.invokeAll(Collections.nCopies(8, open))) {
          opened += guest.get() ? 1 : 0;
        }
      }

      assertThat(opened).isOne();
    }
  }

  @Test
  void aCredentialOpensNothingAsAnotherKind() {
    var minted = house.mint(CredentialKind.DEVICE);

    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNull();
  }

  @Test
  void theKindInTheTableCountsToo() {
    var minted = house.mint(CredentialKind.DEVICE);
    house
        .superuser
        .sql("update identity.credential set kind = 'api' where id = :id")
        .param("id", minted.id())
        .update();

    assertThat(house.credentials.open(minted.secret(), CredentialKind.DEVICE)).isNull();
  }

  @Test
  void whatDoesNotHaveTheFormNeverReachesTheDatabase() {
    var queries = new AtomicInteger();
    var counted =
        new Credentials(
            TenantDatabase.open(counting(queries), DatabaseRole.INGEST_WRITER),
            house.pepper,
            new AuditLog(Clock.systemUTC()),
            Clock.systemUTC());
    var good = house.mint(CredentialKind.DEVICE).secret();
    var last = good.charAt(good.length() - 1);
    queries.set(0);

    assertThat(counted.open("", CredentialKind.DEVICE)).isNull();
    assertThat(counted.open("x".repeat(100_000), CredentialKind.DEVICE)).isNull();
    assertThat(
            counted.open(
                good.substring(0, good.length() - 1) + (last == 'x' ? 'y' : 'x'),
                CredentialKind.DEVICE))
        .isNull();
    assertThat(counted.open(good, CredentialKind.API)).isNull();
    assertThat(queries).hasValue(0);
    // The twin: what has the form does reach it.
    assertThat(counted.open(good, CredentialKind.DEVICE)).isNotNull();
    assertThat(queries).hasValue(1);
  }

  @Test
  void aSecretThatNobodyMintedOpensNothing() {
    var guessed = Secret.random(CredentialKind.DEVICE, new SecureRandom());

    assertThat(house.credentials.open(guessed, CredentialKind.DEVICE)).isNull();
  }

  @Test
  void underAnotherPepperNothingOpens() {
    var minted = house.mint(CredentialKind.DEVICE);
    var other =
        new Credentials(
            house.database.as(DatabaseRole.INGEST_WRITER),
            House.randomPepper(),
            new AuditLog(Clock.systemUTC()),
            Clock.systemUTC());

    assertThat(other.open(minted.secret(), CredentialKind.DEVICE)).isNull();
  }

  @Test
  void theTableHoldsNothingThatCouldBeShown() {
    var minted = house.mint(CredentialKind.API);
    var row =
        house
            .superuser
            .sql("select c::text from identity.credential c where id = :id")
            .param("id", minted.id())
            .query(String.class)
            .single();
    var hash = hash(minted.id());

    assertThat(row).doesNotContain(minted.secret(), minted.secret().substring(4, 20));
    for (var shown :
        new String[] {
          HexFormat.of().formatHex(hash),
          "sbk_" + HexFormat.of().formatHex(hash).substring(0, 36),
          Base64.getEncoder().encodeToString(hash),
          new String(hash, UTF_8)
        }) {
      assertThat(house.credentials.open(shown, CredentialKind.API)).isNull();
    }
  }

  @Test
  void whoeverCanWriteTheTableCannotMakeACredential() throws Exception {
    var secret = Secret.random(CredentialKind.API, new SecureRandom());
    var minted = house.mint(CredentialKind.API);
    var plain = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));

    setHash(minted.id(), plain);

    assertThat(house.credentials.open(secret, CredentialKind.API)).isNull();
    // The twin: with the pepper they can.
    setHash(minted.id(), house.pepper.hash(secret));
    assertThat(house.credentials.open(secret, CredentialKind.API)).isNotNull();
  }

  @Test
  void aPersonOfAnotherOrganizationGetsNoCredential() {
    var theirs = house.organizations.create("Theirs", House.OPERATOR);

    assertThatThrownBy(() ->
            house.credentials.mint(
                theirs,
                house.engineer,
                CredentialKind.API,
                "test",
                Duration.ofDays(1),
                House.OPERATOR))
        .hasStackTraceContaining("foreign key");
  }

  @Test
  void anotherOrganizationRevokesNothing() {
    var minted = house.mint(CredentialKind.API);
    var theirs = house.organizations.create("Theirs too", House.OPERATOR);
    var before = house.entries("credential.revoked");

    house.credentials.revoke(theirs, minted.id(), House.OPERATOR);

    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNotNull();
    assertThat(house.entries("credential.revoked")).isEqualTo(before);
  }

  @Test
  void revokingTwiceIsOneActAndOneEntry() {
    var minted = house.mint(CredentialKind.API);
    var before = house.entries("credential.revoked");

    house.credentials.revoke(house.organization, minted.id(), House.OPERATOR);
    house.credentials.revoke(house.organization, minted.id(), House.OPERATOR);

    assertThat(house.entries("credential.revoked")).isEqualTo(before + 1);
  }

  @Test
  void mintingLeavesAnEntryThatSaysWhatAndForWhom() {
    var minted = house.mint(CredentialKind.DEVICE);

    var leaf =
        house
            .superuser
            .sql(
                "select convert_from(leaf, 'UTF8') from audit.entry where action = 'credential.minted'"
                    + " and convert_from(leaf, 'UTF8') like :target")
            .param("target", "%\"target\":\"" + minted.id() + "\"%")
            .query(String.class)
            .single();

    assertThat(leaf)
        .contains(
            "\"kind\":\"device\"",
            "\"person\":\"" + house.engineer + "\"",
            "\"expires_at\":\"" + minted.expiresAt() + "\"")
        .doesNotContain(minted.secret());
  }

  @Test
  void aCredentialIsGoodForMoreThanNothingAndAtMostAYear() {
    for (var wrong :
        new Duration[] {Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(366).plusNanos(1)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              house.credentials.mint(
                  house.organization,
                  house.engineer,
                  CredentialKind.API,
                  "test",
                  wrong,
                  House.OPERATOR))
          .withMessage("A credential is good for more than nothing and at most 366 days");
    }
  }

  @Test
  void useIsWrittenDownOnceAMinute() {
    var minted = house.mint(CredentialKind.DEVICE);

    house.credentials.open(minted.secret(), CredentialKind.DEVICE);
    var first = usedAt(minted);
    house.credentials.open(minted.secret(), CredentialKind.DEVICE);

    assertThat(usedAt(minted)).isEqualTo(first);
    house
        .superuser
        .sql("update identity.credential set used_at = used_at - interval '61 s' where id = :id")
        .param("id", minted.id())
        .update();
    house.credentials.open(minted.secret(), CredentialKind.DEVICE);
    assertThat(usedAt(minted)).isAfterOrEqualTo(first);
  }

  @Test
  void aMintedCredentialDoesNotPrintItsSecret() {
    var minted = house.mint(CredentialKind.DEVICE);

    assertThat(minted.toString()).contains(minted.id().toString()).doesNotContain("sbd_");
  }

  private static Instant usedAt(Minted minted) {
    return house
        .superuser
        .sql("select used_at from identity.credential where id = :id")
        .param("id", minted.id())
        .query(Instant.class)
        .single();
  }

  private static byte[] hash(UUID credential) {
    return house
        .superuser
        .sql("select hash from identity.credential where id = :id")
        .param("id", credential)
        .query(byte[].class)
        .single();
  }

  private static void setHash(UUID credential, byte[] hash) {
    house
        .superuser
        .sql("update identity.credential set hash = :hash where id = :id")
        .param("hash", hash)
        .param("id", credential)
        .update();
  }

  private static AbstractDataSource counting(AtomicInteger queries) {
    var real =
        new DriverManagerDataSource(
            house.database.url(), Login.INGEST.sqlName(), house.database.password(Login.INGEST));
    return new AbstractDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        queries.incrementAndGet();
        return real.getConnection();
      }

      @Override
      public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLException("Only the one login");
      }
    };
  }
}
