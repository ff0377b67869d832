// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.SigningKey;
import io.sourceblind.audit.verify.AuditWitness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessIT {
  private static final UUID OURS = UUID.randomUUID();
  private static final String SEED = "ABEiM0RVZneImaq7zN3u/wEjRWeJq83vAkaKzhNXm98=";
  private static final String NAME = "witness.example.org";

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("memory"));
    Files.writeString(folder.resolve("key"), Ledger.vkey(OURS));
  }

  @Test
  void aLogThatGoesOnIsSignedEachTime() throws IOException {
    var first = witness(export("first", leaves(10, "thing")));
    var second = witness(export("second", leaves(20, "thing")));

    assertThat(first.code()).isZero();
    assertThat(second.code()).isZero();
    assertThat(
            SigningKey.of(SEED)
                .verifier(NAME)
                .cosigner()
                .signedAt(Note.parse(second.output().getBytes(UTF_8))))
        .isPresent();
  }

  @Test
  void aLogThatWasRewrittenOrCutIsNeverSigned() throws IOException {
    witness(export("first", leaves(20, "thing")));

    var rewritten = witness(export("rewritten", leaves(30, "other")));
    var cut = witness(export("cut", leaves(15, "thing")));

    assertThat(rewritten.code()).isEqualTo(1);
    assertThat(rewritten.output()).isEmpty();
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.output()).isEmpty();
  }

  @Test
  void theTwinThatForgetsSignsTheRewrittenLog() throws IOException {
    witness(export("first", leaves(20, "thing")));
    Verification.delete(folder.resolve("memory/seen"));

    assertThat(witness(export("rewritten", leaves(30, "other"))).code()).isZero();
  }

  @Test
  void whoeverUsesItWronglyGetsNoSignature() throws IOException {
    var export = export("first", leaves(3, "thing"));

    assertThat(run(Map.of("WITNESS_KEY", SEED), export.toString()).code()).isEqualTo(2);
    assertThat(run(Map.of(), arguments(export)).code()).isEqualTo(2);
    assertThat(run(Map.of("WITNESS_KEY", "hunter2"), arguments(export)).output()).isEmpty();
  }

  private Result witness(Path export) {
    return run(Map.of("WITNESS_KEY", SEED), arguments(export));
  }

  private String[] arguments(Path export) {
    return new String[] {
      export.toString(),
      "--key",
      folder.resolve("key").toString(),
      "--memory",
      folder.resolve("memory").toString(),
      "--name",
      NAME
    };
  }

  private static Result run(Map<String, String> environment, String... arguments) {
    var output = new ByteArrayOutputStream();
    var code =
        AuditWitness.run(
            environment,
            Clock.systemUTC(),
            new PrintStream(output, true, UTF_8),
            new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
            arguments);
    return new Result(code, output.toString(UTF_8));
  }

  private static List<String> leaves(int count, String thing) {
    return IntStream.range(0, count)
        .mapToObj(number ->
            new String(
                    Leaf.of(
                            new UUID(0, number),
                            java.time.Instant.EPOCH,
                            Ledger.entry(OURS, number))
                        .bytes(),
                    UTF_8)
                .replace("thing:", thing + ":"))
        .toList();
  }

  private Path export(String name, List<String> lines) throws IOException {
    var export = Files.createDirectories(folder.resolve(name));
    Files.write(export.resolve("entries.jsonl"), lines);
    Files.writeString(export.resolve("checkpoint"), Verification.signed(OURS, lines).toString());
    return export;
  }
}
