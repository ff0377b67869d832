// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.zip.CRC32;

/// The form of a secret: a prefix, 30 random characters (178 bits) and a checksum of 6.
///
/// The checksum keeps nothing out that is meant; it spares the database what is only garbled.
final class Secret {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM = 30;
  private static final int CHECKSUM = 6;

  private Secret() {}

  static String random(CredentialKind kind, SecureRandom random) {
    return random(kind.prefix(), random);
  }

  static String random(String prefix, SecureRandom random) {
    var text = new StringBuilder(prefix);
    for (var i = 0; i < RANDOM; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text + checksum(text.toString());
  }

  static boolean hasTheForm(String presented, CredentialKind kind) {
    return hasTheForm(presented, kind.prefix());
  }

  static boolean hasTheForm(String presented, String prefix) {
    var body = prefix.length() + RANDOM;
    return presented.length() == body + CHECKSUM
        && presented.startsWith(prefix)
        && presented.chars().skip(prefix.length()).allMatch(c -> ALPHABET.indexOf(c) >= 0)
        && presented.endsWith(checksum(presented.substring(0, body)));
  }

  private static String checksum(String text) {
    var crc = new CRC32();
    crc.update(text.getBytes(US_ASCII));
    var rest = crc.getValue();
    var digits = new StringBuilder();
    for (var i = 0; i < CHECKSUM; i++) {
      digits.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
      rest /= ALPHABET.length();
    }
    return digits.reverse().toString();
  }
}
