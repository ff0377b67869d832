// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key under which credentials are hashed. It is never in the database, so a copied table opens
/// nothing and nobody can write a working credential into it.
public final class Pepper {
  private static final int LEAST_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  private Pepper(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /// Reads the pepper from a setting.
  ///
  /// @throws IllegalArgumentException if it is missing, not Base64 or shorter than 32 bytes
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
    return new Pepper(key);
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
