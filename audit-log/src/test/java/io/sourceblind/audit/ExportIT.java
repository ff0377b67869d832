// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the two offline verifiers say to a real export, and to the same export with something done
/// to it. They are two programs: ours, and 40 lines of Python with openssl.
class ExportIT {
  private static final UUID OURS = UUID.randomUUID();
  private static final UUID THEIRS = UUID.randomUUID();

  @TempDir private static Path base;
  private static Ledger ledger;
  private static List<Receipt> receipts = List.of();

  @TempDir private Path folder;

  @BeforeAll
  static void oneLogWithThreePins() throws IOException {
    ledger = new Ledger();
    Files.createDirectories(base.resolve("pins"));
    try (var signing = ledger.signing(base)) {
      for (var round = 0; round < 3; round++) {
        receipts = ledger.append(OURS, 150 + round);
        ledger.append(THEIRS, 3);
        ledger.sequencer.runOnce();
        signing.signer().runOnce();
        Files.writeString(base.resolve("pins/" + round), ledger.checkpoint(OURS));
      }
    }
    ledger.export(OURS, Files.createDirectories(base.resolve("export")));
    Files.writeString(base.resolve("key"), Ledger.vkey(OURS));
  }

  @AfterAll
  static void stop() {
    ledger.close();
  }

  @Test
  void aWholeLogIsGoodForBoth() throws Exception {
    var mine = verify(base.resolve("export"), "--pins", base.resolve("pins").toString());

    assertThat(mine.code()).as(mine.output()).isZero();
    assertThat(mine.output())
        .contains("453 read, 453 rehashed, root MATCHES", "3 saved checkpoints, 0 contradicted")
        .contains("NOT PROVEN")
        .endsWith("RESULT      OK\n");
    assertThat(python(base.resolve("export"), pins()).code()).isZero();
  }

