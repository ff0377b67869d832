// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An export shows that the tree over the trees names its log, and both verifiers check it.
class MasterProofIT {
  private static final UUID OURS = UUID.randomUUID();
  private static final UUID THEIRS = UUID.randomUUID();

  @TempDir private static Path base;
  private static Ledger ledger;

  @TempDir private Path folder;

  @BeforeAll
  static void threeRoundsOfTwoLogs() throws IOException {
    ledger = new Ledger();
    try (var signing = ledger.signing(base)) {
      for (var round = 0; round < 3; round++) {
        ledger.append(OURS, 10);
        ledger.append(THEIRS, 3);
        ledger.sequencer.runOnce();
        signing.signer().runOnce();
      }
    }
    ledger.export(OURS, Files.createDirectories(base.resolve("export")));
    Files.writeString(
        base.resolve("keys"), Ledger.vkey(OURS) + "\n" + Ledger.vkey(Logs.INSTALLATION) + "\n");
  }

  @AfterAll
  static void stop() {
    ledger.close();
  }

  @Test
  void anExportShowsItsPlaceInTheTreeOverTheTrees() throws Exception {
    var mine = verify(base.resolve("export"));

    assertThat(mine.code()).as(mine.output()).isZero();
    assertThat(mine.output())
        .containsPattern("entry \\d+ of \\d+ names this log with its first 20");
    assertThat(python(base.resolve("export")).code()).isZero();
  }

  @Test
  void aLogThatIsRewrittenContradictsTheTreeOverTheTreesThoughNobodyKeptAPin() throws Exception {
    var lines = Files.readAllLines(base.resolve("export/entries.jsonl"));
    lines.set(7, lines.get(7).replace("thing:7", "thing:8"));
    var forged = forged(lines);

    var result = verify(forged);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("what was signed before is not in this log");
    assertThat(python(forged).code()).isEqualTo(1);
  }

  @Test
  void theTwinWithoutTheKeyOfTheTreeOverTheTreesIsFooled() throws Exception {
    var lines = Files.readAllLines(base.resolve("export/entries.jsonl"));
    lines.set(7, lines.get(7).replace("thing:7", "thing:8"));
    Files.writeString(folder.resolve("only"), Ledger.vkey(OURS));

    var result = run(forged(lines), folder.resolve("only"));

    assertThat(result.code()).isZero();
    assertThat(result.output()).contains("not checked: no key of audit.example.com/master");
  }

  @Test
  void aShorterLogThanTheTreeOverTheTreesNamesIsEvidence() throws Exception {
    var forged = forged(Files.readAllLines(base.resolve("export/entries.jsonl")).subList(0, 15));

    assertThat(verify(forged).code()).isEqualTo(1);
    assertThat(python(forged).code()).isEqualTo(1);
  }

  @Test
  void whateverIsDoneToTheProofIsNoticedByBoth() throws Exception {
    var leaf = Files.readString(base.resolve("export/master/leaf"));
    var proof = Files.readString(base.resolve("export/master/leaf.tlog-proof"));
    var salt = Files.readString(base.resolve("export/master/salt"));
    var lines = List.of(proof.split("\n", -1));
    var hash = lines.get(2);

    for (var bad :
        List.of(
            List.of("leaf", leaf.replace("\"size\":20", "\"size\":30")),
            List.of("leaf", ""),
            List.of("salt", salt.replace(salt.charAt(0), salt.charAt(0) == '0' ? '1' : '0')),
            List.of("leaf.tlog-proof", proof.replaceFirst("index \\d+", "index 0")),
            List.of("leaf.tlog-proof", proof.replaceFirst("index \\d+", "index 999999")),
            List.of("leaf.tlog-proof", proof.replace(hash + "\n", "")),
            List.of("leaf.tlog-proof", proof.replace(hash + "\n", hash + "\n" + hash + "\n")),
            List.of("leaf.tlog-proof", proof.replace("/master\n", "/other\n")))) {
      var copy = copy();
      Files.writeString(copy.resolve("master").resolve(bad.getFirst()), bad.getLast());

      assertThat(verify(copy).code()).as(bad.toString()).isEqualTo(1);
      assertThat(python(copy).code()).as(bad.toString()).isEqualTo(1);
    }
  }

  @Test
  void theProofOfAnotherLogIsNotOurs() throws Exception {
    var theirs = Files.createDirectories(folder.resolve("theirs"));
    ledger.export(THEIRS, theirs);
    var copy = copy();
    Verification.delete(copy.resolve("master"));
    Verification.copy(theirs.resolve("master"), copy.resolve("master"));

    var result = verify(copy);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("its leaf is about another log");
    assertThat(python(copy).code()).isEqualTo(1);
  }

  @Test
  void aProofThatIsDemandedAndNotThereIsNotDecided() throws Exception {
    var copy = copy();
    Verification.delete(copy.resolve("master"));

    assertThat(verify(copy).code()).isEqualTo(3);
    assertThat(python(copy).code()).isEqualTo(3);
  }

  @Test
  void aTreeOverTheTreesThatWasSignedTooLongAgoIsStale() throws Exception {
    var copy = copy();
    var proof = Files.readString(copy.resolve("master/leaf.tlog-proof")).split("\n\n", 2);
    var signed = Checkpoint.parse(Note.parse(proof[1].getBytes(UTF_8)).text());
    var old = Ledger.KEY.sign(signed, Instant.now().minus(Duration.ofHours(2)));
    Files.writeString(copy.resolve("master/leaf.tlog-proof"), proof[0] + "\n\n" + old);

    var stale = verify(copy, "--max-age", "90m");

    assertThat(stale.code()).isEqualTo(3);
    assertThat(stale.output()).contains("its checkpoint is older than you allow");
    assertThat(verify(copy, "--max-age", "3h").code()).isZero();
    assertThat(verify(copy).code()).as("the twin that nobody asked for an age").isZero();
    assertThat(verify(base.resolve("export"), "--max-age", "90m").code()).isZero();
  }

  @Test
  void aReviewerSeesOfTheInstallationsLogOnlyTheEntriesThatNameTheirOwn() {
    var seen =
        ledger.asReviewer(
            OURS,
            jdbc ->
                jdbc.sql(
                        """
                        select distinct convert_from(leaf, 'UTF8')::jsonb ->> 'target'
                          from audit.entry where org_id = :installation
                        """)
                    .param("installation", Logs.INSTALLATION)
                    .query((row, _) -> row.getString(1))
                    .list());

    assertThat(seen).hasSize(1);
  }

  private Path forged(List<String> lines) throws IOException {
    var forged = copy();
    Verification.delete(forged.resolve("tile"));
    Files.write(forged.resolve("entries.jsonl"), lines);
    Files.writeString(forged.resolve("checkpoint"), Verification.signed(OURS, lines).toString());
    return forged;
  }

  private Path copy() throws IOException {
    return Verification.copy(base.resolve("export"), Files.createTempDirectory(folder, "copy"));
  }

  private static Result verify(Path export, String... more) {
    return run(export, base.resolve("keys"), more);
  }

  private static Result run(Path export, Path keys, String... more) {
    return Verification.run(
        Clock.systemUTC(),
        Stream.concat(Stream.of(export.toString(), "--key", keys.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private static Result python(Path export) throws Exception {
    assumeThat(Verification.hasPythonAndOpenssl())
        .as("python3 and openssl are on this machine")
        .isTrue();
    return Verification.python(export, base.resolve("keys"), List.of());
  }
}
