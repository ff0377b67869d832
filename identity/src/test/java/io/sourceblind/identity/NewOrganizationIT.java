// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

class NewOrganizationIT {
  private static final String PEPPER =
      Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));
  private static final House HOUSE = new House(Pepper.of(PEPPER));
  private static final JdbcClient SUPERUSER = JdbcClient.create(HOUSE.database.superuser());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();

  @AfterAll
  static void stop() {
    HOUSE.close();
  }

  @BeforeEach
  void settings() {
    environment.put("DATABASE_URL", HOUSE.database.url());
    environment.put("IDENTITY_DATABASE_PASSWORD", HOUSE.database.password(Login.IDENTITY));
    environment.put("IDENTITY_PEPPER", PEPPER);
  }

  @Test
  void theLinkAloneIsOnStandardOutputAndNowhereInTheDatabase() {
    var code = make("New Works", "first@example.com", "https://pages.example.com/");

    assertThat(code).isZero();
    assertThat(out.toString())
        .matches("https://pages\\.example\\.com/invitation\\?token=sbi_[0-9A-Za-z]{36}\\R");
    assertThat(err.toString()).contains("shown only this once").doesNotContain("sbi_");
    assertThat(
            SUPERUSER
                .sql("select i::text from identity.invitation i where email = 'first@example.com'")
                .query(String.class)
                .single())
        .doesNotContain("sbi_");
  }

  @Test
  void whoeverHasTheLinkIsItsFirstOwnerOnce() {
    make("Second Works", "second@example.com", "https://pages.example.com");
    var token = out.toString().strip().replaceAll(".*token=", "");
    var invitations =
        new Invitations(
            HOUSE.database.as(DatabaseRole.IDENTITY_API),
            Pepper.of(PEPPER),
            new Passwords(),
            HOUSE.credentials,
            _ -> {},
            new AuditLog(Clock.systemUTC()),
            Clock.systemUTC());

    var offer = invitations.offerOf(token).orElseThrow();
    var joined = invitations.accept(token, "Second", "", "test", Duration.ofHours(1));
    var again = invitations.accept(token, "Third", "", "test", Duration.ofHours(1));

    assertThat(offer)
        .isEqualTo(new Invitations.Offer("Second Works", "second@example.com", Role.OWNER));
    assertThat(again).isInstanceOf(Invitations.Answer.Gone.class);
    var session = ((Invitations.Answer.Joined) joined).session().secret();
    var principal = Objects.requireNonNull(HOUSE.credentials.open(session, CredentialKind.SESSION));
    assertThat(principal.role()).isEqualTo(Role.OWNER);
    assertThat(principal.organization()).isNotEqualTo(HOUSE.organization);
  }

  @Test
  void bothAreWrittenDownAsTheOperators() {
    make("Third Works", "third@example.com", "https://pages.example.com");
    var organization =
        UUID.fromString(err.toString().replaceAll("(?s)Organization ([0-9a-f-]{36}) .*", "$1"));

    var leaves =
        SUPERUSER
            .sql(
                """
                select convert_from(leaf, 'UTF8') from audit.entry where org_id = :org order by id
                """)
            .param("org", organization)
            .query(String.class)
            .list();

    assertThat(leaves).hasSize(2);
    assertThat(leaves.getFirst()).contains("organization.created", "\"actor_kind\":\"operator\"");
    assertThat(leaves.getLast())
        .contains("member.invited", "\"actor_kind\":\"operator\"")
        .doesNotContain("third@example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "'', somebody@example.com, https://pages.example.com, --name takes",
    "Works, somebody, https://pages.example.com, --owner takes",
    "Works, somebody@example.com, http://pages.example.com, --pages takes",
    "Works, somebody@example.com, https://pages.example.com/team, --pages takes",
    "Works, somebody@example.com, https://me@pages.example.com, --pages takes",
    "Works, somebody@example.com, pages.example.com, --pages takes"
  })
  void whatIsNotFitMakesNothing(String name, String owner, String pages, String fault) {
    var before = organizations();

    var code = make(name, owner, pages);

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(fault);
    assertThat(out.toString()).isEmpty();
    assertThat(organizations()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATABASE_URL", "IDENTITY_DATABASE_PASSWORD", "IDENTITY_PEPPER"})
  void aMissingSettingIsNamed(String name) {
    environment.put(name, "${" + name + "}");

    assertThat(make("Works", "somebody@example.com", "https://pages.example.com")).isEqualTo(2);
    assertThat(err.toString()).contains(name + " is not set");
  }

  @Test
  void onlyAnOwnerIsInvitedByNobody() {
    var roles = List.of("engineer", "manager", "reviewer", "billing");

    assertThat(roles)
        .allSatisfy(role ->
            assertThatThrownBy(() -> inviteByNobody(role))
                .isInstanceOf(DataIntegrityViolationException.class));
    inviteByNobody("owner");
  }

  private static void inviteByNobody(String role) {
    TenantScope.runAs(
        Tenant.of(HOUSE.organization),
        () ->
            HOUSE
                .database
                .as(DatabaseRole.IDENTITY_API)
                .inTransaction(jdbc ->
                    jdbc.sql(
                            """
                            insert into identity.invitation
                              (org_id, id, email, role, hash, created_at, expires_at)
                            values (:org, :id, 'x@example.com', :role, sha256(:id::text::bytea),
                                    now(), now() + interval '1 day')
                            """)
                        .param("org", HOUSE.organization)
                        .param("id", UUID.randomUUID())
                        .param("role", role)
                        .update()));
  }

  private static int organizations() {
    return SUPERUSER
        .sql("select count(*) from identity.organization")
        .query(Integer.class)
        .single();
  }

  private int make(String name, String owner, String pages) {
    return NewOrganization.run(
        environment,
        Clock.systemUTC(),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        "--name",
        name,
        "--owner",
        owner,
        "--pages",
        pages);
  }
}
