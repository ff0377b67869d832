// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.MalformedNote;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.VerifierKey;
import io.sourceblind.audit.verify.Entries.Pin;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks an export of the audit log, offline.
///
/// Exit codes: 0 good, 1 evidence of tampering, 2 used wrongly, 3 cannot decide. Nothing to check
/// is never 0.
public final class AuditVerify {
  private static final String USAGE =
      """
      Usage: audit-verify EXPORT --key FILE [--pins FOLDER] [--receipts FILE] [--witness FILE]
                          [--siem FILE] [--max-age 90m]
        EXPORT      the unpacked folder of an export
        --key       the log's public key as you were given it once, one a line if it was rotated;
                    on more lines those of the installation's log and of its receipts
        --pins      checkpoints that you kept, one a file
        --receipts  Audit-Receipt headers that you kept, one a line
        --witness   the public key of a witness that must have signed as well
        --siem      OCSF rows that came back from a SIEM, instead of entries.jsonl
        --max-age   how old the checkpoint may be, such as 90m, 24h or 7d
      Exit codes: 0 good, 1 evidence of tampering, 2 used wrongly, 3 cannot decide
      Example: audit-verify export/ --key log.vkey --pins ~/pins --max-age 24h\
      """;

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
  private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

  private record Wanted(
      Path export,
      Path key,
      @Nullable Path pins,
      @Nullable Path receipts,
      @Nullable Path witness,
      @Nullable Path siem,
      @Nullable Duration maxAge) {}

  private final Wanted wanted;
  private final Clock clock;
  private final Verdict verdict = new Verdict();

  private AuditVerify(Wanted wanted, Clock clock) {
    this.wanted = wanted;
    this.clock = clock;
  }

  static void main(String[] arguments) {
    System.exit(run(Clock.systemUTC(), System.out, System.err, arguments));
  }

  /// Checks and reports, and gives the exit code.
  public static int run(Clock clock, PrintStream out, PrintStream err, String... arguments) {
    try {
      var verdict = new AuditVerify(parse(arguments), clock).check();
      verdict.lines().forEach(out::println);
      return verdict.exitCode();
    } catch (UsedWrongly wrong) {
      err.println(wrong.getMessage());
      err.println(USAGE);
      return 2;
    } catch (IOException unreadable) {
      err.println("A file cannot be read, so nothing is decided: " + unreadable.getMessage());
      return 3;
    }
  }

  private static Wanted parse(String... arguments) throws UsedWrongly {
    var options = new HashMap<String, String>();
    var folders = new ArrayList<String>();
    for (var next = 0; next < arguments.length; next++) {
      var argument = arguments[next];
      if (!argument.startsWith("--")) {
        folders.add(argument);
      } else if (!List.of("--key", "--pins", "--receipts", "--witness", "--siem", "--max-age")
              .contains(argument)
          || next + 1 == arguments.length
          || options.put(argument, arguments[++next]) != null) {
        throw new UsedWrongly("An option is not known, is there twice or has no value.");
      }
    }
    var key = path(options.get("--key"));
    if (folders.size() != 1 || key == null) {
      throw new UsedWrongly("One export and --key are needed.");
    }
    return new Wanted(
        Path.of(folders.getFirst()),
        key,
        path(options.get("--pins")),
        path(options.get("--receipts")),
        path(options.get("--witness")),
        path(options.get("--siem")),
        age(options.get("--max-age")));
  }

  private static @Nullable Path path(@Nullable String name) throws UsedWrongly {
    if (name == null) {
      return null;
    }
    if (!Files.exists(Path.of(name))) {
      throw new UsedWrongly("What an option names is not there.");
    }
    return Path.of(name);
  }

