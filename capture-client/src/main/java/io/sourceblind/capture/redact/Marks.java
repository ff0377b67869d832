// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.ArrayList;
import java.util.List;

/// The placeholders of one text while it is being worked on. Each stands in the text as one
/// private-use character, so that no later stage can take a placeholder for prose or the other way
/// round.
final class Marks {

  static final char FIRST = '\uE000';
  private static final int MOST = 6_000;

  private final List<Placeholder> placeholders = new ArrayList<>();

  char add(Placeholder placeholder) {
    if (placeholders.size() >= MOST) {
      throw new TooMuch("A text may hold at most " + MOST + " placeholders");
    }
    placeholders.add(placeholder);
    return (char) (FIRST + placeholders.size() - 1);
  }

  Placeholder at(char mark) {
    return placeholders.get(mark - FIRST);
  }

  int count() {
    return placeholders.size();
  }

  static boolean isMark(char c) {
    return c >= FIRST && c < FIRST + MOST;
  }
}
