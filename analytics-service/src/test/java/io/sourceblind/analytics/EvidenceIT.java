// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Sequencer;
import io.sourceblind.audit.Signer;
import io.sourceblind.audit.verify.AuditVerify;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a reviewer's program gets over HTTP is what the offline verifier accepts.
class EvidenceIT {
  private static final String SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
  private static final Logs LOGS = new Logs("audit.example.com");
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final Pages PAGES = Pages.over(WORLD);

  @TempDir private Path folder;

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void theExportVerifiesOfflineAndIsItselfInTheLog() throws IOException {
    var reviewer = token(Role.REVIEWER);
    sign();

    var answer = PAGES.bytes("/v1/audit/export", reviewer);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Audit-Receipt")).isPresent();
    unpack(answer.body());
    assertThat(verify()).isZero();
    assertThat(Files.readString(folder.resolve("checkpoint")))
        .startsWith(LOGS.origin(ORGANIZATION) + "\n");
    assertThat(actions()).contains("export.started", "export.finished");
  }

  @Test
  void theCheckpointIsWhatTheSignerSigned() throws IOException {
    var reviewer = token(Role.REVIEWER);
    sign();

    var answer = PAGES.get("/v1/audit/checkpoint", reviewer);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith(LOGS.origin(ORGANIZATION) + "\n").contains("\u2014 ");
  }

  @Test
  void nobodyButAReviewerGetsIt() {
    for (var role : new Role[] {Role.MANAGER, Role.OWNER, Role.ENGINEER, Role.BILLING}) {
      assertThat(PAGES.get("/v1/audit/export", token(role)).statusCode()).isEqualTo(403);
      assertThat(PAGES.get("/v1/audit/checkpoint", token(role)).statusCode()).isEqualTo(403);
    }
    assertThat(PAGES.get("/v1/audit/export", Pass.none()).statusCode()).isEqualTo(401);
  }

  private static void sign() throws IOException {
    var memory = Files.createTempFile("signer", ".memory");
    new Sequencer(WORLD.database().as(DatabaseRole.AUDIT_SEQUENCER)).runOnce();
    try (var signer =
        Signer.open(
            WORLD.database().as(DatabaseRole.AUDIT_SIGNER),
            SEED,
            memory,
            LOGS,
            Clock.systemUTC())) {
      assertThat(signer.runOnce().refused()).isEmpty();
    } finally {
      Files.delete(memory);
    }
  }

  private void unpack(byte[] bytes) throws IOException {
    try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var file = folder.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }

  private int verify() throws IOException {
    var key = folder.resolve("key");
    Files.writeString(key, LOGS.publicKey(SEED, ORGANIZATION));
    var print = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    return AuditVerify.run(
        Clock.systemUTC(), print, print, folder.toString(), "--key", key.toString());
  }

  private static java.util.Set<String> actions() {
    return java.util.Set.copyOf(
        WORLD
            .superuser()
            .sql("select action from audit.entry where org_id = :org")
            .param("org", ORGANIZATION)
            .query((row, _) -> row.getString(1))
            .list());
  }

  private static Pass token(Role role) {
    var person =
        WORLD.person(ORGANIZATION, null, "Some %s %s".formatted(role, UUID.randomUUID()), role);
    return Pass.token(WORLD.secret(ORGANIZATION, person, CredentialKind.API));
  }
}
