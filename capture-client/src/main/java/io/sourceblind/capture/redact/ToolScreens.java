// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Screens of AI tools, boxes and progress bars.
final class ToolScreens implements Scanner {

  private final Page page;
  private final Line[] lines;

  ToolScreens(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  @Override
  public void scan() {
    for (int i = 0; i < lines.length; i++) {
      Line line = lines[i];
      char first = line.bareFirst();
      if (first < FIRST_MARK || !line.isOpen() || line.isBlank()) {
        continue;
      }
      boolean call =
          (first == '\u23fa' || first == '\u25cf' || first == '\u2022')
              && line.text.indexOf('(') > 1
              && line.text.indexOf('(') < 24
              && Character.isUpperCase(firstLetter(line.text));
      if (call || first == '\u23bf') {
        int end = i + 1;
        while (end < lines.length) {
          Line next = lines[end];
          char c = next.isBlank() ? ' ' : next.bare().charAt(0);
          if (next.isBlank()) {
            int after = end + 1;
            if (after >= lines.length || !(lines[after].indent >= 2 || lines[after].numbered)) {
              break;
            }
          } else if (!(c == '\u23bf' || c == '\u2026' || next.indent >= 2 || next.numbered)) {
            break;
          }
          end++;
        }
        page.claim(i, end, Removed.OUTPUT, null);
        i = end - 1;
      } else if (isBox(first)) {
        page.claim(i, i + 1, Removed.OUTPUT, null);
      }
    }
  }

  /// Whatever a screen is drawn with lies behind.
  private static final char FIRST_MARK = '\u2022';

  private static char firstLetter(String text) {
    for (int i = 0; i < text.length() && i < 6; i++) {
      if (Character.isLetter(text.charAt(i))) {
        return text.charAt(i);
      }
    }
    return ' ';
  }

  private static boolean isBox(char c) {
    return (c >= '\u2500' && c <= '\u259f') || (c >= '\u2800' && c <= '\u28ff');
  }
}
