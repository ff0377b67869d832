// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.naturalOrder;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.merkle.Proof;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.MalformedNote;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.VerifierKey;
import io.sourceblind.audit.verify.Entries.Pin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an export says of its place in the tree over the trees: one leaf of that tree, which names
/// this log by a salted hash with a size and a root, and a C2SP tlog-proof that it is in there.
final class MasterProof {
  private static final Pattern INDEX = Pattern.compile("index (0|[1-9][0-9]{0,17})");
  private static final Pattern SALT = Pattern.compile("[0-9a-f]{64}");
  private static final int MOST_HASHES = 63;
  private static final String NO_HASH = "leaf.tlog-proof has a line that is no hash";

  private final Path folder;
  private final Origin origin;
  private final List<VerifierKey> keys;
  private final @Nullable Instant oldest;
  private final Verdict verdict;

  private MasterProof(
      Path folder,
      Origin origin,
      List<VerifierKey> keys,
      @Nullable Instant oldest,
      Verdict verdict) {
    this.folder = folder;
    this.origin = origin;
    this.keys = keys;
    this.oldest = oldest;
    this.verdict = verdict;
  }

  private static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit(String message) {
      super(message);
    }
  }

  private record InTree(long index, List<Hash> path, Note note) {}

  /// The checkpoint of this log that the tree over the trees holds: as good as one that was kept,
  /// by whoever keeps those of the tree over the trees.
  ///
  /// @param folder `master` of an export; it need not be there
  /// @param keys every key that was given
  /// @param oldest since when the tree over the trees must have been signed, if that matters
  static Optional<Pin> read(
      Path folder, Origin origin, List<VerifierKey> keys, @Nullable Instant oldest, Verdict verdict)
      throws IOException {
    if (origin.isMaster()) {
      return Optional.empty();
    }
    var master = new Origin(origin.master());
    var masters =
        keys.stream()
            .filter(key -> key.name().startsWith(master.name()))
            .filter(key -> new Origin(key.name()).goesOnFrom(master))
            .toList();
    return new MasterProof(folder, origin, masters, oldest, verdict).read();
  }

  private Optional<Pin> read() throws IOException {
    var isThere = Files.isRegularFile(folder.resolve("leaf.tlog-proof"));
    if (keys.isEmpty()) {
      verdict.says(
          "master",
          isThere
              ? "not checked: no key of %s was given".formatted(origin.master())
              : "not in this export");
      return Optional.empty();
    }
    if (!isThere) {
      verdict.undecided(
          "master", "the export does not show its place in %s".formatted(origin.master()));
      return Optional.empty();
    }
    try {
      return Optional.of(check());
    } catch (Unfit | MalformedNote unfit) {
      verdict.tampered("master", String.valueOf(unfit.getMessage()));
      return Optional.empty();
    }
  }

  private Pin check() throws IOException {
    var proof = parse(text("leaf.tlog-proof"));
    var master = Checkpoint.parse(proof.note().text());
    var signers =
        keys.stream()
            .filter(key -> key.name().equals(master.origin()))
            .filter(key -> key.signedAt(proof.note()).isPresent())
            .toList();
    if (signers.isEmpty()) {
      throw new Unfit("%s has not signed this proof".formatted(origin.master()));
    }
    var signedAt =
        signers.stream()
            .flatMap(key -> key.cosigner().signedAt(proof.note()).stream())
            .max(naturalOrder());
    if (signedAt.isEmpty()) {
      verdict.undecided("master", "the signature with the time is missing");
    } else if (oldest != null && !signedAt.get().isAfter(oldest)) {
      verdict.undecided("master", "its checkpoint is older than you allow");
    }
    var leaf = line("leaf").getBytes(UTF_8);
    if (!Proof.includes(
        Hash.ofLeaf(leaf), proof.index(), master.size(), proof.path(), master.root())) {
      throw new Unfit("the proof does not lead from this leaf to the root");
    }
    var named = named(leaf);
    verdict.says(
        "master",
        "entry %d of %d names this log with its first %d entries"
            .formatted(proof.index(), master.size(), named.size()));
    return new Pin(folder.resolve("leaf"), named, proof.note().toString(), false);
  }

  /// What the leaf says of this log.
  private Checkpoint named(byte[] leaf) throws IOException {
    var scanner = new LeafScanner();
    if (!scanner.scan(leaf, 0, leaf.length)
        || !"checkpoint.signed".equals(scanner.text("action".getBytes(US_ASCII)))) {
      throw new Unfit("its leaf is not about a checkpoint");
    }
    if (!name().equals(scanner.text("target".getBytes(US_ASCII)))) {
      throw new Unfit("its leaf is about another log");
    }
    return Checkpoint.parse(
        "%s\n%s\n%s\n"
            .formatted(
                origin.name(),
                scanner.text("size".getBytes(US_ASCII)),
                scanner.text("root".getBytes(US_ASCII))));
  }

  /// The organization as the tree over the trees calls it.
  private String name() throws IOException {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      var salt = line("salt");
      if (!SALT.matcher(salt).matches()) {
        throw new Unfit("its salt is not hex");
      }
      sha256.update(HexFormat.of().parseHex(salt));
      return HexFormat.of().formatHex(sha256.digest(origin.organization().getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }

  private static InTree parse(String text) {
    var parts = text.split("\n\n", 2);
    var lines = parts[0].split("\n", -1);
    var index = INDEX.matcher(lines.length < 2 ? "" : lines[1]);
    if (parts.length != 2
        || !lines[0].equals("c2sp.org/tlog-proof@v1")
        || !index.matches()
        || lines.length > 2 + MOST_HASHES) {
      throw new Unfit("leaf.tlog-proof is not a proof as C2SP writes it");
    }
    var path = new ArrayList<Hash>();
    for (var line = 2; line < lines.length; line++) {
      try {
        var hash = Hash.of(Base64.getDecoder().decode(lines[line]));
        // Base64 has several spellings of the last byte; one is enough.
        if (!hash.base64().equals(lines[line])) {
          throw new Unfit(NO_HASH);
        }
        path.add(hash);
      } catch (IllegalArgumentException unreadable) {
        throw new Unfit(NO_HASH);
      }
    }
    return new InTree(Long.parseLong(index.group(1)), path, Note.parse(parts[1].getBytes(UTF_8)));
  }

  /// What stands before the end of the only line of a file.
  private String line(String name) throws IOException {
    var text = text(name);
    if (text.isEmpty() || text.indexOf('\n') != text.length() - 1) {
      throw new Unfit(name + " is not one line");
    }
    return text.substring(0, text.length() - 1);
  }

  private String text(String name) throws IOException {
    var file = folder.resolve(name);
    if (!Files.isRegularFile(file) || Files.size(file) > 100_000) {
      throw new Unfit(name + " is missing or too large");
    }
    return new String(Files.readAllBytes(file), UTF_8);
  }
}
