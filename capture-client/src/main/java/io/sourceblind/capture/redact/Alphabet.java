// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// The characters plain prose is made of, and the hard check that nothing else leaves.
final class Alphabet {

  static final int MOST_CHARACTERS = 4_000;
  static final int LONGEST_RUN = 32;

  private static final String PUNCTUATION =
      ".,?!:'-\u2019\u2018\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014\u2026\u00bf\u00a1"
          + "\uff0c\u3002\u3001\uff1f\uff01\uff1a\u300c\u300d\u300e\u300f\uff08\uff09\uff1b"
          + "\u061f\u060c\u061b\u0964\u00b7\u20ac";

  private Alphabet() {}

  private static final int ASCII = 128;
  private static final byte LETTER = 1;
  private static final byte SIGN = 2;
  private static final byte BLANK = 4;
  private static final byte NOTHING = 8;

  /// What each sign of ASCII is here.
  private static final byte[] KINDS = new byte[ASCII];

  static {
    for (int c = 0; c < ASCII; c++) {
      KINDS[c] =
          Character.isLetterOrDigit(c)
              ? LETTER
              : PUNCTUATION.indexOf(c) >= 0 ? SIGN : c == ' ' ? BLANK : NOTHING;
    }
  }

  static boolean isPunctuation(int point) {
    return point < ASCII ? KINDS[point] == SIGN : PUNCTUATION.indexOf(point) >= 0;
  }

  static boolean isLetterOrDigit(int point) {
    if (point < ASCII) {
      return KINDS[point] == LETTER;
    }
    return switch (Character.getType(point)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER ->
          true;
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK ->
          Character.isAlphabetic(point) || isCommonMark(point);
      default -> false;
    };
  }

  /// Accents, and the vowel signs of the scripts that write them as marks.
  private static boolean isCommonMark(int point) {
    return (point >= 0x0300 && point <= 0x036f)
        || (point >= 0x0591 && point <= 0x05c7)
        || (point >= 0x0610 && point <= 0x06ed)
        || (point >= 0x0900 && point <= 0x0eff)
        || point == 0x3099
        || point == 0x309a;
  }

  static void requirePlain(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("Plain prose has at most 4000 characters");
    }
    int run = 0;
    int longest = 0;
    int wrong = 0;
    int i = 0;
    byte before = BLANK;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '[') {
        i = Grammar.endOfPlaceholder(text, i);
        if (i < 0) {
          throw new IllegalArgumentException("Brackets in plain prose hold a placeholder");
        }
        before = SIGN;
        run = 0;
        continue;
      }
      if (c < ASCII) {
        // Words and blanks come as they like, so nothing here is decided by a branch.
        byte kind = KINDS[c];
        run = (run + 1) & -(kind & LETTER);
        longest = Math.max(longest, run);
        wrong |= kind & (NOTHING | (kind & before & BLANK));
        before = kind;
        i++;
        continue;
      }
      int point = text.codePointAt(i);
      if (isLetterOrDigit(point)) {
        run++;
      } else {
        run = 0;
        if (!isPunctuation(point)) {
          throw new IllegalArgumentException("A character does not belong to plain prose");
        }
      }
      longest = Math.max(longest, run);
      before = SIGN;
      i += Character.charCount(point);
    }
    if (wrong != 0) {
      throw new IllegalArgumentException("A character does not belong to plain prose");
    }
    if (longest > LONGEST_RUN) {
      throw new IllegalArgumentException("A word of plain prose has at most 32 characters");
    }
    if (!text.isEmpty() && before == BLANK) {
      throw new IllegalArgumentException("Plain prose does not end with a space");
    }
  }
}
