// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.merkle.Frontier;
import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.verify.AuditVerify;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/// Runs the offline verifiers, and forges what they are given.
final class Verification {
  private Verification() {}

  record Result(int code, String output) {}

  static Result run(Clock clock, String... arguments) {
    var output = new ByteArrayOutputStream();
    var print = new PrintStream(output, true, UTF_8);
    var code = AuditVerify.run(clock, print, print, arguments);
    return new Result(code, output.toString(UTF_8));
  }

  static boolean hasPythonAndOpenssl() {
    return starts("python3", "--version") && starts("openssl", "version");
  }

  static Result python(Path export, Path key, List<Path> pins)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add("python3");
    command.add(Path.of("../audit-verify/audit_verify.py").toAbsolutePath().toString());
    command.add(export.toString());
    command.add(key.toString());
    pins.forEach(pin -> command.add(pin.toString()));
    return run(command);
  }

  private static boolean starts(String... command) {
    try {
      return run(List.of(command)).code() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Result run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), output);
  }

  static Checkpoint checkpoint(UUID organization, List<String> leaves) {
    var tree = new Frontier();
    leaves.forEach(leaf -> tree.add(Hash.ofLeaf(leaf.getBytes(UTF_8)).bytes()));
    return new Checkpoint(Ledger.LOGS.origin(organization), tree.size(), tree.root());
  }

  /// What somebody could sign who has stolen the key.
  static Note signed(UUID organization, List<String> leaves) {
    return Ledger.KEY.sign(checkpoint(organization, leaves), Instant.now());
  }

  static Path copy(Path from, Path to) throws IOException {
    FileSystemUtils.copyRecursively(from, to);
    return to;
  }

  static void delete(Path folder) throws IOException {
    FileSystemUtils.deleteRecursively(folder);
  }
}
