// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The key under which credentials are hashed. It is never in the database, so a copied table opens
/// nothing and nobody can write a working credential into it.
public final class Pepper {
  private static final int LEAST_BYTES = 32;
  // Of 32 random bytes about 30 differ; less than 17 do once in ten billion billion times.
  private static final int LEAST_DIFFERENT = 17;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final @Nullable Pepper previous;

  private Pepper(byte[] key, @Nullable Pepper previous) {
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.previous = previous;
  }

  /// Reads the pepper, and the one before it while credentials are still hashed under that.
  ///
  /// @param previousBase64 blank when there is none
  /// @throws IllegalArgumentException if one is not Base64, shorter than 32 bytes or not random
  public static Pepper of(String base64, String previousBase64) {
    return new Pepper(
        of(base64).key.getEncoded(), previousBase64.isBlank() ? null : of(previousBase64));
  }

  /// Reads the pepper from a setting.
  ///
  /// @throws IllegalArgumentException if it is missing, not Base64, shorter than 32 bytes or not
  ///   random
  public static Pepper of(String base64) {
    if (base64.isBlank() || base64.contains("${")) {
      throw new IllegalArgumentException("identity.pepper is not set; " + right());
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException _) {
      // Its message repeats a character of the secret.
      throw new IllegalArgumentException("identity.pepper is not Base64; " + right());
    }
    if (key.length < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "identity.pepper has %d bytes; %s".formatted(key.length, right()));
    }
    if (IntStream.range(0, key.length).map(at -> key[at]).distinct().count() < LEAST_DIFFERENT) {
      throw new IllegalArgumentException(
          "identity.pepper is no random value, such as an example has; " + right());
    }
    return new Pepper(key, null);
  }

  /// Which pepper it is, for whoever counts what is still hashed under which.
  int id() {
    return ByteBuffer.wrap(hash("pepper")).getInt();
  }

  /// As it may have been hashed when it was made: under this pepper, or the one before.
  List<byte[]> hashes(String secret) {
    return previous == null ? List.of(hash(secret)) : List.of(hash(secret), previous.hash(secret));
  }

  byte[] hash(String secret) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(secret.getBytes(UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, missing);
    }
  }

  private static String right() {
    return "it is at least %d random bytes in Base64, as `openssl rand -base64 %d` makes them"
        .formatted(LEAST_BYTES, LEAST_BYTES);
  }
}
