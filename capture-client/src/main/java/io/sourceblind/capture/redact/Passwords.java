// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells a password behind its name from a sentence about passwords. Whatever stands there counts
/// as one, but for the words with which such sentences go on.
final class Passwords {

  private static final Set<String> GOES_ON =
      Arrays.stream(
              """
              a about again all allowed already also always an and any as at available bad based because being by
              case changed checked compared correct created different disabled displayed either empty enabled
              encrypted entered equal exactly expired expected for from given handled hashed her here hidden his how
              if ignored in incorrect initially insecure into invalid is it its kept known leaked left like
              logged long longer longest lost mandatory masked missing my necessary needed never no none not
              nothing now null ok okay on once one only optional or our out passed plain present printed provided
              random read really rejected removed required reset reused right salted same saved secure sent set
              shared short shorter shown simple simply since so something still stored strong stronger supposed
              sure than that the their there these they this those to too typed undefined unknown unset used
              valid validated verified visible weak what when where whether which who why with without written
              wrong you your
              als auch das dein der die ein eine erforderlich falsch im in immer ist kein korrekt leer mein nicht
              nie noch nur richtig schon sehr sicher unsicher verschl\u00fcsselt wird zu
              au bon correct dans est faux incorrect la le les mauvais mon obligatoire ou pas requis son stock\u00e9 toujours
              trop un une vide votre
              correcta demasiado el en err\u00f3nea incorrecta la mi muy no obligatoria siempre su tu una vac\u00eda
              \u0432 \u0438 \u043d\u0435 \u043d\u0435\u0432\u0435\u0440\u043d\u044b\u0439
              """
                  .strip()
                  .split("\\s+", -1))
          .collect(Collectors.toUnmodifiableSet());

  private static final String SEPARATORS = " \t\n:=>\uff1a\uff1d\u2014\u2013\u662f\u306f\ub294";

  private Passwords() {}

  /// Whether what ends a text such as `password is …` is a value.
  static boolean isAValueBehind(String text) {
    int end = text.length();
    char last = text.charAt(end - 1);
    if ("\"'`\u201d\u00bb".indexOf(last) >= 0) {
      return true;
    }
    int start = end;
    while (start > 0 && SEPARATORS.indexOf(text.charAt(start - 1)) < 0) {
      start--;
    }
    String word = text.substring(start).toLowerCase(Locale.ROOT);
    int behind = word.length();
    while (behind > 0 && ".?!)".indexOf(word.charAt(behind - 1)) >= 0) {
      behind--;
    }
    return word.chars().anyMatch(Character::isLetterOrDigit)
        && !GOES_ON.contains(word.substring(0, behind));
  }

  /// Whether several words are a phrase somebody chose: no word of a sentence is among the first
  /// three, or four where the first is one with which sentences about passwords go on.
  static boolean isPhrase(String text) {
    String[] words = text.toLowerCase(Locale.ROOT).split("[ -]", -1);
    int fewest = GOES_ON.contains(words[0]) ? 4 : 3;
    for (int i = 0; i < Math.min(fewest, words.length); i++) {
      if (Words.FUNCTION.contains(words[i])) {
        return false;
      }
    }
    return words.length >= fewest;
  }
}
