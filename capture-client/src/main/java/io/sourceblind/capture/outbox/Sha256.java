// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// By which the client knows a text again.
public final class Sha256 {

  private Sha256() {}

  /// The SHA-256 of a text in UTF-8, as 64 hex digits.
  public static String of(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("This Java has no SHA-256", missing);
    }
  }
}
