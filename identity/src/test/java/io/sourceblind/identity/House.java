// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Base64;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A database with one organization, one team and one engineer in it.
final class House implements AutoCloseable {
  static final Actor OPERATOR = Actor.operator("test");

  final EmbeddedDatabase database = EmbeddedDatabase.fresh();
  final JdbcClient superuser = JdbcClient.create(database.superuser());
  final Pepper pepper;
  final Credentials credentials;
  final Organizations organizations;
  final UUID organization;
  final UUID team;
  final UUID engineer;

  House() {
    this(randomPepper());
  }

  House(Pepper pepper) {
    this.pepper = pepper;
    credentials = credentials(DatabaseRole.IDENTITY_API, Clock.systemUTC());
    organizations =
        new Organizations(
            database.as(DatabaseRole.IDENTITY_API),
            new AuditLog(Clock.systemUTC()),
            new SecureRandom(),
            Clock.systemUTC());
    organization = organizations.create("Ours", OPERATOR);
    team = organizations.addTeam(organization, "Team", OPERATOR);
    engineer = addPerson("engineer@example.com", Role.ENGINEER);
  }

  static Pepper randomPepper() {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Pepper.of(Base64.getEncoder().encodeToString(key));
  }

  Credentials credentials(DatabaseRole role, Clock clock) {
    return new Credentials(database.as(role), pepper, new AuditLog(clock), clock);
  }

  UUID addPerson(String email, Role role) {
    return organizations.addPerson(
        organization, team, "Somebody", email, role, LocalDate.EPOCH, OPERATOR);
  }

  Minted mint(CredentialKind kind) {
    return credentials.mint(organization, engineer, kind, "test", Duration.ofDays(1), OPERATOR);
  }

  /// Changes the database's own guard, to show that nothing else keeps the attack out.
  void weakenTheDoor(String guard, String instead) {
    var door =
        superuser
            .sql(
                "select pg_get_functiondef('identity.open_door(bytea,identity.credential_kind)'::regprocedure)")
            .query(String.class)
            .single();
    if (!door.contains(guard)) {
      throw new IllegalArgumentException("The door has no guard like that any more");
    }
    new JdbcTemplate(database.superuser()).execute(door.replace(guard, instead));
  }

  long entries(String action) {
    return superuser
        .sql("select count(*) from audit.entry where action = :action")
        .param("action", action)
        .query(Long.class)
        .single();
  }

  @Override
  public void close() {
    database.close();
  }
}
