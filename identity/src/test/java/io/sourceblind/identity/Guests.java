// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/// A [House] that people come to: with a clock that is moved by hand, a letter box, and a count of
/// the work that was done.
final class Guests implements AutoCloseable {
  static final Caller STRANGER = new Caller("203.0.113.7", null);
  static final String GOOD_PASSWORD = "marble otter quietly sings";

  final House house = new House();
  final List<Letter> letters = new ArrayList<>();
  final AtomicInteger hashes = new AtomicInteger();
  final AtomicInteger transactions = new AtomicInteger();
  final MovedClock clock = new MovedClock();
  final Credentials credentials;
  final SignIns signIns;
  final Invitations invitations;
  final DeviceGrants devices;
  final Organizations organizations;

  Guests() {
    var database =
        TenantDatabase.open(
            counted(house.database.pool(io.sourceblind.db.Login.IDENTITY)),
            DatabaseRole.IDENTITY_API);
    var audit = new AuditLog(clock);
    var passwords = new Passwords(counted(Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8()));
    credentials = new Credentials(database, house.pepper, audit, clock);
    signIns = new SignIns(database, house.pepper, passwords, letters::add, audit, clock);
    invitations =
        new Invitations(database, house.pepper, passwords, credentials, letters::add, audit, clock);
    devices = new DeviceGrants(database, house.pepper, credentials, audit, clock);
    organizations = new Organizations(database, audit, new java.security.SecureRandom(), clock);
  }

  /// Somebody with a session, as the next request sees them.
  Principal sessionOf(java.util.UUID person) {
    var session =
        credentials.mint(
            house.organization,
            person,
            CredentialKind.SESSION,
            "test",
            Duration.ofHours(1),
            House.OPERATOR);
    var principal = credentials.open(session.secret(), CredentialKind.SESSION);
    if (principal == null) {
      throw new IllegalStateException("The session opens nothing");
    }
    return principal;
  }

  /// The digits in the last letter.
  String mailedCode() {
    return letters.getLast().text().lines().skip(2).findFirst().orElseThrow().strip();
  }

  /// The link's token in the last letter.
  String mailedToken() {
    var text = letters.getLast().text();
    var start = text.indexOf("token=") + "token=".length();
    return text.substring(start, start + 40);
  }

  @Override
  public void close() {
    house.close();
  }

  private PasswordEncoder counted(PasswordEncoder encoder) {
    return new PasswordEncoder() {
      @Override
      public @Nullable String encode(@Nullable CharSequence password) {
        hashes.incrementAndGet();
        return encoder.encode(password);
      }

      @Override
      public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
        hashes.incrementAndGet();
        return encoder.matches(password, hash);
      }
    };
  }

  private DataSource counted(DataSource source) {
    return new DelegatingDataSource(source) {
      @Override
      public Connection getConnection() throws SQLException {
        transactions.incrementAndGet();
        return super.getConnection();
      }
    };
  }

  /// A clock that only a test moves.
  static final class MovedClock extends Clock {
    private Instant now = Instant.now();

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("It shows UTC");
    }
  }
}
