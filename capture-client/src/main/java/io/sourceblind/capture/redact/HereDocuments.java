// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import org.jspecify.annotations.Nullable;

/// What a shell reads from the lines below, to the word that ends it.
final class HereDocuments implements Scanner {

  private final Page page;
  private final Line[] lines;

  HereDocuments(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  @Override
  public void scan() {
    if (!page.has('<')) {
      return;
    }
    for (int i = 0; i < lines.length; i++) {
      Line line = lines[i];
      String word = line.has('<') && line.isOpen() ? heredocWord(line.text) : null;
      if (word != null) {
        int end = i + 1;
        while (end < lines.length && !isTerminator(lines[end].text, word)) {
          end++;
        }
        int to = Math.min(end + 1, lines.length);
        page.claimEdged(i, to, Removed.CODE, "shell");
        i = to - 1;
      }
    }
  }

  private static boolean isTerminator(String text, String word) {
    if (!text.startsWith(word)) {
      return false;
    }
    return text.substring(word.length()).chars().allMatch(c -> ");\"'| ".indexOf(c) >= 0);
  }

  static @Nullable String heredocWord(String text) {
    int at = text.indexOf("<<");
    if (at < 0 || at + 2 >= text.length() || text.startsWith("<<<", at)) {
      return null;
    }
    int i = at + 2;
    while (i < text.length() && "-~ '\"\\".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    int start = i;
    while (i < text.length()
        && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
      i++;
    }
    String word = text.substring(start, i);
    return word.length() >= 2 && Character.isUpperCase(word.charAt(0)) ? word : null;
  }
}
