// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Differences between files, by the lengths their hunks say they have.
final class Diffs implements Scanner {

  private final Line[] lines;

  Diffs(Page page) {
    this.lines = page.lines();
  }

  @Override
  public void scan() {
    int i = 0;
    while (i < lines.length) {
      if (!lines[i].isOpen() || !startsDiff(i)) {
        i++;
        continue;
      }
      int end = i;
      int files = 0;
      int left = 0;
      int newLeft = 0;
      boolean inHunk = false;
      while (end < lines.length) {
        String raw = lines[end].raw;
        String text = lines[end].bare();
        if (isHunkHeader(text)) {
          inHunk = true;
          left = hunkLines(text);
          newLeft = newLines(text);
        } else if (isDiffHeader(text)) {
          files +=
              text.startsWith("diff --git ")
                      || text.startsWith("Index: ")
                      || (text.startsWith("+++ ") && files == 0)
                  ? 1
                  : 0;
          inHunk = false;
        } else if (inHunk && (left > 0 || newLeft > 0 || isDiffLine(raw))) {
          boolean due = left > 0 || newLeft > 0;
          boolean speaks = !raw.isEmpty() && LineScore.of(lines[end]) < -1.5;
          if (speaks && (due ? !isDiffLine(raw) : raw.charAt(0) == ' ')) {
            break;
          }
          left -= raw.startsWith("+") ? 0 : 1;
          newLeft -= raw.startsWith("-") ? 0 : 1;
        } else if (text.isEmpty() && (inHunk || end == i) && nextIsDiff(end)) {
          left -= 1;
          newLeft -= 1;
        } else {
          break;
        }
        end++;
      }
      for (int k = i; k < end; k++) {
        lines[k].verdict = Removed.DIFF;
        lines[k].edged = true;
        lines[k].language = Integer.toString(Math.max(1, files));
      }
      i = Math.max(end, i + 1);
    }
  }

  private boolean startsDiff(int at) {
    char first = lines[at].bareFirst();
    if (first != 'd' && first != '@' && first != 'I' && first != '-') {
      return false;
    }
    String text = lines[at].bare();
    if (text.startsWith("diff --git ")
        || isHunkHeader(text)
        || text.startsWith("diff -")
        || text.startsWith("Index: ")) {
      return true;
    }
    return text.startsWith("--- ")
        && at + 1 < lines.length
        && lines[at + 1].bare().startsWith("+++ ");
  }

  private boolean nextIsDiff(int at) {
    for (int i = at + 1; i < lines.length && i < at + 3; i++) {
      String raw = lines[i].raw;
      if (!raw.isBlank()) {
        return isHunkHeader(raw.strip())
            || isDiffHeader(raw.strip())
            || raw.charAt(0) == '+'
            || raw.charAt(0) == '-'
            || raw.startsWith("  ");
      }
    }
    return false;
  }

  private static boolean isDiffLine(String raw) {
    return !raw.isEmpty()
        && (raw.charAt(0) == '+'
            || raw.charAt(0) == '-'
            || raw.charAt(0) == ' '
            || raw.charAt(0) == '\t'
            || raw.startsWith("\\ No newline"));
  }

  private static boolean isHunkHeader(String text) {
    return text.startsWith("@@ ") || text.startsWith("@@@ ");
  }

  /// `@@ -10,3 +10,5 @@`: three lines of the old text surely follow.
  private static int hunkLines(String header) {
    return lengthAfter(header, header.indexOf('-'));
  }

  /// … and five of the new one.
  private static int newLines(String header) {
    return lengthAfter(header, header.indexOf('+'));
  }

  private static int lengthAfter(String header, int sign) {
    if (sign < 0) {
      return 0;
    }
    int i = sign + 1;
    while (i < header.length() && Character.isDigit(header.charAt(i))) {
      i++;
    }
    if (i >= header.length() || header.charAt(i) != ',') {
      return 1;
    }
    int number = 0;
    for (int k = i + 1;
        k < header.length() && k < i + 7 && Character.isDigit(header.charAt(k));
        k++) {
      number = number * 10 + Character.digit(header.charAt(k), 10);
    }
    return number;
  }

  private static boolean isDiffHeader(String text) {
    return text.startsWith("diff --git ")
        || text.startsWith("diff -")
        || text.startsWith("index ")
        || text.startsWith("Index: ")
        || text.startsWith("--- ")
        || text.startsWith("+++ ")
        || text.startsWith("new file mode ")
        || text.startsWith("deleted file mode ")
        || text.startsWith("old mode ")
        || text.startsWith("new mode ")
        || text.startsWith("similarity index ")
        || text.startsWith("rename from ")
        || text.startsWith("rename to ")
        || text.startsWith("Binary files ")
        || text.startsWith("GIT binary patch")
        || text.startsWith("=======");
  }
}
