// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.merkle.Frontier;
import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.Note;
import io.sourceblind.db.DatabaseRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignerIT {
  private final UUID ours = UUID.randomUUID();
  private final UUID theirs = UUID.randomUUID();
  private Ledger ledger;

  @TempDir private Path folder;

  @BeforeEach
  void start() {
    ledger = new Ledger();
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void everyLogThatHasGrownGetsACheckpointThatItsKeyHasSigned() {
    ledger.append(ours, 3);
    ledger.append(theirs, 1);
    ledger.sequencer.runOnce();

    try (var signing = ledger.signing(folder)) {
      assertThat(signing.signer().runOnce().refused()).isEmpty();

      var note = Note.parse(ledger.checkpoint(ours).getBytes(UTF_8));
      assertThat(Ledger.KEY.verifier(Ledger.LOGS.origin(ours)).signedAt(note)).isPresent();
      assertThat(Checkpoint.parse(note.text()))
          .isEqualTo(new Checkpoint(Ledger.LOGS.origin(ours), 3, ledger.rootOfLeaves(ours)));
      assertThat(signing.signer().runOnce().signed()).isZero();
    }
  }

  @Test
  void theLogOfTheInstallationHoldsEveryCheckpointUnderABlindedName() throws Exception {
    ledger.append(ours, 3);
    ledger.sequencer.runOnce();
    try (var signing = ledger.signing(folder)) {
      signing.signer().runOnce();
      ledger.sequencer.runOnce();
      signing.signer().runOnce();
    }

    var master =
        ledger
            .superuser
            .sql(
                """
                select convert_from(leaf, 'UTF8')
                  from audit.entry
                 where org_id = :org and action = 'checkpoint.signed'
                """)
            .param("org", Logs.INSTALLATION)
            .query((row, _) -> row.getString(1))
            .single();

    assertThat(master)
        .contains("\"root\":\"" + ledger.rootOfLeaves(ours).base64() + "\"", "\"size\":3")
        .contains("\"target\":\"" + blinded(ours) + "\"")
        .doesNotContain(ours.toString());
    assertThat(ledger.checkpoint(Logs.INSTALLATION)).startsWith("audit.example.com/master\n");
  }

  @Test
  void checkpointsFollowEachOtherWhileTheLogGrows() {
    try (var signing = ledger.signing(folder)) {
      for (var round = 0; round < 40; round++) {
        ledger.append(ours, 1 + round % 13);
        ledger.sequencer.runOnce();
        assertThat(signing.signer().runOnce().refused()).isEmpty();
      }
    }

    assertThat(
            ledger
                .superuser
                .sql("select count(*) from audit.checkpoint where org_id = :org")
                .param("org", ours)
                .query(Long.class)
                .single())
        .isEqualTo(40);
  }

  @Test
  void aRewrittenTreeIsNotSignedEvenAfterARestart() {
    ledger.append(ours, 20);
    ledger.sequencer.runOnce();
    try (var signing = ledger.signing(folder)) {
      signing.signer().runOnce();
    }
    ledger.asIntruder(
        "update audit.leaf set leaf_hash = sha256('other') where idx = 7 and org_id = '%s'"
            .formatted(ours));
    ledger.append(ours, 1);
    ledger.sequencer.runOnce();

    for (var attempt = 0; attempt < 2; attempt++) {
      try (var restarted = ledger.signing(folder)) {
        assertThat(restarted.signer().runOnce().refused())
            .containsExactly(Ledger.LOGS.origin(ours));
      }
    }
    assertThat(ledger.checkpoint(ours)).contains("\n20\n");
  }

  @Test
  void theTwinThatForgetsSignsTheRewrittenTree() throws IOException {
    ledger.append(ours, 20);
    ledger.sequencer.runOnce();
    try (var signing = ledger.signing(folder)) {
      signing.signer().runOnce();
    }
    ledger.asIntruder(
        "update audit.leaf set leaf_hash = sha256('other') where idx = 7 and org_id = '%s'"
            .formatted(ours));
    ledger.append(ours, 1);
    ledger.sequencer.runOnce();
    Files.writeString(Ledger.memoryIn(folder), "");

    try (var forgetful = ledger.signing(folder)) {
      assertThat(forgetful.signer().runOnce().refused()).isEmpty();
    }
    assertThat(ledger.checkpoint(ours)).contains("\n21\n");
  }

  @Test
  void aTreeThatWasCutIsNotSignedAndTheOthersAre() {
    ledger.append(ours, 20);
    ledger.append(theirs, 20);
    ledger.sequencer.runOnce();
    try (var signing = ledger.signing(folder)) {
      signing.signer().runOnce();
      ledger.asIntruder(
          """
          delete from audit.leaf where idx >= 12 and org_id = '%s';
          delete from audit.entry where org_id = '%s' and id not in (select entry_id from audit.leaf)
          """
              .formatted(ours, ours));
      ledger.append(theirs, 1);
      ledger.sequencer.runOnce();

      var round = signing.signer().runOnce();

      assertThat(round.refused()).containsExactly(Ledger.LOGS.origin(ours));
      assertThat(ledger.checkpoint(theirs)).contains("\n21\n");
    }
  }

  @Test
  void aSmallerSizeOrAnotherRootOfTheSameSizeIsRefusedAndStillAfterARestart() {
    var origin = Ledger.LOGS.origin(ours);
    var leaf = Hash.ofLeaf(new byte[] {1});
    var other = Hash.ofLeaf(new byte[] {2});
    var pair = Hash.ofNode(leaf, other);
    try (var signing = ledger.signing(folder)) {
      signing.notary().sign(new Checkpoint(origin, 1, leaf), List.of());
      signing.notary().sign(new Checkpoint(origin, 2, pair), List.of(other));
    }

    for (var attempt = 0; attempt < 2; attempt++) {
      try (var restarted = ledger.signing(folder)) {
        var notary = restarted.notary();
        assertThatThrownBy(() -> notary.sign(new Checkpoint(origin, 1, leaf), List.of()))
            .isInstanceOf(InconsistentLog.class)
            .hasMessageContaining("does not go on from its last checkpoint");
        assertThatThrownBy(() -> notary.sign(new Checkpoint(origin, 2, other), List.of()))
            .isInstanceOf(InconsistentLog.class);
        assertThatThrownBy(() -> notary.sign(new Checkpoint(origin, 3, other), List.of(leaf)))
            .isInstanceOf(InconsistentLog.class);
        // The same again is no contradiction: it may have been lost on its way.
        assertThat(notary.sign(new Checkpoint(origin, 2, pair), List.of()).text())
            .startsWith(origin);
      }
    }
  }

  @Test
  void aCheckpointThatWasLostOnItsWayIsSignedAgain() {
    ledger.append(ours, 5);
    ledger.sequencer.runOnce();
    try (var signing = ledger.signing(folder)) {
      signing
          .notary()
          .sign(new Checkpoint(Ledger.LOGS.origin(ours), 5, ledger.rootOfLeaves(ours)), List.of());

      assertThat(signing.signer().runOnce().refused()).isEmpty();
    }

    assertThat(ledger.checkpoint(ours)).contains("\n5\n");
  }

  /// The tenth attack: it remembers, and is gone before the database knows.
  @Test
  void aSignerThatIsCutOffThirtyTimesNeverContradictsItself() throws IOException {
    amend(
        """
        create function public.cut_off() returns trigger language plpgsql security definer as
          $f$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $f$;
        create trigger cut_off after insert on audit.checkpoint for each row
          when (new.org_id = '%s') execute function public.cut_off()
        """
            .formatted(ours));
    for (var round = 0; round < 30; round++) {
      ledger.append(ours, 1 + round % 7);
      ledger.sequencer.runOnce();
      try (var killed = ledger.signing(folder)) {
        assertThatThrownBy(killed.signer()::runOnce).hasStackTraceContaining("connection");
      }
    }
    amend("drop trigger cut_off on audit.checkpoint");
    ledger.append(ours, 1);
    ledger.sequencer.runOnce();

    try (var signing = ledger.signing(folder)) {
      assertThat(signing.signer().runOnce().refused()).isEmpty();
    }

    var agreedTo =
        Files.readAllLines(Ledger.memoryIn(folder)).stream()
            .filter(line -> line.startsWith(Ledger.LOGS.origin(ours)))
            .toList();
    assertThat(agreedTo).hasSize(31).allSatisfy(line -> assertThat(rootsBySize()).contains(line));
  }

  /// Each size that the log has had, with the root of that many leaves, as the memory writes them.
  private List<String> rootsBySize() {
    var tree = new Frontier();
    return ledger
        .superuser
        .sql("select leaf_hash from audit.leaf where org_id = :org order by idx")
        .param("org", ours)
        .query((row, _) -> row.getBytes(1))
        .stream()
        .map(hash -> {
          tree.add(hash);
          return "%s %d %s".formatted(Ledger.LOGS.origin(ours), tree.size(), tree.root().base64());
        })
        .toList();
  }

  private void amend(String ddl) {
    ledger
        .superuser
        .sql("set sourceblind.amendment = 'test'; " + ddl + "; reset sourceblind.amendment")
        .update();
  }

  @Test
  void aSignerWithoutItsMemoryDoesNotStart() throws IOException {
    try (var signing = ledger.signing(folder)) {
      assertThatThrownBy(() -> SignerMemory.open(Ledger.memoryIn(folder)))
          .hasMessage("Another signer has this memory open");
      assertThat(signing.signer().runOnce().refused()).isEmpty();
    }
    Files.delete(Ledger.memoryIn(folder));

    assertThatThrownBy(() -> SignerMemory.open(Ledger.memoryIn(folder)))
        .hasMessageStartingWith("The signer's memory is missing");
  }

  @Test
  void aLineThatWasCutOffInACrashIsForgottenAndTheRestIsNot() throws IOException {
    var origin = Ledger.LOGS.origin(ours);
    var leaf = Hash.ofLeaf(new byte[] {1});
    try (var signing = ledger.signing(folder)) {
      signing.notary().sign(new Checkpoint(origin, 1, leaf), List.of());
    }
    var memory = Ledger.memoryIn(folder);
    Files.writeString(memory, Files.readString(memory) + origin + " 2 47DE");

    try (var restarted = ledger.signing(folder)) {
      assertThat(restarted.notary().lastSize(origin)).isEqualTo(1);
    }
    assertThat(Files.readString(memory)).endsWith("\n").hasLineCount(1);
  }

  @Test
  void aMemoryThatWasEditedStopsTheSigner() throws IOException {
    Files.writeString(Ledger.memoryIn(folder), "audit.example.com/master many AAAA\n");

    assertThatThrownBy(() -> ledger.signing(folder)).hasMessageContaining("size");
  }

  @Test
  void theMemoryDoesNotGrowForEver() throws IOException {
    var origin = Ledger.LOGS.origin(ours);
    try (var memory = ledger.emptyMemory(folder)) {
      for (var size = 1; size <= 250; size++) {
        memory.keep(new Checkpoint(origin, size, Hash.ofNothing()));
      }
      assertThat(memory.last(origin))
          .hasValueSatisfying(last -> assertThat(last.size()).isEqualTo(250));
    }

    assertThat(Files.readAllLines(Ledger.memoryIn(folder))).hasSizeLessThan(210);
    try (var again = SignerMemory.open(Ledger.memoryIn(folder))) {
      assertThat(again.last(origin)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select leaf from audit.entry",
        "select entry_id from audit.leaf",
        "insert into audit.leaf default values",
        "update audit.checkpoint set size = 1",
        "delete from audit.checkpoint"
      })
  void theSignersRoleReadsNoEntryAndChangesNoTree(String attack) {
    assertThatThrownBy(() ->
            ledger
                .database
                .as(DatabaseRole.AUDIT_SIGNER)
                .withoutTenant(jdbc -> jdbc.sql(attack).query().listOfRows()))
        .hasStackTraceContaining("permission denied");
  }

  private String blinded(UUID organization) throws Exception {
    var salt =
        ledger
            .superuser
            .sql("select salt from audit.blinding where org_id = :org")
            .param("org", organization)
            .query((row, _) -> row.getBytes(1))
            .single();
    var sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(salt);
    return HexFormat.of().formatHex(sha256.digest(organization.toString().getBytes(UTF_8)));
  }
}
