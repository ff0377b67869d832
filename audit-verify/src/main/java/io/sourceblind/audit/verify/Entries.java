// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sourceblind.audit.merkle.Frontier;
import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.note.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Rehashes every leaf of an export, in order, and compares it with all that is known of it.
final class Entries {
  private static final byte[] V = bytes("v");
  private static final byte[] ONE = bytes("1");
  private static final byte[] ORG = bytes("org");
  private static final byte[] UID = bytes("uid");
  private static final byte[] AT = bytes("at");
  private static final byte[] ACTION = bytes("action");
  private static final byte[] TARGET = bytes("target");
  private static final byte[] ERASED = bytes("\"private.erased\"");
  private static final byte[] EXPORT_STARTED = bytes("\"export.started\"");
  private static final byte[] EXPORT_FINISHED = bytes("\"export.finished\"");
  private static final byte[] EPOCH_BEGAN = bytes("\"log.epoch_began\"");
  private static final byte[] HEARTBEAT = bytes("\"log.heartbeat\"");
  private static final byte[] FINGERPRINT = bytes("fingerprint");
  private static final byte[] SEALED = bytes("sealed_");

  private final Checkpoint checkpoint;
  private final Origin origin;
  private final byte[] organization;
  private final Tiles tiles;
  private final List<Pin> pins;
  private final KeptReceipts receipts;
  private final Openings openings;
  private final Verdict verdict;

  private final Frontier tree = new Frontier();
  private final LeafScanner leaf = new LeafScanner();
  private final MessageDigest sha256 = newSha256();
  private final byte[] hash = new byte[Hash.BYTES];

  private final Map<String, Long> erasures = new HashMap<>();
  private final Map<String, String> epochs = new TreeMap<>();
  private final Map<String, String> sealed = new HashMap<>();
  private final Set<String> unfinished = new TreeSet<>();
  private final Set<String> tampered = new HashSet<>();
  private final List<Long> changedGuards = new ArrayList<>();
  private @Nullable String lastFingerprint;
  private @Nullable String lastMinute;
  private byte[] lastMinuteBytes = bytes("none yet");
  private Duration longestSilence = Duration.ZERO;

  /// A checkpoint that is known from elsewhere, and its note for whoever must be shown it.
  ///
  /// @param kept whether whoever checks has kept it
  record Pin(Path file, Checkpoint checkpoint, String note, boolean kept) {}

  Entries(
      Checkpoint checkpoint,
      Tiles tiles,
      List<Pin> pins,
      KeptReceipts receipts,
      Openings openings,
      Verdict verdict) {
    this.checkpoint = checkpoint;
    this.origin = new Origin(checkpoint.origin());
    this.organization = bytes("\"" + origin.organization() + "\"");
    this.tiles = tiles;
    this.pins = pins;
    this.receipts = receipts;
    this.openings = openings;
    this.verdict = verdict;
  }

  /// @param input the leaves, one a line; closed at the end
  void check(InputStream input) throws IOException {
    var waiting = new TreeMap<Long, List<Pin>>();
    for (var pin : pins) {
      waiting.computeIfAbsent(pin.checkpoint().size(), _ -> new ArrayList<>()).add(pin);
    }
    var lastGoodPin = 0L;
    try (var lines = new Lines(input)) {
      while (tree.size() < checkpoint.size() && lines.next()) {
        if (!lines.isWhole()) {
          damaged("entry %d is longer than 65,535 bytes or has no line end");
          return;
        }
        if (!entry(lines)) {
          return;
        }
        var due = waiting.remove(tree.size());
        if (due != null && pinned(due, lastGoodPin)) {
          lastGoodPin = tree.size();
        }
      }
      if (tree.size() < checkpoint.size()) {
        verdict.tampered(
            "entries",
            "the checkpoint is about %d entries and there are %d"
                .formatted(checkpoint.size(), tree.size()));
        return;
      }
      if (lines.next()) {
        verdict.tampered("entries", "there is more behind the last entry of the checkpoint");
      }
    }
    roots(lastGoodPin);
    waiting.values().forEach(late -> late.forEach(this::cut));
    report();
  }

