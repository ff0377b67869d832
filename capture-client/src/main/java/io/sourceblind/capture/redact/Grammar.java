// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/// The fixed grammar of placeholders that all three layers know, each in its own notation.
final class Grammar {

  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\[(?:code|diff|stack trace|output|data|text) removed"
              + "(?:, [0-9]{1,6} (?:lines|files|line|file))?(?:, [a-z0-9 ]{1,20}|, too long)?\\]"
              + "|\\[secret removed(?:, [a-z0-9 ]{1,32})?\\]"
              + "|\\[personal data removed\\]"
              + "|\\[(?:path|name|link)\\]");

  private static final int LONGEST = 64;

  private Grammar() {}

  /// Where the placeholder that begins at `start` ends, or -1 where none does.
  static int endOfPlaceholder(String text, int start) {
    int close = text.indexOf(']', start);
    if (close < 0 || close - start > LONGEST) {
      return -1;
    }
    return PLACEHOLDER.matches(text.substring(start, close + 1)) ? close + 1 : -1;
  }

  static Matcher matcher(String text) {
    return PLACEHOLDER.matcher(text);
  }
}