  private static @Nullable Duration age(@Nullable String text) throws UsedWrongly {
    if (text == null) {
      return null;
    }
    var match = AGE.matcher(text);
    if (!match.matches()) {
      throw new UsedWrongly("--max-age is a number and m, h or d, such as 90m.");
    }
    var number = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private Verdict check() throws IOException, UsedWrongly {
    var keys = keys(wanted.key());
    var entries = wanted.export().resolve("entries.jsonl");
    var signed = wanted.export().resolve("checkpoint");
    if (!Files.isRegularFile(signed) || (wanted.siem() == null && !Files.isRegularFile(entries))) {
      verdict.undecided("export", "entries.jsonl or checkpoint is missing");
      return verdict;
    }
    try {
      var note = Note.parse(Files.readAllBytes(signed));
      var checkpoint = Checkpoint.parse(note.text());
      var newest = signedByLog(note, checkpoint, keys);
      if (newest.isPresent()) {
        check(checkpoint, newest.get(), entries, keys);
      }
    } catch (MalformedNote malformed) {
      verdict.tampered("checkpoint", String.valueOf(malformed.getMessage()));
    }
    return verdict;
  }

  private void check(Checkpoint checkpoint, Instant newest, Path entries, List<VerifierKey> keys)
      throws IOException, UsedWrongly {
    if (checkpoint.size() == 0) {
      verdict.undecided("checkpoint", "the log is empty: there is nothing to check");
      return;
    }
    var origin = new Origin(checkpoint.origin());
    var pins = pins(checkpoint, keys);
    MasterProof.read(wanted.export().resolve("master"), origin, keys, oldest(), verdict)
        .ifPresent(pins::add);
    var latest = clock.instant().plus(CLOCKS_DIFFER);
    var receipts = KeptReceipts.read(wanted.receipts(), origin, keys, newest, latest, verdict);
    new Entries(
            checkpoint,
            new Tiles(wanted.export().resolve("tile"), checkpoint.size()),
            pins,
            receipts,
            wanted.siem() == null
                ? Openings.read(wanted.export().resolve("private.jsonl"))
                : Openings.notLookedAt(),
            verdict)
        .check(
            wanted.siem() == null
                ? Files.newInputStream(entries)
                : SiemRows.read(wanted.siem(), checkpoint.size(), verdict).lines());
  }

  /// When the checkpoint was the newest, if a key that was given has signed it.
  private Optional<Instant> signedByLog(Note note, Checkpoint checkpoint, List<VerifierKey> keys)
      throws IOException, UsedWrongly {
    verdict.says("log", checkpoint.origin());
    var key = keyOf(note, checkpoint, keys);
    if (key == null) {
      verdict.tampered("checkpoint", "no key that you gave has signed for this log");
      return Optional.empty();
    }
    var at = key.cosigner().signedAt(note);
    verdict.says(
        "checkpoint",
        "size %d, signed with key %s, newest at %s"
            .formatted(checkpoint.size(), key.idWords(), at.map(Instant::toString).orElse("?")));
    if (at.filter(time -> time.isAfter(clock.instant().plus(CLOCKS_DIFFER))).isPresent()) {
      verdict.undecided("checkpoint", "it claims to be from the future");
    }
    if (at.isEmpty()) {
      verdict.undecided("checkpoint", "the log's signature with the time is missing");
    }
    var oldest = oldest();
    if (oldest != null && at.filter(time -> time.isAfter(oldest)).isEmpty()) {
      verdict.undecided(
          "checkpoint", "it is older than you allow; ask for a newer one, and keep both");
    }
    if (wanted.witness() != null) {
      witnessed(note, keys(wanted.witness()));
    }
    return Optional.of(at.orElse(Instant.EPOCH));
  }

  private @Nullable Instant oldest() {
    return wanted.maxAge() == null ? null : clock.instant().minus(wanted.maxAge());
  }

  private void witnessed(Note note, List<VerifierKey> witnesses) {
    for (var witness : witnesses) {
      var at = witness.cosigner().signedAt(note);
      if (at.isEmpty()) {
        verdict.undecided("witness", "%s has not signed".formatted(witness.name()));
      } else {
        verdict.says("witness", "%s has signed at %s".formatted(witness.name(), at.get()));
      }
    }
  }

  private static @Nullable VerifierKey keyOf(
      Note note, Checkpoint checkpoint, List<VerifierKey> keys) {
    for (var key : keys) {
      if (key.name().equals(checkpoint.origin()) && key.signedAt(note).isPresent()) {
        return key;
      }
    }
    return null;
  }

  private List<Pin> pins(Checkpoint checkpoint, List<VerifierKey> keys) throws IOException {
    var pins = new ArrayList<Pin>();
    if (wanted.pins() == null) {
      return pins;
    }
    try (var files = Files.list(wanted.pins())) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        pin(file, checkpoint, keys, pins);
      }
    }
    if (pins.isEmpty()) {
      verdict.undecided("pins", "the folder holds no checkpoint of this log");
    }
    return pins;
  }

  private void pin(Path file, Checkpoint checkpoint, List<VerifierKey> keys, List<Pin> pins)
      throws IOException {
    try {
      var note = Note.parse(Files.readAllBytes(file));
      var pin = Checkpoint.parse(note.text());
      if (!new Origin(checkpoint.origin()).goesOnFrom(new Origin(pin.origin()))) {
        verdict.undecided("pins", "%s is of another log".formatted(file.getFileName()));
      } else if (keyOf(note, pin, keys) == null) {
        verdict.undecided(
            "pins", "%s was signed by no key that you gave".formatted(file.getFileName()));
      } else {
        pins.add(new Pin(file, pin, note.toString(), true));
      }
    } catch (MalformedNote malformed) {
      verdict.undecided("pins", "%s: %s".formatted(file.getFileName(), malformed.getMessage()));
    }
  }

  private static List<VerifierKey> keys(Path file) throws IOException, UsedWrongly {
    try {
      var keys =
          new String(Files.readAllBytes(file), UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .map(VerifierKey::parse)
              .toList();
      if (!keys.isEmpty()) {
        return keys;
      }
    } catch (MalformedNote malformed) {
      throw new UsedWrongly("A key cannot be read: " + malformed.getMessage());
    }
    throw new UsedWrongly("The file has no key in it.");
  }
}