  private boolean entry(Lines lines) {
    var buffer = lines.buffer();
    var start = lines.start();
    var end = lines.end();
    hash(buffer, start, end);
    if (tiles.differs(0, tree.size(), hash)) {
      damaged("entry %d is not what was put into the tree");
      return false;
    }
    if (!leaf.scan(buffer, start, end)) {
      damaged("entry %d is not a leaf: one line of JSON with its keys in order");
      return false;
    }
    if (!leaf.is(V, ONE)) {
      verdict.undecided(
          "entries",
          "entry %d is of a version that this program does not know".formatted(tree.size()));
      return false;
    }
    if (!leaf.is(ORG, organization)) {
      damaged("entry %d is of another organization");
      return false;
    }
    remember();
    tree.add(hash);
    return tilesAboveFit();
  }

  private boolean tilesAboveFit() {
    for (var level = 1;
        level < Tiles.LEVELS && Long.numberOfTrailingZeros(tree.size()) >= level * Tiles.HEIGHT;
        level++) {
      var height = level * Tiles.HEIGHT;
      if (tiles.differs(level, (tree.size() >> height) - 1, tree.completed(height).bytes())) {
        damaged("the tile over the entries before %d is not theirs");
        return false;
      }
    }
    return true;
  }

  private void damaged(String what) {
    verdict.tampered("entries", what.formatted(tree.size()));
  }

  private void hash(byte[] buffer, int start, int end) {
    sha256.update((byte) 0);
    sha256.update(buffer, start, end - start);
    try {
      sha256.digest(hash, 0, Hash.BYTES);
    } catch (DigestException impossible) {
      throw new IllegalStateException("32 bytes are enough for SHA-256", impossible);
    }
  }

  private void remember() {
    if (!receipts.isEmpty()) {
      var receipt = receipts.take(String.valueOf(leaf.text(UID)));
      if (receipt != null && !receipt.equals(Hash.of(hash).hex())) {
        damaged("entry %d is not what its receipt says");
      }
    }
    silence();
    var action = leaf.member(ACTION);
    if (leaf.is(action, HEARTBEAT)) {
      heartbeat(String.valueOf(leaf.text(FINGERPRINT)));
    } else if (leaf.is(action, ERASED)) {
      erasures.put(String.valueOf(leaf.text(TARGET)), tree.size());
    } else if (leaf.is(action, EPOCH_BEGAN)) {
      epochs.put(
          String.valueOf(leaf.text(bytes("epoch"))),
          "epoch %s began with entry %d (%s). Signed before: size %s, root %s"
              .formatted(
                  leaf.text(bytes("epoch")),
                  tree.size(),
                  leaf.text(bytes("reason")),
                  leaf.text(bytes("last_size")),
                  leaf.text(bytes("last_root"))));
    } else if (leaf.is(action, EXPORT_STARTED)) {
      unfinished.add(String.valueOf(leaf.text(UID)));
    } else if (leaf.is(action, EXPORT_FINISHED)) {
      unfinished.remove(String.valueOf(leaf.text(TARGET)));
    }
    for (var member = 0; member < leaf.members(); member++) {
      if (leaf.nameStartsWith(member, SEALED)) {
        var name = leaf.name(member);
        sealed.put(
            leaf.text(UID) + " " + name.substring(SEALED.length),
            String.valueOf(leaf.text(bytes(name))));
      }
    }
  }

  private void heartbeat(String fingerprint) {
    if (lastFingerprint != null && !fingerprint.equals(lastFingerprint)) {
      changedGuards.add(tree.size());
    }
    lastFingerprint = fingerprint;
  }

