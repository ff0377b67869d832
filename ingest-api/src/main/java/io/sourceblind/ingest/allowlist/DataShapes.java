// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

/// Finds what is no sentence but a list: numbers in a row, keys of a configuration, names with
/// dots.
final class DataShapes {
  private static final int NUMBERS_IN_A_ROW = 10;
  private static final int MANY = 4;

  private DataShapes() {}

  static boolean areIn(String[] words) {
    var numbers = 0;
    var hexadecimalInARow = 0;
    var keys = 0;
    var keysInARow = 0;
    var dotted = 0;
    for (var i = 0; i < words.length; i++) {
      var word = words[i];
      numbers = isNumber(word) ? numbers + 1 : 0;
      hexadecimalInARow = isHexadecimal(word) ? hexadecimalInARow + 1 : 0;
      keys += isKey(word) ? 1 : 0;
      keysInARow += i > 0 && isKey(word) && isKey(words[i - 1]) ? 1 : 0;
      dotted += isDotted(word) ? 1 : 0;
      if (numbers >= NUMBERS_IN_A_ROW || hexadecimalInARow > 1 || isFrame(word)) {
        return true;
      }
    }
    return keysInARow > 1 || isMost(keys, words.length) || isMost(dotted, words.length);
  }

  private static boolean isMost(int some, int all) {
    return some >= MANY && some * 3 >= all;
  }

  private static boolean isNumber(String word) {
    return !word.isEmpty()
        && word.chars().allMatch(c -> (c >= '0' && c <= '9') || ".,-:".indexOf(c) >= 0);
  }

  private static boolean isHexadecimal(String word) {
    return word.length() > 2 && word.startsWith("0x") && Character.digit(word.charAt(2), 16) >= 0;
  }

  /// `-----BEGIN`, but not a line of hyphens.
  private static boolean isFrame(String word) {
    return word.contains("----") && word.codePoints().anyMatch(Character::isLetter);
  }

  private static boolean isKey(String word) {
    return word.length() > 1 && word.endsWith(":");
  }

  /// `mydata.number`, but neither `3.14` nor the end of a sentence.
  private static boolean isDotted(String word) {
    var dot = word.indexOf('.');
    return dot > 0
        && dot + 1 < word.length()
        && Character.isLetter(word.charAt(dot - 1))
        && Character.isLetter(word.charAt(dot + 1));
  }
}
