// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.note.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Receipts that somebody kept, one a line, and which of them a log does not know.
final class KeptReceipts {
  /// How soon an act must be in the tree: before a checkpoint that is this much younger.
  private static final Duration SETTLED = Duration.ofSeconds(60);

  private static final Pattern LINE =
      Pattern.compile(
          "(?:Audit-Receipt: )?([0-9a-f-]{36}) ([0-9a-f]{64})(?: ([0-9T:.-]{19,27}Z) ([A-Za-z0-9+/=]{90,100}))?",
          Pattern.CASE_INSENSITIVE);

  /// What an entry must be: its hash, and when its receipt was handed out.
  private record Kept(String hash, @Nullable Instant at) {}

  private final Map<String, Kept> waiting = new HashMap<>();
  private final Origin origin;
  private final List<VerifierKey> keys;
  private final Instant settled;
  private final Instant latest;
  private long present;

  private KeptReceipts(Origin origin, List<VerifierKey> keys, Instant newest, Instant latest) {
    this.origin = origin;
    this.keys = keys;
    this.settled = newest.minus(SETTLED);
    this.latest = latest;
  }

  /// @param keys every key that was given; without one that signs receipts their signatures are not
  ///   checked
  /// @param newest when the checkpoint was the newest one
  /// @param latest when a receipt can be from at most
  /// @throws UsedWrongly if a line is not a receipt
  static KeptReceipts read(
      @Nullable Path file,
      Origin origin,
      List<VerifierKey> keys,
      Instant newest,
      Instant latest,
      Verdict verdict)
      throws IOException, UsedWrongly {
    var signers = keys.stream().filter(key -> key.name().equals(origin.receipts())).toList();
    var kept = new KeptReceipts(origin, signers, newest, latest);
    if (file != null) {
      for (var line : new String(Files.readAllBytes(file), UTF_8).lines().toList()) {
        kept.add(line.strip(), verdict);
      }
    }
    return kept;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// The hash that the receipt of an entry names, if there is one; it is not looked for again.
  @Nullable String take(String uid) {
    var kept = waiting.remove(uid);
    if (kept == null) {
      return null;
    }
    present++;
    return kept.hash();
  }

  /// Says what was found, and which are missing that are old enough to be there.
  void report(Verdict verdict) {
    var missing =
        waiting.entrySet().stream()
            .filter(kept -> !isYoung(kept.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    var young = waiting.size() - missing.size();
    if (!missing.isEmpty()) {
      verdict.tampered(
          "receipts",
          "%d name an entry that is not there, such as %s"
              .formatted(missing.size(), missing.getFirst()));
    }
    if (present + young > 0) {
      verdict.says(
          "receipts",
          "%d present%s%s"
              .formatted(
                  present,
                  young == 0 ? "" : ", %d younger than this checkpoint".formatted(young),
                  keys.isEmpty()
                      ? "; their signatures were not checked: no key of %s was given"
                          .formatted(origin.receipts())
                      : ", all signed"));
    }
    if (young > 0 && present + missing.size() == 0) {
      verdict.undecided("receipts", "all are younger than this checkpoint: nothing to check");
    }
  }

  private void add(String line, Verdict verdict) throws UsedWrongly {
    var match = LINE.matcher(line);
    if (!match.matches()) {
      throw new UsedWrongly("A receipt is an id, a hash, a time and a signature, one a line.");
    }
    if (!keys.isEmpty()
        && !signed(match.group(1), match.group(2), match.group(3), match.group(4))) {
      verdict.undecided(
          "receipts", "the one for %s is not signed by the key given".formatted(match.group(1)));
      return;
    }
    var other = waiting.put(match.group(1), new Kept(match.group(2), at(match.group(3))));
    if (other != null && !other.hash().equals(match.group(2))) {
      verdict.tampered(
          "receipts", "two receipts for %s contradict each other".formatted(match.group(1)));
    }
  }

  private boolean signed(String uid, String hash, @Nullable String at, @Nullable String signature) {
    var text = "%s\n%s %s %s\n".formatted(origin.name(), uid, hash, at);
    return signature != null && keys.stream().anyMatch(key -> key.signed(text, signature));
  }

  private static @Nullable Instant at(@Nullable String time) throws UsedWrongly {
    try {
      return time == null ? null : Instant.parse(time);
    } catch (DateTimeParseException unreadable) {
      throw new UsedWrongly("A receipt has a time that is none.");
    }
  }

  private boolean isYoung(Kept kept) {
    return kept.at() != null && kept.at().isAfter(settled) && !kept.at().isAfter(latest);
  }
}
