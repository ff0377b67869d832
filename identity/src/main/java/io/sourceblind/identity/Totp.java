// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The codes of an authenticator app (RFC 6238): six digits, new every half minute.
final class Totp {
  /// RFC 4226, 4, R6 recommends 160 bits.
  static final int SECRET_BYTES = 20;

  static final int DIGITS = 6;

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  // What every app can do; nothing here rests on collisions.
  private static final String ALGORITHM = "HmacSHA1";
  private static final int STEP_SECONDS = 30;

  private Totp() {}

  /// The step whose code it is: this half minute, the one before or the one after.
  static OptionalLong stepOf(String code, byte[] secret, Instant now) {
    var step = now.getEpochSecond() / STEP_SECONDS;
    for (var near : new long[] {step, step - 1, step + 1}) {
      if (MessageDigest.isEqual(code(secret, near).getBytes(US_ASCII), code.getBytes(US_ASCII))) {
        return OptionalLong.of(near);
      }
    }
    return OptionalLong.empty();
  }

  static String code(byte[] secret, Instant at) {
    return code(secret, at.getEpochSecond() / STEP_SECONDS);
  }

  private static String code(byte[] secret, long step) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      // RFC 4226, 5.3: four bytes from where the last half byte says, without the sign.
      var number = ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 0xf) & 0x7fff_ffff;
      return String.format(Locale.ROOT, "%0" + DIGITS + "d", number % 1_000_000);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, missing);
    }
  }

  /// As apps want it typed.
  static String base32(byte[] secret) {
    var text = new StringBuilder();
    var bits = 0;
    var held = 0;
    for (var one : secret) {
      held = (held << 8 | (one & 0xff)) & 0xfff;
      bits += 8;
      while (bits >= 5) {
        text.append(ALPHABET.charAt(held >> (bits - 5) & 31));
        bits -= 5;
      }
    }
    return text.toString();
  }
}
