// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After somebody is erased, neither the database nor anything that leaves it knows their name,
/// mail address or IP; and the log verifies as before.
class ErasureIT {
  private static final String NAME = "Wilhelmina Quastenflosser";
  private static final String MAIL = "wilhelmina.quastenflosser@example.com";
  private static final String IP = "203.0.113.77";
  private static final String OTHER_IP = "198.51.100.4";

  private final UUID ours = UUID.randomUUID();
  private final UUID person = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();
  private final Actor manager = Actor.person(UUID.randomUUID());
  private final List<UUID> theirs = new ArrayList<>();
  private Ledger ledger;

  @TempDir private Path folder;

  @BeforeEach
  void somebodyWithATrail() {
    ledger = new Ledger();
    ledger
        .superuser
        .sql(
            """
            insert into identity.organization (id, name, ref_key)
            values (:org, 'Example Works', sha256('x'))
            """)
        .param("org", ours)
        .update();
    ledger
        .superuser
        .sql(
            """
            insert into identity.person (org_id, id, name, email, role)
            values (:org, :person, :name, :mail, 'engineer')
            """)
        .param("org", ours)
        .param("person", person)
        .param("name", NAME)
        .param("mail", MAIL)
        .update();
    // What they did, what was done about them, and what somebody else did.
    theirs.add(
        append("sign_in.failed", Actor.person(person), "session", Map.of("ip", IP, "mail", MAIL)));
    theirs.add(append("sign_in.done", Actor.person(person), "session", Map.of("ip", IP)));
    theirs.add(
        append("person.invited", manager, person.toString(), Map.of("mail", MAIL, "name", NAME)));
    append("sign_in.done", Actor.person(other), "session", Map.of("ip", OTHER_IP));
    append("own.read", Actor.person(person), "own-page", Map.of());
    sign();
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void whoWasErasedIsNowhereAndTheLogStillVerifies() throws IOException {
    Files.createDirectories(folder.resolve("pins"));
    Files.writeString(folder.resolve("pins/before"), ledger.checkpoint(ours));

    assertThat(erase()).as("entries").isEqualTo(3);
    sign();
    var export = export();
    var result = verify(export);

    assertThat(result.code()).as(result.output()).isZero();
    assertThat(result.output()).contains("1 parts opened, 5 erased", "1 saved checkpoints, 0");
    assertThat(leaves()).isNotEmpty();
    for (var everything : List.of(leaves(), dump(), exported(export), siem())) {
      assertThat(everything).doesNotContain(traces());
    }
    assertThat(exported(export)).as("who was not erased is there").contains(hex(OTHER_IP));
  }

  @Test
  void theTwinThatOnlyDeletesThePersonIsFoundInDumpAndExport() throws IOException {
    forgetPerson();

    assertThat(dump()).contains(hex(MAIL), hex(IP), hex(NAME));
    assertThat(exported(export())).contains(hex(MAIL), hex(IP), hex(NAME));
  }

  @Test
  void noLeafEverHeldThem() {
    assertThat(leaves()).contains("sealed_ip").doesNotContain(traces());
  }

  @Test
  void theSaltsAreGoneAsWellSoNobodyCanGuess() {
    erase();

    // Whoever guesses the address has to hash it with 32 bytes that exist nowhere.
    assertThat(
            ledger
                .superuser
                .sql("select count(*) from audit.private_part where org_id = :org")
                .param("org", ours)
                .query((row, _) -> row.getLong(1))
                .single())
        .isOne();
  }

  private int erase() {
    forgetPerson();
    TenantScope.runAs(
        Tenant.of(ours),
        () ->
            ledger
                .database
                .as(DatabaseRole.IDENTITY_API)
                .inTransaction(jdbc -> {
                  theirs.forEach(entry -> ledger.audit.erase(jdbc, ours, entry, manager));
                  return theirs;
                }));
    return theirs.size();
  }

  private void forgetPerson() {
    ledger.superuser.sql("delete from identity.person where id = :id").param("id", person).update();
  }

  private UUID append(String action, Actor by, String target, Map<String, String> personal) {
    var entry = new AuditEntry(ours, by, action, target, Outcome.DONE, Map.of());
    return ledger.inTransaction(ours, jdbc -> ledger.audit.append(jdbc, entry, personal)).uid();
  }

  private void sign() {
    ledger.newSequencer().runOnce();
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
    return Verification.run(
        Clock.systemUTC(),
        export.toString(),
        "--key",
        key.toString(),
        "--pins",
        folder.resolve("pins").toString());
  }

  private String leaves() {
    return String.join(
        "\n",
        ledger
            .superuser
            .sql("select convert_from(leaf, 'UTF8') from audit.entry")
            .query((row, _) -> row.getString(1))
            .list());
  }

  /// Every row of every table, as a dump has them: text as text, bytes as hex.
  private String dump() {
    var tables =
        ledger
            .superuser
            .sql(
                """
                select format('%I.%I', schemaname, tablename) from pg_tables
                 where schemaname not in ('pg_catalog', 'information_schema')
                """)
            .query((row, _) -> row.getString(1))
            .list();
    var dump = new StringBuilder();
    for (var table : tables) {
      ledger
          .superuser
          .sql("select t::text from %s t".formatted(table))
          .query((row, _) -> row.getString(1))
          .list()
          .forEach(row -> dump.append(row).append('\n'));
    }
    return dump.toString();
  }

  private static String exported(Path export) throws IOException {
    var all = new StringBuilder();
    try (var files = Files.walk(export)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  private String siem() {
    var out = new StringWriter();
    ledger.asReviewer(
        ours,
        jdbc -> {
          for (var form : SiemForm.values()) {
            SiemExport.write(jdbc, ours, form, 0, out);
          }
          return true;
        });
    return out.toString();
  }

  private static List<String> traces() {
    return List.of(NAME, MAIL, IP, hex(NAME), hex(MAIL), hex(IP), NAME.toLowerCase(Locale.ROOT));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
