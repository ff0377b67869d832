// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.SigningKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A witness that a customer runs: it checks an export against everything it has seen before,
/// remembers its checkpoint, and only then signs it with the time (C2SP tlog-cosignature).
///
/// Exit codes are those of [AuditVerify]; a signature is printed for 0 only.
public final class AuditWitness {
  private static final String USAGE =
      """
      Usage: WITNESS_KEY=... audit-witness EXPORT --key FILE --memory FOLDER --name NAME
        EXPORT       the unpacked folder of an export
        --key        the log's public key
        --memory     a folder of the witness, empty the first time
        --name       the name it signs under, such as witness.example.org
        WITNESS_KEY  its 32 random bytes: openssl rand -base64 32
      Prints the checkpoint with the witness's signature; the report goes to standard error.\
      """;

  private AuditWitness() {}

  static void main(String[] arguments) {
    System.exit(run(System.getenv(), Clock.systemUTC(), System.out, System.err, arguments));
  }

  /// Checks, remembers, signs, and gives the exit code.
  public static int run(
      Map<String, String> environment,
      Clock clock,
      PrintStream out,
      PrintStream err,
      String... arguments) {
    var words = List.of(arguments);
    if (words.size() != 7
        || !words.get(1).equals("--key")
        || !words.get(3).equals("--memory")
        || !words.get(5).equals("--name")
        || !Files.isDirectory(Path.of(words.get(4)))) {
      err.println(USAGE);
      return 2;
    }
    try {
      var key = SigningKey.of(environment.getOrDefault("WITNESS_KEY", ""));
      return run(key, words, clock, out, err);
    } catch (IllegalArgumentException unfit) {
      err.println("WITNESS_KEY: " + unfit.getMessage());
      return 2;
    } catch (IOException failed) {
      err.println("Nothing was signed: " + failed.getMessage());
      return 3;
    }
  }

  private static int run(
      SigningKey key, List<String> words, Clock clock, PrintStream out, PrintStream err)
      throws IOException {
    var memory = Path.of(words.get(4));
    var seen = Files.createDirectories(memory.resolve("seen"));
    // Two at once could each see the old state and sign what contradicts the other.
    try (var channel =
            FileChannel.open(
                memory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      var check = new ArrayList<>(words.subList(0, 3));
      if (hasSeenAny(seen)) {
        check.add("--pins");
        check.add(seen.toString());
      }
      var code = AuditVerify.run(clock, err, err, check.toArray(String[]::new));
      if (code == 0 && lock.isValid()) {
        var note = Note.parse(Files.readAllBytes(Path.of(words.getFirst(), "checkpoint")));
        remember(memory, note);
        out.print(key.cosign(note, words.get(6), clock.instant()));
      }
      return code;
    }
  }

  private static boolean hasSeenAny(Path seen) throws IOException {
    try (var files = Files.list(seen)) {
      return files.findAny().isPresent();
    }
  }

  private static void remember(Path memory, Note note) throws IOException {
    var size = Checkpoint.parse(note.text()).size();
    var beside = Files.createTempFile(memory, "seen", ".new");
    Files.writeString(beside, note.toString());
    try (var written = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(
        beside,
        memory.resolve("seen").resolve(Long.toString(size)),
        StandardCopyOption.ATOMIC_MOVE);
  }
}
