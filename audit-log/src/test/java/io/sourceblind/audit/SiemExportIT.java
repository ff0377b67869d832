// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.audit.merkle.Hash;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A copy of the log in somebody else's system can be checked from what that system gives back.
class SiemExportIT {
  private static final UUID OURS = UUID.randomUUID();

  /// No JSON, no leaf, no time, an action that would end a header, and what is not UTF-8.
  private static final List<byte[]> SPOILED =
      List.of(
          "thing".getBytes(UTF_8),
          "{}".getBytes(UTF_8),
          "{\"action\":\"thing.done\",\"at\":\"soon\",\"v\":1}".getBytes(UTF_8),
          "{\"action\":\"thing | done\",\"at\":\"2026-01-01T00:00:00.000000Z\",\"v\":1}"
              .getBytes(UTF_8),
          "{\"action\":\"thing.done\",\"at\":\"2026-01-01T00:00:00.000000Z\",\"target\":\"\u00ff\",\"v\":1}"
              .getBytes(ISO_8859_1));

  @TempDir private static Path base;
  private static Ledger ledger;
  private static List<String> leaves = List.of();

  @TempDir private Path folder;

  @BeforeAll
  static void fortyEntriesAndACheckpoint() throws IOException {
    ledger = new Ledger();
    ledger.append(OURS, 40);
    ledger.sequencer.runOnce();
    try (var signing = ledger.signing(base)) {
      signing.signer().runOnce();
    }
    // Not signed yet, so in no copy.
    ledger.append(OURS, 2);
    ledger.newSequencer().runOnce();
    ledger.export(OURS, Files.createDirectories(base.resolve("export")));
    leaves = Files.readAllLines(base.resolve("export/entries.jsonl"));
    Files.createDirectories(base.resolve("only"));
    Files.copy(base.resolve("export/checkpoint"), base.resolve("only/checkpoint"));
    Files.writeString(base.resolve("key"), Ledger.vkey(OURS));
  }

  @AfterAll
  static void stop() {
    ledger.close();
  }

  @Test
  void everyRowOfOcsfCarriesUidIndexLogAndLeaf() {
    var rows = rows(SiemForm.OCSF, 0);

    assertThat(rows).hasSize(40);
    for (var index = 0; index < rows.size(); index++) {
      var row = Json.of(ledger.superuser, rows.get(index));
      assertThat(row.at("{raw_data}")).isEqualTo(leaves.get(index));
      assertThat(row.at("{metadata,uid}")).isEqualTo(row.ofLeaf("uid"));
      assertThat(row.at("{metadata,sequence}")).isEqualTo(Integer.toString(index));
      assertThat(row.at("{metadata,log_name}")).isEqualTo(Ledger.LOGS.origin(OURS));
      assertThat(row.at("{metadata,tenant_uid}")).isEqualTo(OURS.toString());
      assertThat(row.at("{class_uid}")).isEqualTo("6003");
      assertThat(row.at("{actor,user,uid}")).isEqualTo(row.ofLeaf("actor"));
      assertThat(row.at("{api,operation}")).isEqualTo("thing.done");
      assertThat(row.at("{resources,0,uid}")).isEqualTo("thing:" + index);
    }
  }

  @Test
  void everyLineOfCefCarriesUidIndexLogAndLeaf() {
    var lines = rows(SiemForm.CEF, 0);

    assertThat(lines).hasSize(40);
    for (var index = 0; index < lines.size(); index++) {
      var leaf = leaves.get(index).replace("=", "\\=");
      assertThat(lines.get(index))
          .startsWith("CEF:0|Sourceblind|audit|1|thing.done|thing.done|3|rt=")
          .contains(" cn1Label=index cn1=" + index + " ")
          .contains(" cs1Label=leaf cs1=" + leaf + " ")
          .contains(" cs2Label=log cs2=" + Ledger.LOGS.origin(OURS) + " ")
          .containsPattern(" externalId=[0-9a-f-]{36} ");
    }
  }

  @Test
  void whoeverHasTheFirstAsksForTheRest() {
    assertThat(rows(SiemForm.OCSF, 37)).isEqualTo(rows(SiemForm.OCSF, 0).subList(37, 40));
    assertThat(rows(SiemForm.OCSF, 40)).isEmpty();
  }

  @Test
  void aCopyThatIsWholeIsGoodInAnyOrder() throws IOException {
    var rows = new ArrayList<>(rows(SiemForm.OCSF, 0));
    Collections.shuffle(rows, new Random(3));
    rows.replaceAll(row -> row.replace("\"raw_data\":", "\"raw_data\" : "));
    rows.add(rows.getFirst());

    var result = verify(rows);

    assertThat(result.code()).as(result.output()).isZero();
    assertThat(result.output()).contains("40 read, 40 rehashed, root MATCHES");
  }

  /// The thirtieth attack.
  @Test
  void aRowThatIsDeletedInASiemIsNamed() throws IOException {
    var one = new ArrayList<>(rows(SiemForm.OCSF, 0));
    one.remove(17);
    var several = new ArrayList<>(rows(SiemForm.OCSF, 0));
    several.subList(5, 9).clear();
    several.removeLast();

    assertThat(verify(one).code()).isEqualTo(1);
    assertThat(verify(one).output()).contains("1 of 40 entries are missing: 17");
    assertThat(verify(several).code()).isEqualTo(1);
    assertThat(verify(several).output()).contains("5 of 40 entries are missing: 5 to 8, 39");
  }