  @Test
  void keptReceiptsAreFound() throws IOException {
    var file = folder.resolve("receipts");
    Files.writeString(
        file, String.join("\n", receipts.stream().map(r -> r.uid() + " " + r.leafHash()).toList()));

    var found = verify(base.resolve("export"), "--receipts", file.toString());
    Files.writeString(file, UUID.randomUUID() + " " + receipts.getFirst().leafHash());
    var missing = verify(base.resolve("export"), "--receipts", file.toString());
    Files.writeString(file, receipts.getFirst().uid() + " " + receipts.getLast().leafHash());
    var other = verify(base.resolve("export"), "--receipts", file.toString());

    Files.writeString(
        file,
        "%s %s\n%s %s"
            .formatted(
                receipts.getFirst().uid(),
                receipts.getLast().leafHash(),
                receipts.getFirst().uid(),
                receipts.getFirst().leafHash()));
    var contradicting = verify(base.resolve("export"), "--receipts", file.toString());

    assertThat(contradicting.output()).contains("contradict each other");
    assertThat(contradicting.code()).isEqualTo(1);
    assertThat(found.code()).isZero();
    assertThat(found.output()).contains("152 present");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.output()).contains("name an entry that is not there");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.output()).contains("is not what its receipt says");
  }

  @Test
  void aByteThatIsFlippedAnywhereIsNeverGood() throws IOException {
    var random = new Random(7);
    var keys = folder.resolve("keys");
    Files.writeString(keys, Ledger.vkey(OURS) + "\n" + Ledger.vkey(Logs.INSTALLATION) + "\n");
    var names = filesOf(base.resolve("export"));

    assertThat(names)
        .contains("entries.jsonl", "checkpoint", "master/leaf.tlog-proof", "tile/1/000.p/1");
    for (var name : names) {
      var original = Files.readAllBytes(base.resolve("export").resolve(name));
      var copy = copy();
      for (var flip = 0; flip < 60 && original.length > 0; flip++) {
        var bytes = original.clone();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(copy.resolve(name), bytes);

        var result = Verification.run(Clock.systemUTC(), copy.toString(), "--key", keys.toString());

        assertThat(result.code()).as(name + "\n" + result.output()).isIn(1, 3);
      }
    }
    assertThat(
            Verification.run(Clock.systemUTC(), copy().toString(), "--key", keys.toString()).code())
        .as("the twin without a flip")
        .isZero();
  }

  private static List<String> filesOf(Path export) throws IOException {
    try (var files = Files.walk(export)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> export.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aTileThatIsCutIsNotGood() throws IOException {
    var copy = copy();
    var tile = copy.resolve("tile/1/000.p/1");
    Files.write(tile, java.util.Arrays.copyOf(Files.readAllBytes(tile), 31));

    assertThat(verify(copy).code()).isEqualTo(1);
  }

  @Test
  void bothAgreeAboutDamageAndNameThePlace() throws Exception {
    var entries = Files.readAllLines(base.resolve("export/entries.jsonl"));
    var edited = copy();
    Files.writeString(
        edited.resolve("entries.jsonl"),
        String.join("\n", entries).replace("\"number\":77,", "\"number\":78,") + "\n");
    var dropped = copy();
    Files.write(dropped.resolve("entries.jsonl"), without(entries, 10));
    var cut = copy();
    Files.write(cut.resolve("entries.jsonl"), entries.subList(0, 400));
    var added = copy();
    Files.write(
        added.resolve("entries.jsonl"), Stream.concat(entries.stream(), Stream.of("{}")).toList());
    var resized = copy();
    Files.writeString(
        resized.resolve("checkpoint"),
        Files.readString(resized.resolve("checkpoint")).replace("\n453\n", "\n400\n"));

    assertThat(verify(edited).output()).contains("entry 77 is not what was put into the tree");
    assertThat(verify(dropped).output()).contains("entry 10 is not what was put into the tree");
    assertThat(verify(cut).output()).contains("is about 453 entries and there are 400");
    assertThat(verify(added).output()).contains("there is more behind the last entry");
    assertThat(verify(resized).output()).contains("does not fit the text");
    for (var bad : List.of(edited, dropped, cut, added, resized)) {
      assertThat(verify(bad).code()).isEqualTo(1);
      assertThat(python(bad, List.of()).code()).isEqualTo(1);
    }
  }

  @Test
  void aLogThatContradictsAPinShowsBothNotes() throws Exception {
    // As if everything had been rewritten from entry 160 on and signed by whoever has the key.
    var lines = Files.readAllLines(base.resolve("export/entries.jsonl"));
    lines.set(160, lines.get(160).replace("thing:10", "thing:11"));
    var forged = folder.resolve("forged");
    Files.createDirectories(forged);
    Files.write(forged.resolve("entries.jsonl"), lines);
    Files.writeString(forged.resolve("checkpoint"), Verification.signed(OURS, lines).toString());

    var without = verify(forged);
    var with = verify(forged, "--pins", base.resolve("pins").toString());

    assertThat(without.code()).as("nobody can tell without a pin").isZero();
    assertThat(with.code()).isEqualTo(1);
    assertThat(with.output())
        .contains("what was signed before is not in this log")
        .contains("The first entry that differs is one from 150 to 300")
        .contains("audit.example.com/org/" + OURS);
    assertThat(python(forged, pins()).code()).isEqualTo(1);
  }

  @Test
  void aShorterLogThanAPinIsEvidence() throws Exception {
    var lines = Files.readAllLines(base.resolve("export/entries.jsonl")).subList(0, 200);
    var shorter = folder.resolve("shorter");
    Files.createDirectories(shorter);
    Files.write(shorter.resolve("entries.jsonl"), lines);
    Files.writeString(shorter.resolve("checkpoint"), Verification.signed(OURS, lines).toString());

    var result = verify(shorter, "--pins", base.resolve("pins").toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("and this log has only 200");
    assertThat(python(shorter, pins()).code()).isEqualTo(1);
  }

  @Test
  void theExportOfAnotherOrganizationIsNotGoodUnderOurKey() throws Exception {
    var theirs = Files.createDirectories(folder.resolve("theirs"));
    ledger.export(THEIRS, theirs);
    var mixed = copy();
    Files.copy(
        theirs.resolve("checkpoint"),
        mixed.resolve("checkpoint"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThat(verify(theirs).code()).isEqualTo(1);
    assertThat(verify(theirs).output()).contains("no key that you gave has signed for this log");
    assertThat(verify(mixed).code()).isEqualTo(1);
    assertThat(python(theirs, List.of()).code()).isEqualTo(1);
  }

  @Test
  void entriesOfAnotherOrganizationAreNoticedEvenIfTheyAreSigned() throws Exception {
    var lines = Files.readAllLines(base.resolve("export/entries.jsonl"));
    lines.replaceAll(line -> line.replace(OURS.toString(), THEIRS.toString()));
    var forged = Files.createDirectories(folder.resolve("forged"));
    Files.write(forged.resolve("entries.jsonl"), lines);
    Files.writeString(forged.resolve("checkpoint"), Verification.signed(OURS, lines).toString());

    var result = verify(forged);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("entry 0 is of another organization");
  }

  @Test
  void aVersionThatIsNotKnownIsNotDecided() throws Exception {
    var lines = Files.readAllLines(base.resolve("export/entries.jsonl"));
    lines.replaceAll(line -> line.replace("\"v\":1}", "\"v\":2}"));
    var newer = Files.createDirectories(folder.resolve("newer"));
    Files.write(newer.resolve("entries.jsonl"), lines);
    Files.writeString(newer.resolve("checkpoint"), Verification.signed(OURS, lines).toString());

    assertThat(verify(newer).code()).isEqualTo(3);
  }

  @Test
  void nothingToCheckIsNeverGood() throws Exception {
    var empty = Files.createDirectories(folder.resolve("empty"));
    var ofNothing = Files.createDirectories(folder.resolve("nothing"));
    Files.writeString(ofNothing.resolve("entries.jsonl"), "");
    Files.writeString(
        ofNothing.resolve("checkpoint"), Verification.signed(OURS, List.of()).toString());

    assertThat(verify(empty).code()).isEqualTo(3);
    assertThat(verify(ofNothing).code()).isEqualTo(3);
    assertThat(python(empty, List.of()).code()).isEqualTo(3);
    assertThat(python(ofNothing, List.of()).code()).isEqualTo(3);
  }

  @Test
  void anOldCheckpointIsStaleAndAFreshOneIsNot() {
    var export = base.resolve("export");
    var later = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));

    var fresh = verify(export, "--max-age", "24h");
    var stale =
        Verification.run(
            later, export.toString(), "--key", base.resolve("key").toString(), "--max-age", "24h");

    var earlier =
        Verification.run(
            Clock.offset(Clock.systemUTC(), Duration.ofHours(-2)),
            export.toString(),
            "--key",
            base.resolve("key").toString());

    assertThat(earlier.code()).isEqualTo(3);
    assertThat(earlier.output()).contains("from the future");
    assertThat(fresh.code()).isZero();
    assertThat(stale.code()).isEqualTo(3);
    assertThat(stale.output()).contains("older than you allow");
  }

  @Test
  void aWitnessThatIsDemandedMustHaveSigned() throws Exception {
    var witness = SigningKey.of("ABEiM0RVZneImaq7zN3u/wEjRWeJq83vAkaKzhNXm98=");
    var key = folder.resolve("witness.vkey");
    Files.writeString(key, witness.verifier("witness.example.org").toString());
    var witnessed = copy();
    var note =
        io.sourceblind.audit.note.Note.parse(Files.readAllBytes(witnessed.resolve("checkpoint")));
    Files.writeString(
        witnessed.resolve("checkpoint"),
        witness.cosign(note, "witness.example.org", Instant.now()).toString());

    assertThat(verify(base.resolve("export"), "--witness", key.toString()).code()).isEqualTo(3);
    assertThat(verify(witnessed, "--witness", key.toString()).code()).isZero();
    assertThat(python(witnessed, List.of()).code()).isZero();
  }

  @Test
  void afterAKeyIsRotatedBothAreGoodAndAnUnlistedOneIsNot() throws Exception {
    var next = SigningKey.of("ABEiM0RVZneImaq7zN3u/wEjRWeJq83vAkaKzhNXm98=");
    var lines = Files.readAllLines(base.resolve("export/entries.jsonl"));
    var rotated = copy();
    var checkpoint = Verification.checkpoint(OURS, lines);
    Files.writeString(
        rotated.resolve("checkpoint"), next.sign(checkpoint, Instant.now()).toString());
    var both = folder.resolve("both");
    Files.writeString(both, Ledger.vkey(OURS) + "\n" + next.verifier(checkpoint.origin()) + "\n");

    assertThat(
            Verification.run(
                    Clock.systemUTC(),
                    rotated.toString(),
                    "--key",
                    both.toString(),
                    "--pins",
                    base.resolve("pins").toString())
                .code())
        .isZero();
    assertThat(verify(rotated).code()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "EXPORT",
        "EXPORT --key",
        "EXPORT --key KEY --key KEY",
        "EXPORT EXPORT --key KEY",
        "EXPORT --key /no/such/file",
        "EXPORT --key KEY --pins /no/such/folder",
        "EXPORT --key KEY --max-age soon",
        "EXPORT --key KEY --no-such-option x",
        "EXPORT --key EXPORT/entries.jsonl"
      })
  void whateverIsUsedWronglySaysHowToUseIt(String arguments) {
    var words =
        arguments
            .replace("EXPORT", base.resolve("export").toString())
            .replace("KEY", base.resolve("key").toString());

    var result =
        Verification.run(Clock.systemUTC(), words.isEmpty() ? new String[0] : words.split(" "));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.output()).contains("Usage: audit-verify");
  }

  @Test
  @Timeout(10)
  void whatIsNoExportAtAllIsRefusedWithAReasonAndSoon() throws Exception {
    var note = Files.readString(base.resolve("export/checkpoint"));
    var signature = note.substring(note.indexOf('\u2014'));
    for (var bad :
        List.of(
            "",
            note + note,
            note.replace("\n", "\r\n"),
            "\uFEFF" + note,
            note + signature.repeat(9))) {
      var copy = copy();
      Files.writeString(copy.resolve("checkpoint"), bad);

      assertThat(verify(copy).code()).isEqualTo(1);
    }
    for (var bad :
        List.of("{\"a\":1,\"a\":2}\n", "x".repeat(70_000) + "\n", "\n", "{}", "\u0000\u0001\n")) {
      var copy = copy();
      Files.writeString(copy.resolve("entries.jsonl"), bad);
      Verification.delete(copy.resolve("tile"));

      assertThat(verify(copy).code()).isEqualTo(1);
    }
  }

  @Test
  void nothingIsExportedBeforeItIsSigned() {
    assertThatThrownBy(() -> ledger.export(UUID.randomUUID(), folder))
        .hasMessageContaining("has been signed yet");
  }

  @Test
  void tilesAreThoseOfTheSpecification() throws Exception {
    var tile = Files.readAllBytes(base.resolve("export/tile/0/000"));
    var partial = Files.readAllBytes(base.resolve("export/tile/0/001.p/197"));
    var above = Files.readAllBytes(base.resolve("export/tile/1/000.p/1"));

    assertThat(tile).hasSize(256 * 32);
    assertThat(partial).hasSize(197 * 32);
    assertThat(above).hasSize(32);
    assertThat(
            Checkpoint.parse(
                    Verification.checkpoint(
                            OURS, Files.readAllLines(base.resolve("export/entries.jsonl")))
                        .body())
                .size())
        .isEqualTo(256 + 197);
  }

  private Result verify(Path export, String... more) {
    return Verification.run(
        Clock.systemUTC(),
        Stream.concat(
                Stream.of(export.toString(), "--key", base.resolve("key").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static Result python(Path export, List<Path> pins) throws Exception {
    assumeTrue(Verification.hasPythonAndOpenssl(), "python3 or openssl is not on this machine");
    return Verification.python(export, base.resolve("key"), pins);
  }

  private static List<Path> pins() {
    return List.of(base.resolve("pins/0"), base.resolve("pins/1"), base.resolve("pins/2"));
  }

  private Path copy() throws IOException {
    return Verification.copy(base.resolve("export"), Files.createTempDirectory(folder, "copy"));
  }

  private static List<String> without(List<String> lines, int index) {
    return Stream.concat(
            lines.subList(0, index).stream(), lines.subList(index + 1, lines.size()).stream())
        .toList();
  }
}
