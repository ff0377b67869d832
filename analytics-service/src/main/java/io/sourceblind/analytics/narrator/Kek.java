// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals the keys that organizations have with their providers. It is never in the database, and
/// what it sealed for one organization opens for no other.
final class Kek {
  private static final int BYTES = 32;
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  private Kek(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /// Reads the key from a setting.
  ///
  /// @throws IllegalArgumentException if it is missing, not Base64 or not of 32 bytes
  static Kek of(String base64) {
    if (base64.isBlank() || base64.contains("${")) {
      throw new IllegalArgumentException("narrator.key is not set; " + right());
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException _) {
      // Its message repeats a character of the secret.
      throw new IllegalArgumentException("narrator.key is not Base64; " + right());
    }
    if (key.length != BYTES) {
      throw new IllegalArgumentException(
          "narrator.key has %d bytes; %s".formatted(key.length, right()));
    }
    return new Kek(key);
  }

  byte[] seal(String secret, UUID organization) {
    var iv = new byte[IV_BYTES];
    random.nextBytes(iv);
    try {
      var sealed = cipher(Cipher.ENCRYPT_MODE, iv, organization).doFinal(secret.getBytes(UTF_8));
      return ByteBuffer.allocate(IV_BYTES + sealed.length).put(iv).put(sealed).array();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has " + CIPHER, missing);
    }
  }

  /// @throws IllegalStateException if it was sealed for another organization or under another key,
  ///   or changed
  String open(byte[] sealed, UUID organization) {
    var buffer = ByteBuffer.wrap(sealed);
    var iv = new byte[IV_BYTES];
    buffer.get(iv);
    var rest = new byte[buffer.remaining()];
    buffer.get(rest);
    try {
      return new String(cipher(Cipher.DECRYPT_MODE, iv, organization).doFinal(rest), UTF_8);
    } catch (AEADBadTagException _) {
      throw new IllegalStateException(
          "The key of an organization's provider does not open under narrator.key; it has to be"
              + " entered again");
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has " + CIPHER, missing);
    }
  }

  private Cipher cipher(int mode, byte[] iv, UUID organization) throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
    cipher.updateAAD(("narration/" + organization).getBytes(UTF_8));
    return cipher;
  }

  private static String right() {
    return "it is %d random bytes in Base64, as `openssl rand -base64 %d` makes them"
        .formatted(BYTES, BYTES);
  }
}