  @Test
  void theTwinThatLooksAtTheRowsAloneMissesIt() {
    // What a SIEM can tell by itself: that rows have what rows have, and none is there twice.
    var rows = new ArrayList<>(rows(SiemForm.OCSF, 0));
    rows.remove(17);
    var ids = rows.stream().map(row -> Json.of(ledger.superuser, row).at("{metadata,uid}"));

    assertThat(ids.distinct().count()).isEqualTo(rows.size());
    assertThat(rows).allMatch(row -> row.contains("\"raw_data\":"));
  }

  @Test
  void aRowThatIsEditedOrNumberedAnewOrMadeUpIsNoticed() throws IOException {
    var rows = rows(SiemForm.OCSF, 0);
    var edited = with(rows, 3, rows.get(3).replace("\\\"number\\\":3", "\\\"number\\\":4"));
    var renumbered = with(rows, 3, rows.get(3).replace("\"sequence\":3", "\"sequence\":4"));
    var twice = new ArrayList<>(rows);
    twice.add(rows.get(3).replace("\\\"number\\\":3", "\\\"number\\\":4"));
    var empty = with(rows, 3, "{}");
    var hidden = with(rows, 3, rows.get(3).replace("}", ",\"sequence\":3}"));

    for (var bad : List.of(edited, renumbered, twice, empty, hidden, List.<String>of())) {
      var result = verify(bad);
      assertThat(result.code()).as(result.output()).isEqualTo(1);
    }
  }

  @Test
  void whatLooksLikeAFieldInsideALeafIsNone() {
    var leaf =
        "{\"action\":\"thing.done\",\"at\":\"2026-01-01T00:00:00.000000Z\",\"note\":\"\\\"sequence\\\":9, \\\"raw_data\\\":\\\"x\"}";

    var bytes = leaf.getBytes(UTF_8);
    var row =
        SiemForm.OCSF.row(
            "audit.example.com/org/x", 5, bytes, Hash.ofLeaf(bytes), Clock.systemUTC().instant());

    assertThat(row.split("\"sequence\"", -1)).hasSize(2);
    assertThat(Json.of(ledger.superuser, row).at("{raw_data}")).isEqualTo(leaf);
  }

  @ParameterizedTest
  @EnumSource
  void anEntryThatIsSpoiledOrGoneIsARowThatSaysSoAndTheStreamGoesOn(SiemForm form)
      throws IOException {
    var org = UUID.randomUUID();
    try (var own = new Ledger()) {
      own.append(org, 2);
      for (var spoiled : SPOILED) {
        own.superuser
            .sql(
                """
                insert into audit.entry (entry_uid, org_id, action, leaf)
                values (gen_random_uuid(), :org, 'thing.done', :leaf)
                """)
            .param("org", org)
            .param("leaf", spoiled)
            .update();
      }
      own.append(org, 2);
      own.newSequencer().runOnce();
      own.asIntruder(
          "delete from audit.entry where id = (select entry_id from audit.leaf where org_id = '%s' and idx = 1)"
              .formatted(org));
      try (var signing = own.signing(folder)) {
        signing.signer().runOnce();
      }

      var rows = rows(own, org, form, 0);

      assertThat(rows).hasSize(4 + SPOILED.size());
      for (var index = 0; index < rows.size(); index++) {
        if (index == 0 || index > SPOILED.size() + 1) {
          assertThat(rows.get(index)).contains("thing.done").doesNotContain("log.entry_lost");
        } else {
          assertThat(rows.get(index))
              .contains("log.entry_lost", hashInTree(own, org, index))
              .containsPattern("(\"sequence\":|cn1=)" + index + "\\b")
              .doesNotContain("raw_data", "thing");
        }
      }
    }
  }

  @Test
  void aCopyWithAnEntryThatWasSpoiledIsNotGood() throws IOException {
    var rows = rows(SiemForm.OCSF, 0);
    var leaf = leaves.get(3).getBytes(UTF_8);
    var lost =
        SiemForm.OCSF.row(
            Ledger.LOGS.origin(OURS), 3, null, Hash.ofLeaf(leaf), Clock.systemUTC().instant());

    var result = verify(with(rows, 3, lost));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("1 of 40 entries are missing: 3");
  }

  private static String hashInTree(Ledger own, UUID organization, int index) {
    return own.superuser
        .sql("select encode(leaf_hash, 'hex') from audit.leaf where org_id = :org and idx = :index")
        .param("org", organization)
        .param("index", index)
        .query((row, _) -> row.getString(1))
        .single();
  }

  private static List<String> with(List<String> rows, int index, String other) {
    return IntStream.range(0, rows.size())
        .mapToObj(row -> row == index ? other : rows.get(row))
        .toList();
  }

  private static List<String> rows(SiemForm form, long from) {
    return rows(ledger, OURS, form, from);
  }

  private static List<String> rows(Ledger own, UUID organization, SiemForm form, long from) {
    var out = new StringWriter();
    own.asReviewer(
        organization,
        jdbc -> {
          SiemExport.write(jdbc, organization, form, from, out);
          return true;
        });
    return out.toString().lines().toList();
  }

  private Result verify(List<String> rows) throws IOException {
    var file = folder.resolve("rows.jsonl");
    Files.write(file, rows);
    return Verification.run(
        Clock.systemUTC(),
        base.resolve("only").toString(),
        "--key",
        base.resolve("key").toString(),
        "--siem",
        file.toString());
  }

  /// JSON as Postgres reads it, which is a second opinion.
  private record Json(JdbcClient jdbc, String text) {
    static Json of(JdbcClient jdbc, String text) {
      return new Json(jdbc, text);
    }

    String at(String path) {
      return jdbc.sql("select :text::jsonb #>> :path::text[]")
          .param("text", text)
          .param("path", path)
          .query((row, _) -> String.valueOf(row.getString(1)))
          .single();
    }

    String ofLeaf(String key) {
      return new Json(jdbc, at("{raw_data}")).at("{" + key + "}");
    }
  }
}
