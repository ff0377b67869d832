// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static java.lang.Character.UnicodeScript.BOPOMOFO;
import static java.lang.Character.UnicodeScript.HAN;
import static java.lang.Character.UnicodeScript.HANGUL;
import static java.lang.Character.UnicodeScript.HIRAGANA;
import static java.lang.Character.UnicodeScript.KATAKANA;

import java.util.EnumSet;
import java.util.Set;

/// The characters that sentences are made of, in all scripts.
final class ProseAlphabet {
  private static final String MARKS = " .,?!:'’‘“”„«»–—…¿¡؟،؛।·€-";
  private static final String WIDE_MARKS = "，。、？！：「」『』（）；";
  private static final Set<Character.UnicodeScript> WIDE_SCRIPTS =
      EnumSet.of(HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO);

  private ProseAlphabet() {}

  static boolean has(int c) {
    if (c < 0x80) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || MARKS.indexOf(c) >= 0;
    }
    return isLetter(c) || isVowelSignOrDigit(c) || MARKS.indexOf(c) >= 0 || isWideMark(c);
  }

  /// Whether the character goes on with a run, such as a word or a key.
  static boolean joins(int c) {
    return (c >= '0' && c <= '9') || Character.isAlphabetic(c);
  }

  static boolean isAccent(int c) {
    return c >= 0x300 && c <= 0x36f;
  }

  static boolean isWideMark(int c) {
    return WIDE_MARKS.indexOf(c) >= 0;
  }

  static boolean isWideLetter(int c) {
    return c >= 0x1100 && WIDE_SCRIPTS.contains(Character.UnicodeScript.of(c));
  }

  private static boolean isLetter(int c) {
    // Bold, script and double-struck letters are for formulas; no language is written with them.
    var forFormulas = (c >= 0x2100 && c <= 0x214f) || (c >= 0x1d400 && c <= 0x1d7ff);
    return Character.isLetter(c) && !forFormulas;
  }

  private static boolean isVowelSignOrDigit(int c) {
    var script =
        isAccent(c)
            || (c >= 0x591 && c <= 0x5c7) // Hebrew points
            || (c >= 0x610 && c <= 0x6ed) // Arabic
            || (c >= 0x900 && c <= 0xdff) // Devanagari to Sinhala
            || (c >= 0xe00 && c <= 0xeff) // Thai, Lao
            || c == 0x3099
            || c == 0x309a; // voiced kana
    // The same blocks hold signs of currencies, of fractions and of recitation.
    return script
        && switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.DECIMAL_DIGIT_NUMBER ->
              true;
          default -> false;
        };
  }
}
