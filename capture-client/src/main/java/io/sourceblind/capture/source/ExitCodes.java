// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import org.jspecify.annotations.Nullable;

/// Finds exit codes in what tools write about a command.
final class ExitCodes {

  private static final int MOST_DIGITS = 11;

  private ExitCodes() {}

  /// The number that begins at a place in a text.
  static @Nullable Integer at(String text, int start) {
    int end = start;
    while (end < text.length()
        && end < start + MOST_DIGITS
        && (isDigit(text.charAt(end)) || (end == start && text.charAt(end) == '-'))) {
      end++;
    }
    try {
      return Integer.valueOf(text.substring(start, end));
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }

  /// The number behind the last of the words that announce one.
  static @Nullable Integer behind(String text, String... announcements) {
    for (String words : announcements) {
      int at = text.lastIndexOf(words);
      Integer code = at < 0 ? null : at(text, at + words.length());
      if (code != null) {
        return code;
      }
    }
    return null;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
