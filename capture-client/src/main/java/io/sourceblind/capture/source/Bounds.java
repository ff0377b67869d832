// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// How large a value may be, as the client keeps it: layer 1 of three. Numbers are clamped; words
/// that do not fit are left out.
final class Bounds {

  static final int DAY_MS = 86_400_000;

  private Bounds() {}

  static int count(long value, int most) {
    return Math.clamp(value, 0, most);
  }

  static @Nullable Integer millis(long value) {
    return value < 0 ? null : (int) Math.min(value, DAY_MS);
  }

  static @Nullable String version(@Nullable String value) {
    return value != null && fits(value, 32, ".+-") && isWordStart(value) ? value : null;
  }

  static @Nullable String model(@Nullable String value) {
    return value != null && fits(value, 64, "._:/@[]-") && isWordStart(value) ? value : null;
  }

  /// A path below the project's root, or null where it does not fit.
  static @Nullable String relativePath(String path) {
    String plain = Normalizer.normalize(path, Normalizer.Form.NFC);
    if (plain.isEmpty() || plain.length() > 512 || plain.startsWith("/")) {
      return null;
    }
    for (String segment : plain.split("/", -1)) {
      boolean dots = segment.equals(".") || segment.equals("..");
      if (segment.isEmpty()
          || dots
          || segment.length() > 128
          || segment.isBlank()
          || !segment.equals(segment.strip())) {
        return null;
      }
      if (!segment.codePoints().allMatch(Bounds::isPathCharacter)) {
        return null;
      }
    }
    return plain;
  }

  private static boolean isPathCharacter(int c) {
    return Character.isLetterOrDigit(c) || c == ' ' || "._-+@".indexOf(c) >= 0;
  }

  private static boolean isWordStart(String value) {
    return Character.isLetterOrDigit(value.charAt(0));
  }

  private static boolean fits(String value, int most, String signs) {
    return !value.isEmpty()
        && value.length() <= most
        && value
            .chars()
            .allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || signs.indexOf(c) >= 0);
  }
}
