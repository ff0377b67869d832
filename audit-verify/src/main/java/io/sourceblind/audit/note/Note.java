// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A text and the signatures below it, of which none has been checked yet.
public final class Note {
  private static final int MOST_BYTES = 1_000_000;
  private static final int MOST_SIGNATURES = 16;
  private static final int KEY_ID_BYTES = 4;
  private static final String DASH = "\u2014 ";

  private final String text;
  private final List<Signature> signatures;

  /// What stands behind a dash: whose it claims to be, and its bytes without the key's id.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Signature(String name, int keyId, byte[] bytes) {

    String line() {
      return DASH + name + " " + base64() + "\n";
    }

    String base64() {
      var whole = ByteBuffer.allocate(KEY_ID_BYTES + bytes.length).putInt(keyId).put(bytes).array();
      return Base64.getEncoder().encodeToString(whole);
    }
  }

  private Note(String text, List<Signature> signatures) {
    this.text = text;
    this.signatures = List.copyOf(signatures);
  }

  static Note of(String text, List<Signature> signatures) {
    return new Note(text, signatures);
  }

  /// The text with its last line break: what is signed.
  public String text() {
    return text;
  }

  List<Signature> signatures() {
    return signatures;
  }

  /// This note with one more signature.
  Note with(Signature signature) {
    var more = new ArrayList<>(signatures);
    more.add(signature);
    return new Note(text, more);
  }

  /// Reads a note without checking who signed it.
  ///
  /// @throws MalformedNote if the bytes are not one signed note and nothing else
  public static Note parse(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new MalformedNote("A note has at most a million bytes");
    }
    return parse(decode(bytes));
  }

  private static Note parse(String all) {
    if (all.chars().anyMatch(c -> (c < ' ' && c != '\n') || c == '\uFEFF')) {
      throw new MalformedNote("A note has no control character but its line breaks, and no mark");
    }
    var split = all.lastIndexOf("\n\n");
    if (split < 0 || !all.endsWith("\n")) {
      throw new MalformedNote("A note is a text, an empty line and its signatures");
    }
    var text = all.substring(0, split + 1);
    if (text.contains("\n\n") || text.contains(DASH)) {
      throw new MalformedNote("There is one note in a file");
    }
    var lines = all.substring(split + 2).split("\n", -1);
    var signatures = new ArrayList<Signature>();
    for (var line = 0; line < lines.length - 1; line++) {
      signatures.add(signature(lines[line]));
    }
    if (signatures.isEmpty() || signatures.size() > MOST_SIGNATURES) {
      throw new MalformedNote("A note has 1 to 16 signatures, not " + signatures.size());
    }
    return new Note(text, signatures);
  }

  private static Signature signature(String line) {
    var parts = line.split(" ", -1);
    if (!line.startsWith(DASH) || parts.length != 3 || parts[1].isEmpty()) {
      throw new MalformedNote("A signature is a dash, a name and Base64");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(parts[2]);
    } catch (IllegalArgumentException unreadable) {
      throw new MalformedNote("A signature is a dash, a name and Base64");
    }
    if (bytes.length <= KEY_ID_BYTES
        || !Base64.getEncoder().encodeToString(bytes).equals(parts[2])) {
      throw new MalformedNote("A signature is a dash, a name and Base64");
    }
    var buffer = ByteBuffer.wrap(bytes);
    var keyId = buffer.getInt();
    var rest = new byte[buffer.remaining()];
    buffer.get(rest);
    return new Signature(parts[1], keyId, rest);
  }

  private static String decode(byte[] bytes) {
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException broken) {
      throw new MalformedNote("A note is UTF-8");
    }
  }

  @Override
  public String toString() {
    var all = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> all.append(signature.line()));
    return all.toString();
  }
}
