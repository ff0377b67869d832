// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Receipts;
import io.sourceblind.audit.Sequencer;
import io.sourceblind.audit.note.VerifierKey;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AuditedReadsIT {
  private static final Logs LOGS = new Logs("audit.example.com");
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID TEAM = WORLD.team(ORGANIZATION, "Payments");
  private static final Pages PAGES = Pages.over(WORLD);

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void everyAnswerWithDataNamesItsEntry() {
    var token = Pass.token(secret(Role.MANAGER, CredentialKind.API));
    var manager = session(Role.MANAGER);
    var engineer = session(Role.ENGINEER);

    assertThat(entryOf(PAGES.get("/teams", manager))).contains("\"action\":\"teams.read\"");
    assertThat(entryOf(PAGES.get("/teams/" + TEAM, manager)))
        .contains("\"action\":\"team.read\"", "\"target\":\"team:" + TEAM + "\"");
    assertThat(entryOf(PAGES.get("/v1/teams", token))).contains("\"action\":\"teams.read\"");
    assertThat(entryOf(PAGES.get("/v1/cells?leaf=%s".formatted(TEAM), token)))
        .contains("\"action\":\"team.read\"");
    assertThat(entryOf(PAGES.get("/me", engineer)))
        .contains("\"action\":\"own.read\"", "\"target\":\"own-page\"");
    assertThat(entryOf(PAGES.get("/me/sessions", engineer))).contains("\"action\":\"own.read\"");
    assertThat(entryOf(PAGES.get("/trust", session(Role.REVIEWER))))
        .contains("\"action\":\"schema.read\"");
    assertThat(entryOf(PAGES.get("/seats", session(Role.BILLING))))
        .contains("\"action\":\"seats.read\"");
  }

  @Test
  void whatIsAskedForIsWrittenDownEvenIfItIsNotThere() {
    var missing = UUID.randomUUID();

    var answer = PAGES.get("/teams/" + missing, session(Role.MANAGER));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(entryOf(answer)).contains("team:" + missing);
  }

  @Test
  void withoutTheEntryThereIsNoDataAndWithItThereIs() {
    var manager = session(Role.MANAGER);
    var token = Pass.token(secret(Role.MANAGER, CredentialKind.API));
    WORLD.superuser().sql("revoke insert on audit.entry from manager_api").update();
    WORLD
        .superuser()
        .sql("revoke insert (entry_uid, org_id, action, leaf) on audit.entry from manager_api")
        .update();

    var refused = PAGES.get("/teams/" + TEAM, manager);
    var refusedToPrograms = PAGES.get("/v1/teams", token);
    WORLD
        .superuser()
        .sql("grant insert (entry_uid, org_id, action, leaf) on audit.entry to manager_api")
        .update();
    var allowed = PAGES.get("/teams/" + TEAM, manager);

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).doesNotContain("Payments").contains("nothing was read");
    assertThat(refused.headers().firstValue("Audit-Receipt")).isEmpty();
    assertThat(refusedToPrograms.statusCode()).isEqualTo(503);
    assertThat(refusedToPrograms.body()).doesNotContain("Payments");
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(allowed.body()).contains("Payments");
  }

  @Test
  void aLogThatNobodySignsGivesNoDataAndOneThatIsSignedDoes() {
    var organization = WORLD.organization();
    var team = WORLD.team(organization, "Unsigned");
    var manager = WORLD.person(organization, null, "Some manager", Role.MANAGER);
    var reviewer = WORLD.person(organization, null, "Some reviewer", Role.REVIEWER);
    var session = Pass.session(WORLD.secret(organization, manager, CredentialKind.SESSION));
    var token = Pass.token(WORLD.secret(organization, reviewer, CredentialKind.API));
    var fresh = PAGES.get("/teams/" + team, session);
    signed(organization);
    asIfLongAgo(organization);

    var refused = PAGES.get("/teams/" + team, session);
    var evidence = PAGES.get("/v1/audit/checkpoint", token);
    signed(organization);
    var allowed = PAGES.get("/teams/" + team, session);

    assertThat(fresh.statusCode()).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).doesNotContain("Unsigned").contains("nothing was read");
    assertThat(evidence.statusCode()).as("the evidence stays open").isEqualTo(200);
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(allowed.body()).contains("Unsigned");
  }

  @Test
  void aReceiptIsSigned() {
    var receipt =
        PAGES.get("/teams", session(Role.MANAGER)).headers().firstValue("Audit-Receipt").orElse("");
    var key = VerifierKey.parse(Receipts.signedWith(World.RECEIPT_KEY, LOGS).publicKey());

    var said = receipt.substring(0, receipt.lastIndexOf(' '));
    var signature = receipt.substring(receipt.lastIndexOf(' ') + 1);

    assertThat(key.signed(LOGS.origin(ORGANIZATION) + "\n" + said + "\n", signature)).isTrue();
    assertThat(key.signed(LOGS.origin(UUID.randomUUID()) + "\n" + said + "\n", signature))
        .isFalse();
  }

  @Test
  void theEntryIsThereBeforeTheReadBegins() {
    // The read fails; what was about to be read is on record all the same.
    WORLD.superuser().sql("revoke select on identity.team from manager_api").update();

    var failed = PAGES.get("/teams", session(Role.MANAGER));
    WORLD.superuser().sql("grant select on identity.team to manager_api").update();

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).doesNotContain("identity.team", "permission", "Exception");
    assertThat(entryOf(failed)).contains("\"action\":\"teams.read\"");
  }

  @Test
  void pagesWithoutDataNeedNoEntry() {
    for (var path : new String[] {"/how-it-works", "/sign-in", "/style.css", "/actuator/health"}) {
      var answer = PAGES.get(path, Pass.none());
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.headers().map()).as(path).doesNotContainKey("audit-receipt");
    }
  }

  /// As if sequencer or signer had stood still for an hour; a service cannot write such a time.
  private static void asIfLongAgo(UUID organization) {
    WORLD
        .superuser()
        .sql(
            """
            insert into audit.entry (entry_uid, org_id, action, leaf, recorded_at)
            overriding user value
            values (gen_random_uuid(), :org, 'thing.done', '{}', now() - interval '1 hour')
            """)
        .param("org", organization)
        .update();
  }

  private static void signed(UUID organization) {
    new Sequencer(WORLD.database().as(DatabaseRole.AUDIT_SEQUENCER)).runOnce();
    WORLD
        .superuser()
        .sql(
            """
            insert into audit.checkpoint (org_id, size, root, note, signed_at)
            select org_id, count(*), sha256('x'), repeat('x', 200), now()
              from audit.leaf where org_id = :org group by org_id
            """)
        .param("org", organization)
        .update();
  }

  private static String entryOf(HttpResponse<String> answer) {
    var receipt = answer.headers().firstValue("Audit-Receipt").orElse("no receipt").split(" ", -1);
    return WORLD
        .superuser()
        .sql(
            """
            select convert_from(leaf, 'UTF8')
              from audit.entry
             where entry_uid::text = :uid and encode(leaf_hash, 'hex') = :hash
            """)
        .param("uid", receipt[0])
        .param("hash", receipt[1])
        .query(String.class)
        .single();
  }

  private static Pass session(Role role) {
    return Pass.session(secret(role, CredentialKind.SESSION));
  }

  private static String secret(Role role, CredentialKind kind) {
    var name = "Some %s %s".formatted(role, UUID.randomUUID());
    return WORLD.secret(ORGANIZATION, WORLD.person(ORGANIZATION, null, name, role), kind);
  }
}
