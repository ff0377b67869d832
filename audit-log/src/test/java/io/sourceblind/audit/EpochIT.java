// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.audit.note.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that lost its past can go on, under another name and never in silence.
class EpochIT {
  private final UUID ours = UUID.randomUUID();
  private Ledger ledger;

  @TempDir private Path folder;

  /// The backup is of the moment when there were forty, and twenty of them were pinned.
  @BeforeEach
  void aLogThatLostItsNewestEntriesToAnOldBackup() throws IOException {
    ledger = new Ledger();
    Files.createDirectories(folder.resolve("early"));
    Files.createDirectories(folder.resolve("late"));
    ledger.append(ours, 20);
    sign();
    Files.writeString(folder.resolve("early/20"), ledger.checkpoint(ours));
    ledger.append(ours, 20);
    sign();
    ledger.append(ours, 10);
    sign();
    Files.writeString(folder.resolve("late/50"), ledger.checkpoint(ours));
    ledger.asIntruder(
        "delete from audit.checkpoint where org_id = '%s' and size > 40".formatted(ours),
        "delete from audit.entry where id in (select entry_id from audit.leaf where org_id = '%s' and idx >= 40)"
            .formatted(ours),
        "delete from audit.leaf where org_id = '%s' and idx >= 40".formatted(ours));
    Files.writeString(
        folder.resolve("keys"),
        Ledger.vkey(ours)
            + "\n"
            + Ledger.KEY.verifier(Ledger.LOGS.origin(ours) + "/epoch/2")
            + "\n");
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void theTwinWithoutANewEpochIsNeverSignedAgain() {
    ledger.append(ours, 30);

    assertThat(sign()).containsExactly(Ledger.LOGS.origin(ours));
  }

  @Test
  void aNewEpochIsSignedUnderAnotherNameAndSaysWhatWasLost() throws IOException {
    assertThat(begin()).isEqualTo(2);
    assertThat(sign()).isEmpty();
    ledger.append(ours, 30);
    assertThat(sign()).isEmpty();

    var result = verify("early");

    assertThat(ledger.checkpoint(ours)).startsWith(Ledger.LOGS.origin(ours) + "/epoch/2\n71\n");
    assertThat(result.code()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("epoch 2 began with entry 40 (backup-restored). Signed before: size 50, root ")
        .contains("1 saved checkpoints, 0 contradicted");
  }

  @Test
  void whoeverKeptWhatWasLostStillSeesIt() throws IOException {
    begin();
    sign();

    var shorter = verify("late");
    ledger.append(ours, 30);
    sign();
    var longer = verify("late");

    assertThat(shorter.code()).isEqualTo(1);
    assertThat(shorter.output()).contains("is about 50 entries, and this log has only 41");
    assertThat(longer.code()).isEqualTo(1);
    assertThat(longer.output()).contains("what was signed before is not in this log");
  }

  @Test
  void anEpochOfWhichNoEntryTellsIsAForgery() throws IOException {
    var lines =
        IntStream.range(0, 10)
            .mapToObj(number -> Ledger.entry(ours, number))
            .map(entry -> Leaf.of(UUID.randomUUID(), Instant.now(), entry).bytes())
            .map(bytes -> new String(bytes, UTF_8))
            .toList();
    var honest = Verification.checkpoint(ours, lines);
    var forged = Files.createDirectories(folder.resolve("forged"));
    Files.write(forged.resolve("entries.jsonl"), lines);
    Files.writeString(
        forged.resolve("checkpoint"),
        Ledger.KEY
            .sign(
                new Checkpoint(honest.origin() + "/epoch/2", honest.size(), honest.root()),
                Instant.now())
            .toString());

    var result = run(forged, List.of());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("no entry says why this log began anew");
  }

  @Test
  void whoHasOnlyTheOldKeyIsNotToldThatAllIsWell() throws IOException {
    begin();
    sign();
    Files.writeString(folder.resolve("keys"), Ledger.vkey(ours));

    assertThat(verify("early").code()).isEqualTo(1);
  }

  @Test
  void theNewEpochIsAsStrictAsTheOld() throws IOException {
    begin();
    sign();
    ledger.append(ours, 5);
    sign();
    ledger.asIntruder(
        "update audit.leaf set leaf_hash = sha256('other') where idx = 7 and org_id = '%s'"
            .formatted(ours));
    ledger.append(ours, 1);

    assertThat(sign()).hasSize(1);
  }

  @Test
  void aLogWithoutAPastHasNoneToLose() {
    try (var signing = ledger.signing(folder)) {
      assertThatThrownBy(() -> signing.signer().beginEpoch(UUID.randomUUID(), "why-not"))
          .hasMessageContaining("was never signed");
    }
  }

  private int begin() {
    try (var signing = ledger.signing(folder)) {
      return signing.signer().beginEpoch(ours, "backup-restored");
    }
  }

  private List<String> sign() {
    ledger.newSequencer().runOnce();
    try (var signing = ledger.signing(folder)) {
      return signing.signer().runOnce().refused();
    }
  }

  private Result verify(String pins) throws IOException {
    var export = Files.createTempDirectory(folder, "export");
    ledger.export(ours, export);
    return run(export, List.of("--pins", folder.resolve(pins).toString()));
  }

  private Result run(Path export, List<String> more) {
    return Verification.run(
        Clock.systemUTC(),
        Stream.concat(
                Stream.of(export.toString(), "--key", folder.resolve("keys").toString()),
                more.stream())
            .toArray(String[]::new));
  }
}