  /// Looked at by the minute: parsing every time would cost more than hashing every leaf.
  private void silence() {
    var member = leaf.member(AT);
    var at = leaf.textStartsWith(member, lastMinuteBytes) ? null : leaf.text(AT);
    if (at == null || at.length() < 16) {
      return;
    }
    var minute = at.substring(0, 16);
    try {
      if (lastMinute != null) {
        var silence =
            Duration.between(Instant.parse(lastMinute + ":00Z"), Instant.parse(minute + ":00Z"));
        longestSilence = silence.compareTo(longestSilence) > 0 ? silence : longestSilence;
      }
      lastMinute = minute;
      lastMinuteBytes = bytes(minute);
    } catch (DateTimeParseException unreadable) {
      damaged("entry %d has no time");
    }
  }

  /// Whether all of them agree with what was read so far.
  private boolean pinned(List<Pin> due, long lastGoodPin) {
    var root = tree.root();
    for (var pin : due) {
      if (!pin.checkpoint().root().equals(root)) {
        contradicted(pin, root, lastGoodPin);
        return false;
      }
    }
    return true;
  }

  private void contradicted(Pin pin, Hash root, long lastGoodPin) {
    if (tampered.isEmpty()) {
      verdict.tampered(
          "pins",
          """
          what was signed before is not in this log. Both notes, to show to somebody else:
          kept earlier (%s):
          %s
          in this export the first %d entries have the root %s.
          The first entry that differs is one from %d to %d.\
          """
              .formatted(
                  pin.file().getFileName(),
                  pin.note(),
                  pin.checkpoint().size(),
                  root.base64(),
                  lastGoodPin,
                  pin.checkpoint().size() - 1));
    }
    tampered.add(pin.file().toString());
  }

  private void cut(Pin pin) {
    verdict.tampered(
        "pins",
        """
        %s is about %d entries, and this log has only %d. Kept earlier:
        %s\
        """
            .formatted(
                pin.file().getFileName(), pin.checkpoint().size(), checkpoint.size(), pin.note()));
  }

  private void roots(long lastGoodPin) {
    if (tree.root().equals(checkpoint.root())) {
      verdict.says(
          "entries", "%d read, %d rehashed, root MATCHES".formatted(tree.size(), tree.size()));
    } else {
      verdict.tampered(
          "entries",
          "the root of the %d entries is %s and the checkpoint says %s; the first that differs is one from %d on"
              .formatted(
                  tree.size(), tree.root().base64(), checkpoint.root().base64(), lastGoodPin));
    }
  }

  private void report() {
    verdict.says(
        "pins",
        pins.stream().noneMatch(Pin::kept)
            ? "none given: only what is older than a checkpoint that you kept is proved"
            : "%d saved checkpoints, %d contradicted"
                .formatted(pins.stream().filter(Pin::kept).count(), tampered.size()));
    epochs
        .values()
        .forEach(began -> verdict.says("EPOCH", began + ". What of that is missing here was lost"));
    if (origin.epoch() > 1 && !epochs.containsKey(Integer.toString(origin.epoch()))) {
      verdict.tampered("EPOCH", "no entry says why this log began anew");
    }
    receipts.report(verdict);
    openings.check(sealed, erasures, verdict);
    if (!unfinished.isEmpty()) {
      verdict.says(
          "exports",
          "%d begun and not finished: %s"
              .formatted(unfinished.size(), String.join(", ", unfinished)));
    }
    if (lastFingerprint != null) {
      verdict.says(
          "guards",
          changedGuards.isEmpty()
              ? "the same in every heartbeat"
              : "CHANGED before entries %s: ask which release or which attack that was"
                  .formatted(changedGuards));
    }
    verdict.says("gaps", "longest silence %d min".formatted(longestSilence.toMinutes()));
    verdict.says(
        "NOT PROVEN",
        "acts that left no entry and no receipt, and what happened after this checkpoint");
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }

  private static byte[] bytes(String text) {
    return Objects.requireNonNull(text).getBytes(US_ASCII);
  }
}
