// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CredentialsIT {
  private static final Actor OPERATOR = Actor.operator("test");

  private static EmbeddedDatabase database;
  private static Credentials credentials;
  private static UUID organization;
  private static UUID team;
  private static UUID person;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    var clock = Clock.systemUTC();
    var audit = new AuditLog(clock);
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var pepper = Pepper.of(Base64.getEncoder().encodeToString(new byte[32]));
    credentials = new Credentials(identity, pepper, audit, clock);
    var organizations = new Organizations(identity, audit, new SecureRandom(), clock);
    organization = organizations.create("Ours", OPERATOR);
    team = organizations.addTeam(organization, "Team", OPERATOR);
    person =
        organizations.addPerson(
            organization,
            team,
            "Somebody",
            "somebody@example.com",
            Role.ENGINEER,
            LocalDate.EPOCH,
            OPERATOR);
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void aGoodCredentialSaysWhoShowsIt() {
    var minted =
        credentials.mint(
            organization, person, CredentialKind.DEVICE, "laptop", Duration.ofDays(1), OPERATOR);

    var principal = credentials.open(minted.secret(), CredentialKind.DEVICE);

    assertThat(principal)
        .isEqualTo(new Principal(minted.id(), organization, person, Role.ENGINEER, team));
  }
}
