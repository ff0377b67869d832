// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key that jitter, level offsets and dither come from. It is never in the database, so whoever
/// copies the database cannot take them off a number again.
public final class ReleaseKey {
  private static final int LEAST_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  private ReleaseKey(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /// Reads the key from a setting.
  ///
  /// @throws IllegalArgumentException if it is missing, not Base64 or shorter than 32 bytes
  public static ReleaseKey of(String base64) {
    if (base64.isBlank() || base64.contains("${")) {
      throw new IllegalArgumentException("release.key is not set; " + right());
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException _) {
      // Its message repeats a character of the secret.
      throw new IllegalArgumentException("release.key is not Base64; " + right());
    }
    if (key.length < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "release.key has %d bytes; %s".formatted(key.length, right()));
    }
    return new ReleaseKey(key);
  }

  Mac mac() {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, missing);
    }
  }

  private static String right() {
    return "it is at least %d random bytes in Base64, as `openssl rand -base64 %d` makes them"
        .formatted(LEAST_BYTES, LEAST_BYTES);
  }
}
