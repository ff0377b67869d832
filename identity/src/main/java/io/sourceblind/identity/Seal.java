// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Keeps a secret that we must be able to read again, under a key that is not in the database. What
/// was sealed for one place opens in no other.
final class Seal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Pepper pepper;
  private final SecureRandom random = new SecureRandom();

  Seal(Pepper pepper) {
    this.pepper = pepper;
  }

  /// @param place where it is kept, such as a table and the ids of a row
  byte[] seal(byte[] secret, String place) {
    var iv = new byte[IV_BYTES];
    random.nextBytes(iv);
    try {
      var sealed = cipher(Cipher.ENCRYPT_MODE, pepper.hash("seal"), iv, place).doFinal(secret);
      return ByteBuffer.allocate(IV_BYTES + sealed.length).put(iv).put(sealed).array();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has " + CIPHER, missing);
    }
  }

  /// @throws IllegalStateException if it was sealed elsewhere, under another key, or changed
  byte[] open(byte[] sealed, String place) {
    var buffer = ByteBuffer.wrap(sealed);
    var iv = new byte[IV_BYTES];
    buffer.get(iv);
    var rest = new byte[buffer.remaining()];
    buffer.get(rest);
    return pepper.hashes("seal").stream()
        .flatMap(key -> open(key, iv, rest, place).stream())
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("What is sealed here opens under none of our keys"));
  }

  private static Optional<byte[]> open(byte[] key, byte[] iv, byte[] rest, String place) {
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, key, iv, place).doFinal(rest));
    } catch (AEADBadTagException _) {
      // It may be under the key before.
      return Optional.empty();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has " + CIPHER, missing);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] iv, String place)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, iv));
    cipher.updateAAD(place.getBytes(UTF_8));
    return cipher;
  }
}
