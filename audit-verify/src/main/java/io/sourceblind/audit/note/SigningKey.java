// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.note;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// An Ed25519 key that signs notes.
public final class SigningKey {
  private static final int SEED_BYTES = 32;

  private final PrivateKey secret;
  private final byte[] publicBytes;

  private SigningKey(PrivateKey secret, byte[] publicBytes) {
    this.secret = secret;
    this.publicBytes = publicBytes;
  }

  /// The key that grows from a seed.
  ///
  /// @param base64 32 random bytes: `openssl rand -base64 32`
  /// @throws IllegalArgumentException if it is anything else; the message does not repeat it
  public static SigningKey of(String base64) {
    var wrong = "is not 32 random bytes in Base64; make them with `openssl rand -base64 32`";
    byte[] seed;
    try {
      seed = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException unreadable) {
      throw new IllegalArgumentException("The signing key " + wrong);
    }
    var bytes = new byte[256];
    for (var value : seed) {
      bytes[value & 0xff] = 1;
    }
    var different = 0;
    for (var seen : bytes) {
      different += seen;
    }
    // 32 random bytes have fewer than 16 different values about never.
    if (seed.length != SEED_BYTES || different < 16) {
      throw new IllegalArgumentException("The signing key " + wrong);
    }
    return of(pair(seed));
  }

  private static SigningKey of(KeyPair pair) {
    var encoded = pair.getPublic().getEncoded();
    return new SigningKey(
        pair.getPrivate(),
        Arrays.copyOfRange(encoded, encoded.length - VerifierKey.KEY_BYTES, encoded.length));
  }

  /// The key by which others check what is signed under this name.
  public VerifierKey verifier(String name) {
    return VerifierKey.of(name, VerifierKey.LOG, publicBytes);
  }

  /// Signs a checkpoint as its log, and says when it was the newest.
  public Note sign(Checkpoint checkpoint, Instant at) {
    var text = checkpoint.body();
    var name = checkpoint.origin();
    var log =
        new Note.Signature(
            name, verifier(name).id(), signature(VerifierKey.message(VerifierKey.LOG, 0, text)));
    return cosign(Note.of(text, java.util.List.of(log)), name, at);
  }

  /// Signs a text under a name: the key's id and the signature, in Base64, as behind the dash of a
  /// note.
  public String signature(String name, String text) {
    var line = new Note.Signature(name, verifier(name).id(), signature(text.getBytes(UTF_8)));
    return line.base64();
  }

  /// Adds a signature with a time (C2SP tlog-cosignature), under the name of a witness or a log.
  public Note cosign(Note note, String name, Instant at) {
    var seconds = at.getEpochSecond();
    var signature = signature(VerifierKey.message(VerifierKey.COSIGNER, seconds, note.text()));
    var bytes =
        ByteBuffer.allocate(Long.BYTES + signature.length).putLong(seconds).put(signature).array();
    return note.with(new Note.Signature(name, verifier(name).cosigner().id(), bytes));
  }

  private byte[] signature(byte[] message) {
    try {
      var signer = java.security.Signature.getInstance("Ed25519");
      signer.initSign(secret);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException("Every Java signs with Ed25519", failed);
    }
  }

  /// RFC 8032, 5.1.5: the seed is all that is random about a key.
  private static KeyPair pair(byte[] seed) {
    try {
      var generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException("Every Java makes Ed25519 keys", failed);
    }
  }

  /// The JDK derives a public key from a private one only while it makes both.
  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final transient byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("This JDK makes Ed25519 keys from other than 32 bytes");
      }
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "SigningKey[]";
  }
}
