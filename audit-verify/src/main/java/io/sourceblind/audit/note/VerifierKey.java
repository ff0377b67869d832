// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// A public key with the name it signs under, as C2SP writes it: `name+id+base64`.
public final class VerifierKey {
  static final byte LOG = 0x01;
  static final byte COSIGNER = 0x04;
  static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;
  private static final int TIME_BYTES = 8;

  /// What an X.509 Ed25519 key begins with (RFC 8410).
  private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String name;
  private final byte kind;
  private final byte[] bytes;

  private VerifierKey(String name, byte kind, byte[] bytes) {
    this.name = name;
    this.kind = kind;
    this.bytes = bytes;
  }

  static VerifierKey of(String name, byte kind, byte[] bytes) {
    return new VerifierKey(name, kind, bytes.clone());
  }

  /// Reads a key as it was written down.
  ///
  /// @throws MalformedNote if it is not a key of a log or of a cosigner
  public static VerifierKey parse(String vkey) {
    var wrong = new MalformedNote("A key is a name, an id of 8 digits and Base64, joined by +");
    var parts = vkey.strip().split("\\+", 3);
    if (parts.length != 3 || !parts[0].matches("[^\\s+]{1,200}")) {
      throw wrong;
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(parts[2]);
    } catch (IllegalArgumentException unreadable) {
      throw wrong;
    }
    if (key.length != 1 + KEY_BYTES || (key[0] != LOG && key[0] != COSIGNER)) {
      throw new MalformedNote("The key is not an Ed25519 key of a log or of a cosigner");
    }
    var parsed = of(parts[0], key[0], java.util.Arrays.copyOfRange(key, 1, key.length));
    if (!parsed.idWords().equals(parts[1])) {
      throw new MalformedNote("The id of the key does not belong to it");
    }
    return parsed;
  }

  public String name() {
    return name;
  }

  /// The same key as a cosigner's.
  public VerifierKey cosigner() {
    return of(name, COSIGNER, bytes);
  }

  public String idWords() {
    return HexFormat.of().toHexDigits(id());
  }

  int id() {
    var sha256 = sha256();
    sha256.update(name.getBytes(UTF_8));
    sha256.update((byte) '\n');
    sha256.update(kind);
    return ByteBuffer.wrap(sha256.digest(bytes)).getInt();
  }

  /// When the note was signed with this key, if it was: the epoch for a log's signature, which has
  /// no time.
  ///
  /// @throws MalformedNote if there is a signature of this key and it does not fit
  public Optional<Instant> signedAt(Note note) {
    for (var signature : note.signatures()) {
      if (signature.name().equals(name) && signature.keyId() == id()) {
        return Optional.of(check(note.text(), signature.bytes()));
      }
    }
    return Optional.empty();
  }

  /// Whether this key signed the text.
  ///
  /// @param base64 the key's id and the signature, as behind the dash of a note
  public boolean signed(String text, String base64) {
    try {
      var note = Note.parse((text + "\n\u2014 " + name + " " + base64 + "\n").getBytes(UTF_8));
      return signedAt(note).isPresent();
    } catch (MalformedNote unfit) {
      return false;
    }
  }

  private Instant check(String text, byte[] signature) {
    var time = kind == COSIGNER ? TIME_BYTES : 0;
    if (signature.length != time + SIGNATURE_BYTES) {
      throw new MalformedNote("A signature of key %s has the wrong length".formatted(idWords()));
    }
    var at = time == 0 ? 0 : ByteBuffer.wrap(signature).getLong();
    if (!fits(
        message(kind, at, text), java.util.Arrays.copyOfRange(signature, time, signature.length))) {
      throw new MalformedNote("A signature of key %s does not fit the text".formatted(idWords()));
    }
    return Instant.ofEpochSecond(at);
  }

  static byte[] message(byte kind, long at, String text) {
    return (kind == COSIGNER ? "cosignature/v1\ntime %d\n%s".formatted(at, text) : text)
        .getBytes(UTF_8);
  }

  boolean fits(byte[] message, byte[] signature) {
    try {
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(publicKey());
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException unfit) {
      // A signature that is none at all (RFC 8032, 5.1.7) does not fit either.
      return false;
    }
  }

  private PublicKey publicKey() throws GeneralSecurityException {
    var encoded = ByteBuffer.allocate(X509.length + KEY_BYTES).put(X509).put(bytes).array();
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }

  @Override
  public String toString() {
    var key = ByteBuffer.allocate(1 + KEY_BYTES).put(kind).put(bytes).array();
    return "%s+%s+%s".formatted(name, idWords(), Base64.getEncoder().encodeToString(key));
  }
}
