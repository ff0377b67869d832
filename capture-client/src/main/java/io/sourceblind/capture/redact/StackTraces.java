// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Stack traces, with the message above them and the excerpts of source within.
final class StackTraces implements Scanner {

  private final Page page;
  private final Line[] lines;

  StackTraces(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  @Override
  public void scan() {
    int i = 0;
    while (i < lines.length) {
      if (!lines[i].isOpen() || !mayBegin(lines[i].first())) {
        i++;
        continue;
      }
      String text = lines[i].text;
      int end = i;
      if (text.startsWith("Traceback (") || text.startsWith("Traceback(")) {
        end = pythonTrace(i);
      } else if ((text.startsWith("goroutine ") && text.endsWith(":"))
          || (text.startsWith("panic: ") && hasFrameWithin(i, 6))) {
        end = i + 1;
        while (end < lines.length
            && (isGoFrame(lines[end])
                || (lines[end].isBlank()
                    && end + 1 < lines.length
                    && (lines[end + 1].text.startsWith("goroutine ")
                        || isGoFrame(lines[end + 1]))))) {
          end++;
        }
      } else if (isFrame(text)) {
        end = frames(i);
        // The message stands above its first frame, and the excerpt of the source may, too.
        i = traceHead(i);
      }
      if (end > i) {
        page.claimEdged(i, end, Removed.STACK_TRACE, null);
        i = end;
      } else {
        i++;
      }
    }
  }

  /// Whether any of what a trace begins with may begin so.
  private static boolean mayBegin(char first) {
    return "Tgpaf#Ft".indexOf(first) >= 0 || Character.isDigit(first);
  }

  private int pythonTrace(int start) {
    int end = start + 1;
    while (end < lines.length) {
      Line line = lines[end];
      if (line.isBlank()) {
        int next = end + 1;
        if (next < lines.length
            && (lines[next].text.startsWith("During handling of")
                || lines[next].text.startsWith("The above exception"))) {
          end = next + 1;
          continue;
        }
        if (next < lines.length && lines[next].text.startsWith("Traceback (")) {
          end = next + 1;
          continue;
        }
        break;
      }
      if (line.text.startsWith("File \"")
          || line.text.startsWith("[Previous line repeated")
          || line.indent >= lines[start].indent + 2) {
        end++;
      } else if (line.text.startsWith("During handling of")
          || line.text.startsWith("Traceback (")) {
        end++;
      } else {
        // The line with the exception itself.
        return end + 1;
      }
    }
    return end;
  }

  private int frames(int start) {
    int end = start;
    int lastFrame = start;
    while (end < lines.length && end - lastFrame <= 2) {
      String text = lines[end].text;
      if (isFrame(text)
          || text.startsWith("Caused by:")
          || text.startsWith("Suppressed:")
          || isMore(text)
          || text.startsWith("note: run with")
          || text.startsWith("Node.js v")
          || text.startsWith("--- End of")) {
        lastFrame = end;
      } else if (!lines[end].isBlank() && LineScore.of(lines[end]) < -0.5) {
        break;
      }
      end++;
    }
    return lastFrame + 1;
  }

  private int traceHead(int firstFrame) {
    int head = firstFrame;
    int blanks = 0;
    for (int i = firstFrame - 1; i >= 0 && firstFrame - i <= 6 && lines[i].isOpen(); i--) {
      Line line = lines[i];
      if (line.isBlank()) {
        blanks++;
        if (blanks > 1) {
          break;
        }
        continue;
      }
      boolean error =
          line.text.contains("Error")
              || line.text.contains("Exception")
              || line.text.contains("panicked at")
              || line.text.contains("exception")
              || line.text.contains("error:");
      boolean caret = isCaret(line.text);
      boolean place = endsWithLineNumber(line.text);
      if (error || caret || place || LineScore.of(line) > 0.5) {
        head = i;
      } else {
        break;
      }
    }
    return head;
  }

  private boolean hasFrameWithin(int from, int most) {
    for (int i = from + 1; i < lines.length && i <= from + most; i++) {
      if (lines[i].text.startsWith("goroutine ") || isFrame(lines[i].text) || isGoFrame(lines[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean isGoFrame(Line line) {
    String text = line.text;
    return (text.contains(".go:") && text.startsWith("/"))
        || (text.endsWith(")") && text.indexOf('(') > 0 && text.indexOf(' ') < 0)
        || (text.startsWith("created by ")
            || text.startsWith("exit status ")
            || text.contains("(0x")
            || text.endsWith("(...)"));
  }

  static boolean isFrame(String text) {
    if (text.startsWith("at ")
        && ((text.endsWith(")") && text.indexOf('(') > 0)
            || endsWithLineNumber(text)
            || text.contains("<anonymous>")
            || (text.contains(" in ") && text.contains(":line ")))) {
      return true;
    }
    if (text.startsWith("from ") && text.contains(":in ")) {
      return true;
    }
    if (text.startsWith("#")
        && text.length() > 2
        && Character.isDigit(text.charAt(1))
        && ((text.contains(": ") && text.contains("("))
            || text.contains(" in ")
            || text.contains("{main}"))) {
      return true;
    }
    if (text.startsWith("File \"") && text.contains(", line ")) {
      return true;
    }
    if (text.startsWith("thread '") && text.contains("panicked at")) {
      return true;
    }
    return text.length() > 8 && Character.isDigit(text.charAt(0)) && text.contains(": 0x");
  }

  private static boolean isMore(String text) {
    return text.startsWith("... ")
        && (text.endsWith(" more") || text.contains("frames") || text.contains("common"));
  }

  static boolean endsWithLineNumber(String text) {
    int i = text.length() - 1;
    if (i >= 0 && text.charAt(i) == ':') {
      i--;
    }
    int digits = 0;
    while (i >= 0 && Character.isDigit(text.charAt(i))) {
      i--;
      digits++;
    }
    return digits > 0
        && i > 2
        && text.charAt(i) == ':'
        && text.indexOf('.') > 0
        && text.lastIndexOf(' ') < text.lastIndexOf('.');
  }

  private static final String CARET = "^~|- +_.\u2502\u2570\u256d\u2500";

  static boolean isCaret(String text) {
    return !text.isEmpty()
        && CARET.indexOf(text.charAt(0)) >= 0
        && text.indexOf('^') + text.indexOf('~') > -2
        && text.chars().allMatch(c -> CARET.indexOf(c) >= 0);
  }
}
