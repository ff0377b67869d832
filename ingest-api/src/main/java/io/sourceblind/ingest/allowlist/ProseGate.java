// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// Says whether a text is plain prose: one paragraph of letters, digits, single spaces and sentence
/// punctuation, with placeholders where something was taken out. It refuses and never repairs.
///
/// It is written by hand and apart from the redactor and from the database's domain, and reads
/// every text a fixed number of times.
final class ProseGate {
  private static final int LONGEST_RUN = 32;

  private ProseGate() {}

  /// Why the text is not plain prose, or null if it is. It has no broken characters: see
  /// [TextForm].
  static @Nullable Reason refuse(String text) {
    var shape = refuseShape(text);
    if (shape != null) {
      return shape;
    }
    // Letters that only look different are read as the letters they look like.
    var words = Normalizer.normalize(text, Normalizer.Form.NFKC).split(" ", -1);
    if (WordCode.isIn(words) || DataShapes.areIn(words)) {
      return Reason.PROSE_CODE;
    }
    return SecretShapes.areIn(words) ? Reason.PROSE_SECRET : null;
  }

  private static @Nullable Reason refuseShape(String text) {
    if (text.startsWith(" ") || text.endsWith(" ")) {
      return Reason.PROSE_SPACING;
    }
    var run = 0;
    var wideMarks = 0;
    var wideLetters = 0;
    var previous = 0;
    for (var i = 0; i < text.length(); ) {
      var c = text.codePointAt(i);
      if (c == '[') {
        i = Placeholder.endOf(text, i);
        if (i < 0) {
          return Reason.PROSE_PLACEHOLDER;
        }
        run = 0;
        previous = ']';
        continue;
      }
      if (c == ']') {
        return Reason.PROSE_PLACEHOLDER;
      }
      if (!ProseAlphabet.has(c)) {
        return Reason.ALPHABET;
      }
      if (c == ' ' && previous == ' ') {
        return Reason.PROSE_SPACING;
      }
      run = ProseAlphabet.joins(c) ? run + 1 : ProseAlphabet.isAccent(c) ? run : 0;
      if (run > LONGEST_RUN) {
        return Reason.PROSE_RUN;
      }
      wideMarks += ProseAlphabet.isWideMark(c) ? 1 : 0;
      wideLetters += ProseAlphabet.isWideLetter(c) ? 1 : 0;
      previous = c;
      i += Character.charCount(c);
    }
    // The wide marks have parentheses and a semicolon among them: they belong to scripts that are
    // written with them, and not to a program that wants to look like prose.
    return wideMarks > wideLetters ? Reason.ALPHABET : null;
  }
}
