// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `docs/audit.md` do what that page says, as they stand there.
class PaperIT {
  private final UUID ours = UUID.randomUUID();

  @TempDir private Path folder;
  private Path export;

  @BeforeEach
  void anExportOfTwoEntries() throws IOException {
    export = Files.createDirectory(folder.resolve("export"));
    try (var ledger = new Ledger();
        var signing = ledger.signing(folder)) {
      ledger.append(ours, 2);
      ledger.sequencer.runOnce();
      signing.signer().runOnce();
      ledger.export(ours, export);
    }
    Files.writeString(
        export.resolve("keys"), Ledger.vkey(ours) + "\n" + Ledger.vkey(Logs.INSTALLATION) + "\n");
  }

  @Test
  void opensslAndPaperAgreeWithTheCheckpoint() throws Exception {
    var said = run();

    assertThat(said).contains("Signature Verified Successfully");
    assertThat(said.strip()).endsWith(Files.readAllLines(export.resolve("checkpoint")).get(2));
  }

  @Test
  void aCheckpointWithAnotherSizeIsNotSigned() throws Exception {
    var checkpoint = Files.readString(export.resolve("checkpoint"));
    Files.writeString(export.resolve("checkpoint"), checkpoint.replace("\n2\n", "\n3\n"));

    assertThat(run()).doesNotContain("Signature Verified Successfully");
  }

  @Test
  void anEntryThatWasEditedHasAnotherRoot() throws Exception {
    var entries = Files.readString(export.resolve("entries.jsonl"));
    Files.writeString(
        export.resolve("entries.jsonl"), entries.replace("\"number\":1,", "\"number\":2,"));

    assertThat(run().strip())
        .doesNotEndWith(Files.readAllLines(export.resolve("checkpoint")).get(2));
  }

  private String run() throws IOException, InterruptedException {
    var page = Files.readString(Path.of("../docs/audit.md"));
    var from = page.indexOf("# 1. The signature");
    var commands = page.substring(from, page.indexOf("```", from));
    assumeThat(sh("command -v openssl xxd sha256sum > /dev/null && echo there").strip())
        .as("openssl, xxd and sha256sum are on this machine")
        .isEqualTo("there");
    return sh(commands);
  }

  private String sh(String commands) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("sh", "-c", commands)
            .directory(export.toFile())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
