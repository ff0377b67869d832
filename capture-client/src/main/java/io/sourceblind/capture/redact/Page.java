// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import org.jspecify.annotations.Nullable;

/// The lines of a text, on which the scanner of one structure claims what belongs to it.
///
/// @param signs what stands in some line: a scanner whose marks do not is done at once
@SuppressWarnings("ArrayRecordComponent")
record Page(Line[] lines, Structure structure, Signs signs) {

  /// Whether a sign of ASCII may stand somewhere in the text.
  boolean has(char sign) {
    return signs.has(sign);
  }

  /// Lines that are claimed already stay with whoever claimed them.
  void claim(int from, int to, Removed what, @Nullable String language) {
    for (int i = from; i < to; i++) {
      Line line = lines[i];
      if (line.isOpen()) {
        line.verdict = what;
        line.structure = structure;
        line.language = language;
      }
    }
  }

  /// The same for a structure with clear edges.
  void claimEdged(int from, int to, Removed what, @Nullable String language) {
    claim(from, to, what, language);
    for (int i = from; i < to; i++) {
      lines[i].edged = true;
    }
  }
}
