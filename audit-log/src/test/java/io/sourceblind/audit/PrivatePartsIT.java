// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is personal can be erased for good, the log still verifies, and what goes without a word in
/// the log is noticed.
class PrivatePartsIT {
  private static final String ADDRESS = "203.0.113.77";

  private final UUID ours = UUID.randomUUID();
  private final Actor somebody = Actor.person(UUID.randomUUID());
  private Ledger ledger;
  private Receipt receipt;

  @TempDir private Path folder;

  @BeforeEach
  void anEntryWithAnAddress() {
    ledger = new Ledger();
    receipt = append(DatabaseRole.RETENTION);
    sign();
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void anExportOpensWhatWasSealed() throws IOException {
    var export = export();

    assertThat(Files.readString(export.resolve("entries.jsonl")))
        .contains("\"sealed_ip\":\"")
        .doesNotContain(ADDRESS);
    assertThat(Files.readString(export.resolve("private.jsonl")))
        .contains(HexFormat.of().formatHex(ADDRESS.getBytes(UTF_8)));
    assertThat(verify(export).output()).contains("1 parts opened, 0 erased");
    assertThat(verify(export).code()).isZero();
  }

  @Test
  void whatWasErasedIsNowhereAndTheLogStillVerifies() throws IOException {
    erase();
    sign();

    var export = export();
    var result = verify(export);

    assertThat(result.code()).as(result.output()).isZero();
    assertThat(result.output()).contains("0 parts opened, 1 erased");
    assertThat(everything(export)).doesNotContain(ADDRESS, hex(ADDRESS));
  }

  @Test
  void theTwinThatIsNotErasedIsFoundBySuchASearch() throws IOException {
    assertThat(everything(export())).contains(hex(ADDRESS));
  }

  @Test
  void aSaltThatGoesWithoutAnEntryIsNoticed() throws IOException {
    ledger.superuser.sql("delete from audit.private_part").update();

    var result = verify(export());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("can not be opened and no entry says it was erased");
  }

  @Test
  void aValueThatWasExchangedIsNoticed() throws IOException {
    ledger.superuser.sql("update audit.private_part set value = '198.51.100.1'").update();

    var result = verify(export());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("is not what was sealed");
  }

  @Test
  void aLineThatOpensNothingIsNoticed() throws IOException {
    var export = export();
    Files.writeString(
        export.resolve("private.jsonl"),
        Files.readString(export.resolve("private.jsonl")) + "{}\n");

    assertThat(verify(export).code()).isEqualTo(1);
  }

  @Test
  void sameValuesHaveDifferentHashes() {
    append(DatabaseRole.RETENTION);

    assertThat(
            ledger
                .superuser
                .sql(
                    """
                    select count(distinct convert_from(leaf, 'UTF8')::jsonb ->> 'sealed_ip')
                      from audit.entry
                     where org_id = :org
                    """)
                .param("org", ours)
                .query((row, _) -> row.getLong(1))
                .single())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhoManagesOrDeletesPeopleErases(DatabaseRole role) {
    var door = ledger.database.as(role);
    if (role == DatabaseRole.IDENTITY_API || role == DatabaseRole.RETENTION) {
      erase(role);
      assertThat(parts()).isZero();
    } else {
      assertThatThrownBy(() ->
              TenantScope.runAs(
                  Tenant.of(ours),
                  () ->
                      door.inTransaction(
                          jdbc -> ledger.audit.erase(jdbc, ours, receipt.uid(), somebody))))
          .hasStackTraceContaining("permission denied for table private_part");
      assertThat(parts()).isOne();
    }
  }

  private long parts() {
    return ledger
        .superuser
        .sql("select count(*) from audit.private_part")
        .query((row, _) -> row.getLong(1))
        .single();
  }

  private Receipt append(DatabaseRole role) {
    var entry =
        new AuditEntry(ours, somebody, "sign_in.failed", "session", Outcome.DENIED, Map.of());
    return TenantScope.callAs(
        Tenant.of(ours),
        () ->
            ledger
                .database
                .as(role)
                .inTransaction(jdbc -> ledger.audit.append(jdbc, entry, Map.of("ip", ADDRESS))));
  }

  private void erase() {
    erase(DatabaseRole.IDENTITY_API);
  }

  private void erase(DatabaseRole role) {
    TenantScope.runAs(
        Tenant.of(ours),
        () ->
            ledger
                .database
                .as(role)
                .inTransaction(jdbc -> ledger.audit.erase(jdbc, ours, receipt.uid(), somebody)));
  }

  private void sign() {
    ledger.sequencer.runOnce();
    try (var signing = ledger.signing(folder)) {
      signing.signer().runOnce();
    }
  }

  private Path export() throws IOException {
    var export = Files.createTempDirectory(folder, "export");
    ledger.export(ours, export);
    return export;
  }

  private Result verify(Path export) throws IOException {
    var key = folder.resolve("key");
    Files.writeString(key, Ledger.vkey(ours));
    return Verification.run(Clock.systemUTC(), export.toString(), "--key", key.toString());
  }

  /// Every row of every table of the log, and every byte of the export.
  private String everything(Path export) throws IOException {
    var all = new StringBuilder();
    for (var table :
        new String[] {"entry", "leaf", "node", "checkpoint", "blinding", "private_part"}) {
      ledger
          .superuser
          .sql("select t::text from audit.%s t".formatted(table))
          .query((row, _) -> row.getString(1))
          .list()
          .forEach(all::append);
    }
    try (var files = Files.walk(export)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        all.append(
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
