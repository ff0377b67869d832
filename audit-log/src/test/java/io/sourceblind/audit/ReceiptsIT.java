// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.audit.Verification.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A receipt that was kept is held against an export that was made later.
class ReceiptsIT {
  private static final UUID OURS = UUID.randomUUID();

  @TempDir private static Path base;
  private static List<Receipt> receipts = List.of();

  @TempDir private Path folder;

  @BeforeAll
  static void anExportAndItsKeys() throws IOException {
    try (var ledger = new Ledger();
        var signing = ledger.signing(base)) {
      receipts = ledger.append(OURS, 5);
      ledger.sequencer.runOnce();
      signing.signer().runOnce();
      ledger.export(OURS, Files.createDirectories(base.resolve("export")));
    }
    Files.writeString(
        base.resolve("keys"), Ledger.vkey(OURS) + "\n" + Ledger.RECEIPTS.publicKey() + "\n");
  }

  @AfterAll
  static void nothingIsLeft() {
    receipts = List.of();
  }

  @Test
  void aReceiptThatIsSignedAndInTheLogIsGood() throws IOException {
    var result = verify(line(receipts.getFirst()), "Audit-Receipt: " + line(receipts.getLast()));

    assertThat(result.code()).as(result.output()).isZero();
    assertThat(result.output()).contains("2 present, all signed");
  }

  @Test
  void aReceiptForAnActThatIsNotInTheLogIsEvidence() throws IOException {
    var hourAgo = Instant.now().minus(Duration.ofHours(1));
    var swallowed = new Receipt(UUID.randomUUID(), "0".repeat(64), hourAgo);

    var result = verify(line(swallowed));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output())
        .contains("1 name an entry that is not there, such as " + swallowed.uid());
  }

  @Test
  void aReceiptThatIsYoungerThanTheCheckpointWaitsForALaterExport() throws IOException {
    var young = new Receipt(UUID.randomUUID(), "0".repeat(64), Instant.now());

    var alone = verify(line(young));
    var amongOthers = verify(line(young), line(receipts.getFirst()));

    assertThat(alone.code()).as(alone.output()).isEqualTo(3);
    assertThat(amongOthers.code()).as(amongOthers.output()).isZero();
    assertThat(amongOthers.output()).contains("1 present, 1 younger than this checkpoint");
  }

  @Test
  void aReceiptFromTheFutureIsNotYoung() throws IOException {
    var tomorrow = Instant.now().plus(Duration.ofDays(1));

    var result = verify(line(new Receipt(UUID.randomUUID(), "0".repeat(64), tomorrow)));

    assertThat(result.code()).isEqualTo(1);
  }

  @Test
  void whatTheServiceDidNotSignIsNotDecided() throws IOException {
    var line = line(receipts.getFirst());
    var ofAnother = Ledger.RECEIPTS.line(UUID.randomUUID(), receipts.getFirst());
    var unsigned = receipts.getFirst().uid() + " " + receipts.getFirst().leafHash();

    assertThat(verify(line.replace(receipts.getFirst().leafHash(), "0".repeat(64))).code())
        .isEqualTo(3);
    assertThat(verify(ofAnother).code()).isEqualTo(3);
    assertThat(verify(unsigned).code()).isEqualTo(3);
    assertThat(verify(line).code()).isZero();
  }

  @Test
  void withoutTheKeyNothingIsSaidOfSignatures() throws IOException {
    Files.writeString(folder.resolve("receipts"), line(receipts.getFirst()));
    Files.writeString(folder.resolve("key"), Ledger.vkey(OURS));

    var result =
        Verification.run(
            Clock.systemUTC(),
            base.resolve("export").toString(),
            "--key",
            folder.resolve("key").toString(),
            "--receipts",
            folder.resolve("receipts").toString());

    assertThat(result.code()).isZero();
    assertThat(result.output())
        .contains("signatures were not checked: no key of audit.example.com/receipts was given");
  }

  private static String line(Receipt receipt) {
    return Ledger.RECEIPTS.line(OURS, receipt);
  }

  private Result verify(String... lines) throws IOException {
    var file = folder.resolve("receipts");
    Files.write(file, List.of(lines));
    return Verification.run(
        Clock.systemUTC(),
        base.resolve("export").toString(),
        "--key",
        base.resolve("keys").toString(),
        "--receipts",
        file.toString());
  }
}
