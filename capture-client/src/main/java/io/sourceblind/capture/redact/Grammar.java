// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;

/// The fixed grammar of placeholders that all three layers know, each in its own notation. Here it
/// is read by hand: a text may hold one every few words.
final class Grammar {

  /// What stands alone.
  private static final List<String> WHOLE =
      List.of("code removed]", "name]", "path]", "link]", "personal data removed]");

  /// What may be followed by how much it was, and by a detail.
  private static final List<String> COUNTED =
      List.of(
          "code removed",
          "diff removed",
          "stack trace removed",
          "output removed",
          "data removed",
          "text removed");

  private static final String SECRET = "secret removed";
  private static final List<String> UNITS = List.of("lines", "files", "line", "file");
  private static final int LONGEST = 64;
  private static final int MOST_DIGITS = 6;
  private static final int LONGEST_DETAIL = 20;
  private static final int LONGEST_RULE = 32;

  private Grammar() {}

  /// Where the placeholder that begins at `start` ends, or -1 where none does.
  static int endOfPlaceholder(String text, int start) {
    int close = text.indexOf(']', start);
    if (close < 0 || close - start > LONGEST) {
      return -1;
    }
    return isPlaceholder(text, start + 1, close) ? close + 1 : -1;
  }

  private static boolean isPlaceholder(String text, int from, int close) {
    for (String whole : WHOLE) {
      if (text.startsWith(whole, from)) {
        return true;
      }
    }
    if (text.startsWith(SECRET, from)) {
      int end = from + SECRET.length();
      return end == close || isDetail(text, end, close, LONGEST_RULE);
    }
    for (String counted : COUNTED) {
      if (text.startsWith(counted, from)) {
        int end = from + counted.length();
        int behind = afterCount(text, end, close);
        return end == close
            || behind == close
            || isDetail(text, end, close, LONGEST_DETAIL)
            || (behind > 0 && isDetail(text, behind, close, LONGEST_DETAIL));
      }
    }
    return false;
  }

  /// Behind `, 14 lines`, or -1.
  private static int afterCount(String text, int from, int close) {
    if (!text.startsWith(", ", from)) {
      return -1;
    }
    int digit = from + 2;
    while (digit < close && text.charAt(digit) >= '0' && text.charAt(digit) <= '9') {
      digit++;
    }
    int digits = digit - from - 2;
    if (digits == 0 || digits > MOST_DIGITS || text.charAt(digit) != ' ') {
      return -1;
    }
    for (String unit : UNITS) {
      if (text.startsWith(unit, digit + 1)) {
        return digit + 1 + unit.length();
      }
    }
    return -1;
  }

  /// Whether `, java` is all that is left.
  private static boolean isDetail(String text, int from, int close, int most) {
    int length = close - from - 2;
    if (!text.startsWith(", ", from) || length < 1 || length > most) {
      return false;
    }
    for (int i = from + 2; i < close; i++) {
      char c = text.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ')) {
        return false;
      }
    }
    return true;
  }
}
