// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The scanners for structures that can be told from their marks alone, whatever stands inside:
/// each walks the lines once and claims those that belong to its structure.
final class Structures {

  private static final Map<String, String> LANGUAGES = languages();

  private final List<Line> lines;
  private int region;

  Structures(List<Line> lines) {
    this.lines = lines;
  }

  /// Claims the lines of every structure; returns the number of regions.
  int scan(Budget.Deadline deadline) {
    fences();
    deadline.check();
    elements();
    heredocs();
    diffs();
    deadline.check();
    traces();
    diagnostics();
    sessions();
    deadline.check();
    toolScreens();
    comments();
    data();
    return region;
  }

  private void claim(int from, int to, Removed what, @Nullable String language) {
    region++;
    for (int i = from; i < to; i++) {
      Line line = lines.get(i);
      if (line.isOpen()) {
        line.verdict = what;
        line.region = region;
        line.language = language;
      }
    }
  }

  private void claimEdged(int from, int to, Removed what, @Nullable String language) {
    claim(from, to, what, language);
    for (int i = from; i < to; i++) {
      lines.get(i).edged = true;
    }
  }

  // ---- fences

  private void fences() {
    int i = 0;
    while (i < lines.size()) {
      String text = lines.get(i).text;
      String bare =
          LineScore.isListItem(text) ? text.substring(text.indexOf(' ') + 1).strip() : text;
      char mark = bare.isEmpty() ? '\0' : bare.charAt(0);
      int width = runOf(bare, mark);
      boolean opens = (mark == '`' || mark == '~') && width >= 3 && bare.indexOf('`', width) < 0;
      boolean quotes =
          (mark == '\'' || mark == '"') && width == 3 && isWord(bare.substring(3).strip());
      // A fence that opens behind words: "look: ```java"
      int inside = bare.indexOf("```");
      boolean trails = !opens && inside > 0 && bare.indexOf("```", inside + 3) < 0;
      if (opens || quotes || trails) {
        int end = closingFence(i + 1, trails ? '`' : mark, trails ? 3 : width);
        String info = bare.substring(trails ? inside + 3 : width).strip();
        if (trails && !isWord(info)) {
          claimEdged(i, i + 1, Removed.CODE, null);
        }
        if (trails) {
          claimEdged(i + 1, end, Removed.CODE, languageOf(info));
        } else {
          claimEdged(i, end, Removed.CODE, languageOf(info));
        }
        i = end;
      } else {
        i++;
      }
    }
  }

  private int closingFence(int from, char mark, int width) {
    for (int i = from; i < lines.size(); i++) {
      String text = lines.get(i).text;
      String stripped = lines.get(i).bare();
      if (closes(text, mark, width) || closes(stripped, mark, width)) {
        return i + 1;
      }
      // Code and closing fence on one line, or words right behind the fence: it is closed, too.
      if (mark == '`' && text.endsWith("```") && runOf(text, '`') < 3) {
        return i + 1;
      }
    }
    return lines.size();
  }

  private static boolean closes(String text, char mark, int width) {
    return !text.isEmpty()
        && text.charAt(0) == mark
        && runOf(text, mark) >= width
        && runOf(text, mark) == text.length();
  }

  private static int runOf(String text, char mark) {
    int i = 0;
    while (i < text.length() && text.charAt(i) == mark) {
      i++;
    }
    return i;
  }

  private static boolean isWord(String text) {
    return text.length() <= 20
        && text.chars()
            .allMatch(c -> Character.isLetterOrDigit(c) || c == '+' || c == '#' || c == '-');
  }

  // ---- <pre>, <code>, <file path="…"> … </file>, {% highlight %}

  private static final List<String> ELEMENTS =
      List.of(
          "pre",
          "code",
          "file",
          "document",
          "document_content",
          "file_content",
          "content",
          "source",
          "snippet",
          "script",
          "style",
          "diff",
          "selection",
          "selected_code",
          "example",
          "tool_result",
          "tool_use",
          "function_results",
          "function_calls",
          "antml",
          "stdout",
          "stderr",
          "output",
          "bash-stdout",
          "bash-stderr",
          "bash-input",
          "local-command-stdout",
          "local-command-stderr",
          "system-reminder",
          "svg",
          "html",
          "xml",
          "svelte",
          "template",
          "table",
          "details",
          "ide_selection",
          "ide_opened_file",
          "ide_diagnostics");

  private void elements() {
    int i = 0;
    while (i < lines.size()) {
      String name = lines.get(i).isOpen() ? opensElement(lines.get(i).text) : null;
      if (name == null) {
        i++;
        continue;
      }
      int end = i;
      String close = "</" + name;
      while (end < lines.size() && !lines.get(end).text.toLowerCase(Locale.ROOT).contains(close)) {
        end++;
      }
      if (end < lines.size()) {
        claimEdged(i, end + 1, Removed.CODE, null);
        i = end + 1;
      } else {
        claimEdged(i, lines.size(), Removed.CODE, null);
        i = lines.size();
      }
    }
  }

  private static @Nullable String opensElement(String text) {
    int at = text.indexOf('<');
    if (at < 0 || at + 2 >= text.length()) {
      return null;
    }
    int end = at + 1;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end))
            || text.charAt(end) == '-'
            || text.charAt(end) == '_')) {
      end++;
    }
    String name = text.substring(at + 1, end).toLowerCase(Locale.ROOT);
    boolean bounded = end < text.length() && (text.charAt(end) == '>' || text.charAt(end) == ' ');
    return bounded
            && ELEMENTS.contains(name)
            && (at == 0 || text.indexOf('>', end) == text.length() - 1)
        ? name
        : null;
  }

  // ---- here-documents

  private void heredocs() {
    for (int i = 0; i < lines.size(); i++) {
      String word = lines.get(i).isOpen() ? heredocWord(lines.get(i).text) : null;
      if (word != null) {
        int end = i + 1;
        while (end < lines.size() && !isTerminator(lines.get(end).text, word)) {
          end++;
        }
        int to = Math.min(end + 1, lines.size());
        claimEdged(i, to, Removed.CODE, "shell");
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

  // ---- diffs

  private void diffs() {
    int i = 0;
    while (i < lines.size()) {
      if (!lines.get(i).isOpen() || !startsDiff(i)) {
        i++;
        continue;
      }
      int end = i;
      int files = 0;
      int left = 0;
      int newLeft = 0;
      boolean inHunk = false;
      while (end < lines.size()) {
        String raw = lines.get(end).raw;
        String text = raw.strip();
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
          boolean speaks = !raw.isEmpty() && LineScore.of(lines.get(end)) < -1.5;
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
      region++;
      for (int k = i; k < end; k++) {
        lines.get(k).verdict = Removed.DIFF;
        lines.get(k).region = region;
        lines.get(k).edged = true;
        lines.get(k).language = Integer.toString(Math.max(1, files));
      }
      i = Math.max(end, i + 1);
    }
  }

  private boolean startsDiff(int at) {
    String text = lines.get(at).bare();
    if (text.startsWith("diff --git ")
        || isHunkHeader(text)
        || text.startsWith("diff -")
        || text.startsWith("Index: ")) {
      return true;
    }
    return text.startsWith("--- ")
        && at + 1 < lines.size()
        && lines.get(at + 1).bare().startsWith("+++ ");
  }

  private boolean nextIsDiff(int at) {
    for (int i = at + 1; i < lines.size() && i < at + 3; i++) {
      String raw = lines.get(i).raw;
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

  // ---- stack traces

  private void traces() {
    int i = 0;
    while (i < lines.size()) {
      if (!lines.get(i).isOpen()) {
        i++;
        continue;
      }
      String text = lines.get(i).text;
      int end = i;
      if (text.startsWith("Traceback (") || text.startsWith("Traceback(")) {
        end = pythonTrace(i);
      } else if ((text.startsWith("goroutine ") && text.endsWith(":"))
          || (text.startsWith("panic: ") && hasFrameWithin(i, 6))) {
        end = i + 1;
        while (end < lines.size()
            && (isGoFrame(lines.get(end))
                || (lines.get(end).isBlank()
                    && end + 1 < lines.size()
                    && (lines.get(end + 1).text.startsWith("goroutine ")
                        || isGoFrame(lines.get(end + 1)))))) {
          end++;
        }
      } else if (isFrame(text)) {
        end = frames(i);
        // The message stands above its first frame, and the excerpt of the source may, too.
        i = traceHead(i);
      }
      if (end > i) {
        claimEdged(i, end, Removed.STACK_TRACE, null);
        i = end;
      } else {
        i++;
      }
    }
  }

  private int pythonTrace(int start) {
    int end = start + 1;
    while (end < lines.size()) {
      Line line = lines.get(end);
      if (line.isBlank()) {
        int next = end + 1;
        if (next < lines.size()
            && (lines.get(next).text.startsWith("During handling of")
                || lines.get(next).text.startsWith("The above exception"))) {
          end = next + 1;
          continue;
        }
        if (next < lines.size() && lines.get(next).text.startsWith("Traceback (")) {
          end = next + 1;
          continue;
        }
        break;
      }
      if (line.text.startsWith("File \"")
          || line.text.startsWith("[Previous line repeated")
          || line.indent >= lines.get(start).indent + 2) {
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
    while (end < lines.size() && end - lastFrame <= 2) {
      String text = lines.get(end).text;
      if (isFrame(text)
          || text.startsWith("Caused by:")
          || text.startsWith("Suppressed:")
          || isMore(text)
          || text.startsWith("note: run with")
          || text.startsWith("Node.js v")
          || text.startsWith("--- End of")) {
        lastFrame = end;
      } else if (!lines.get(end).isBlank() && LineScore.of(lines.get(end)) < -0.5) {
        break;
      }
      end++;
    }
    return lastFrame + 1;
  }

  private int traceHead(int firstFrame) {
    int head = firstFrame;
    int blanks = 0;
    for (int i = firstFrame - 1; i >= 0 && firstFrame - i <= 6 && lines.get(i).isOpen(); i--) {
      Line line = lines.get(i);
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
    for (int i = from + 1; i < lines.size() && i <= from + most; i++) {
      if (lines.get(i).text.startsWith("goroutine ")
          || isFrame(lines.get(i).text)
          || isGoFrame(lines.get(i))) {
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

  private static boolean isCaret(String text) {
    return !text.isEmpty()
        && text.indexOf('^') + text.indexOf('~') > -2
        && text.chars().allMatch(c -> "^~|- +_.\u2502\u2570\u256d\u2500".indexOf(c) >= 0);
  }

  // ---- compilers, linters, test reports

  private void diagnostics() {
    int i = 0;
    while (i < lines.size()) {
      Line line = lines.get(i);
      if (line.isOpen() && isDiagnostic(line.text)) {
        int end = i + 1;
        int last = end;
        while (end < lines.size() && end - last < 4) {
          Line next = lines.get(end);
          if (!next.isOpen()) {
            break;
          }
          if (isDiagnostic(next.text) || isExcerpt(next)) {
            last = end + 1;
          } else if (next.isBlank()) {
            if (end + 1 < lines.size()
                && !isDiagnostic(lines.get(end + 1).text)
                && !isExcerpt(lines.get(end + 1))) {
              break;
            }
          } else if (next.indent < 2 && (LineScore.of(next) < -0.6 || !caretFollows(end))) {
            break;
          } else if (next.indent >= 2 && LineScore.of(next) < -2.5) {
            break;
          } else {
            last = end + 1;
          }
          end++;
        }
        claim(i, last, Removed.OUTPUT, null);
        i = last;
      } else if (line.isOpen() && (isCaret(line.text) && line.text.indexOf('^') >= 0)) {
        int from = i > 0 && lines.get(i - 1).isOpen() ? i - 1 : i;
        claim(from, i + 1, Removed.OUTPUT, null);
        i++;
      } else {
        i++;
      }
    }
    pytest();
  }

  private boolean caretFollows(int at) {
    return (at + 1 < lines.size() && isCaret(lines.get(at + 1).text))
        || (at + 2 < lines.size() && isCaret(lines.get(at + 2).text));
  }

  private void pytest() {
    for (int i = 0; i < lines.size(); i++) {
      String raw = lines.get(i).raw;
      String text = raw.strip();
      boolean banner =
          text.length() >= 20
              && ((text.startsWith("____") && text.endsWith("____"))
                  || (text.startsWith("====") && text.endsWith("====")));
      if (!lines.get(i).isOpen()
          || !(banner || raw.startsWith("E   ") || raw.startsWith(">       "))) {
        continue;
      }
      int from = i;
      while (from > 0
          && lines.get(from - 1).isOpen()
          && (lines.get(from - 1).isBlank() || lines.get(from - 1).indent >= 4)
          && i - from < 60) {
        from--;
      }
      int end = i + 1;
      int last = end;
      while (end < lines.size() && lines.get(end).isOpen() && end - last < 5) {
        String next = lines.get(end).raw;
        String stripped = next.strip();
        if (next.startsWith("E  ")
            || next.startsWith("> ")
            || next.startsWith("    ")
            || stripped.startsWith("====")
            || stripped.startsWith("____")
            || stripped.startsWith("FAILED ")
            || stripped.startsWith("ERROR ")
            || stripped.startsWith("PASSED ")
            || isDiagnostic(stripped)
            || stripped.contains(" passed")
            || stripped.contains(" failed")
            || stripped.endsWith("Error")) {
          last = end + 1;
        } else if (!stripped.isEmpty() && LineScore.of(lines.get(end)) < -0.5) {
          break;
        }
        end++;
      }
      while (from < i && lines.get(from).isBlank()) {
        from++;
      }
      claim(from, last, Removed.OUTPUT, null);
      i = last - 1;
    }
  }

  private static final List<String> SEVERITIES =
      List.of(
          "error", "warning", "note", "fatal error", "info", "remark", "hint", "fehler", "erreur");

  static boolean isDiagnostic(String text) {
    int colon = placeWithLine(text);
    if (colon <= 0
        && (text.isEmpty()
            || ("e-nw[imENWIM\u0130".indexOf(text.charAt(0)) < 0
                && text.charAt(text.length() - 1) != ':'))) {
      return false;
    }
    String lower =
        text.length() > 200
            ? text.substring(0, 200).toLowerCase(Locale.ROOT)
            : text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("error[")
        || lower.startsWith("--> ")
        || lower.startsWith("npm err!")
        || lower.startsWith("npm error")
        || lower.startsWith("warning: unused")
        || lower.startsWith("[error] ")
        || lower.startsWith("[warning] ")
        || lower.startsWith("[info] ")) {
      return true;
    }
    if (lower.startsWith("in file included from")
        || lower.startsWith("make: ***")
        || lower.startsWith("make[")) {
      return true;
    }
    if (colon > 0) {
      String rest = lower.substring(Math.min(colon, lower.length())).strip();
      for (String severity : SEVERITIES) {
        if (rest.startsWith(severity) || rest.startsWith(": " + severity)) {
          return true;
        }
      }
      if (rest.startsWith("in function")
          || rest.contains("error ts")
          || rest.startsWith("- error")
          || rest.startsWith("undefined")
          || rest.startsWith("assertionerror")
          || rest.endsWith("error")
          || rest.startsWith("in ")) {
        return true;
      }
      return !rest.isEmpty() && text.indexOf(' ') >= colon - 1;
    }
    return (lower.startsWith("error: ")
            && lower.length() < 160
            && (lower.contains("`") || lower.contains("'") || lower.contains("expected")))
        || (lower.startsWith("warning: ") && lower.contains("`"))
        || (lower.contains(": in function ") && lower.endsWith(":"));
  }

  /// The end of `path/file.ext:12:` or `file.ext(12,3):` at the start of a line, or -1.
  private static int placeWithLine(String text) {
    int i = 0;
    int dot = -1;
    while (i < text.length()
        && !Character.isWhitespace(text.charAt(i))
        && text.charAt(i) != ':'
        && text.charAt(i) != '(') {
      if (text.charAt(i) == '.' || text.charAt(i) == '/') {
        dot = i;
      }
      i++;
    }
    if (dot < 0
        || i >= text.length()
        || i + 1 >= text.length()
        || !Character.isDigit(text.charAt(i + 1))) {
      return -1;
    }
    i++;
    while (i < text.length()
        && (Character.isDigit(text.charAt(i)) || ":,.-)".indexOf(text.charAt(i)) >= 0)) {
      i++;
    }
    return i;
  }

  private static boolean isExcerpt(Line line) {
    String raw = line.bare();
    if (isCaret(raw)) {
      return true;
    }
    int i = 0;
    while (i < raw.length() && (Character.isDigit(raw.charAt(i)) || raw.charAt(i) == ' ')) {
      i++;
    }
    if (i < raw.length() && (raw.charAt(i) == '|' || raw.charAt(i) == '\u2502')) {
      return true;
    }
    return raw.startsWith("= note")
        || raw.startsWith("= help")
        || raw.startsWith("help: ")
        || raw.startsWith("note: ")
        || raw.startsWith("--> ")
        || raw.startsWith("::: ")
        || raw.startsWith("symbol:")
        || raw.startsWith("location:")
        || raw.startsWith("required:")
        || raw.startsWith("found:")
        || raw.startsWith("reason:")
        || raw.startsWith("...");
  }

  // ---- read-eval-print loops and shells

  private void sessions() {
    int i = 0;
    while (i < lines.size()) {
      Line line = lines.get(i);
      String raw = line.bare();
      int prompt = line.isOpen() ? promptWidth(raw, i) : 0;
      if (prompt == 0) {
        i++;
        continue;
      }
      int end = i + 1;
      while (end < lines.size()) {
        Line next = lines.get(end);
        String text = next.bare();
        if (!next.isOpen()) {
          break;
        }
        if (promptWidth(text, end) > 0 || text.startsWith("... ") || text.equals("...")) {
          end++;
        } else if (next.isBlank()) {
          int after = end + 1;
          boolean goesOn =
              after < lines.size()
                  && (promptWidth(lines.get(after).bare(), after) > 0
                      || lines.get(after).text.startsWith("Out[")
                      || lines.get(after).indent >= 2);
          if (!goesOn) {
            break;
          }
          end++;
        } else if (LineScore.of(next) < -1.6 && isTalk(next)) {
          break;
        } else {
          end++;
        }
      }
      claim(i, end, Removed.OUTPUT, null);
      i = end;
    }
  }

  private static boolean isTalk(Line line) {
    LineScore score = LineScore.countsOf(line);
    return score.functionWords + score.talkWords >= 2;
  }

  private static final List<String> PROMPTS =
      List.of(
          ">>> ",
          ">>>",
          "... ",
          "In [",
          "Out[",
          "irb(",
          "pry(",
          "iex(",
          "ghci>",
          "Prelude>",
          "scala>",
          "julia>",
          "mysql>",
          "MariaDB [",
          "sqlite>",
          "redis>",
          "hive>",
          "ocaml>",
          "utop #",
          "jshell>",
          "php >",
          "user=>",
          "\u03bb>",
          "*Main>",
          "lua>",
          "erl>",
          "spark-sql>",
          "cqlsh",
          "nix-repl>",
          "groovy:0",
          "kotlin>",
          "node>",
          "deno>",
          "R> ",
          "sage:",
          "gdb>",
          "(gdb)",
          "(lldb)",
          "(Pdb)",
          "(dbg)",
          "dbg>",
          "PS C:",
          "PS /",
          "C:\\",
          "\u276f ",
          "\u279c ",
          "$ ",
          "% ",
          "mongo>",
          "mongosh>",
          "zsh%",
          "bash$",
          "bash-5",
          "sh-5",
          "sh$",
          "fish>",
          "cmd>",
          "1> ",
          "2> ",
          "3> ",
          "4> ",
          "5> ",
          "guile>",
          "scheme@",
          "clj>",
          "smlnj>",
          "idris>",
          "stack>",
          "swift>",
          "swipl",
          "?- ",
          "psql>",
          "perl>",
          "tcl>",
          "raku>",
          "elm>",
          "crystal>",
          "coq <",
          "Coq <");

  private static final Map<Character, List<String>> PROMPTS_BY_FIRST =
      PROMPTS.stream()
          .collect(java.util.stream.Collectors.groupingBy(prompt -> prompt.charAt(0)));

  private int promptWidth(String raw, int at) {
    if (raw.length() < 2) {
      return 0;
    }
    for (String prompt : PROMPTS_BY_FIRST.getOrDefault(raw.charAt(0), List.of())) {
      if (raw.startsWith(prompt)) {
        boolean shy =
            prompt.equals("... ")
                || prompt.equals("% ")
                || (Character.isDigit(prompt.charAt(0)) && prompt.length() == 3);
        return shy && LineScore.of(new Line(raw.substring(prompt.length()))) < 0
            ? 0
            : prompt.length();
      }
    }
    // user@host:~/x$ , postgres=# , [root@host x]#
    int space = raw.indexOf(' ');
    String head = space < 0 ? raw : raw.substring(0, space);
    if (head.length() >= 3 && space > 0) {
      char last = head.charAt(head.length() - 1);
      boolean shell =
          (last == '$' || last == '#' || last == '%' || last == '>')
              && (head.indexOf('@') > 0
                  || head.indexOf('~') >= 0
                  || head.indexOf('/') >= 0
                  || head.indexOf(':') > 0
                  || Marks.isMark(head.charAt(0)));
      boolean database =
          head.endsWith("=#")
              || (head.endsWith("=>") && Character.isLetter(head.charAt(0)))
              || head.endsWith("-#")
              || head.endsWith("(#");
      if (shell || database) {
        return head.length();
      }
    }
    if ((head.startsWith("[") && raw.indexOf("]$ ") > 0)
        || (raw.indexOf("]# ") > 0 && head.indexOf('@') > 0)) {
      return raw.indexOf("] ") + 2;
    }
    // "> x": a node prompt, when the rest is source and it is not a quotation of several lines.
    if (raw.startsWith("> ")
        && LineScore.of(new Line(raw.substring(2))) > 1
        && at + 1 < lines.size()
        && !lines.get(at + 1).bare().startsWith(">")) {
      return 2;
    }
    return 0;
  }

  // ---- screens of AI tools, boxes, progress

  private void toolScreens() {
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (!line.isOpen() || line.isBlank()) {
        continue;
      }
      char first = line.bare().charAt(0);
      boolean call =
          (first == '\u23fa' || first == '\u25cf' || first == '\u2022')
              && line.text.indexOf('(') > 1
              && line.text.indexOf('(') < 24
              && Character.isUpperCase(firstLetter(line.text));
      if (call || first == '\u23bf') {
        int end = i + 1;
        while (end < lines.size()) {
          Line next = lines.get(end);
          char c = next.isBlank() ? ' ' : next.bare().charAt(0);
          if (next.isBlank()) {
            int after = end + 1;
            if (after >= lines.size()
                || !(lines.get(after).indent >= 2 || lines.get(after).numbered)) {
              break;
            }
          } else if (!(c == '\u23bf' || c == '\u2026' || next.indent >= 2 || next.numbered)) {
            break;
          }
          end++;
        }
        claim(i, end, Removed.OUTPUT, null);
        i = end - 1;
      } else if (isBox(first)) {
        claim(i, i + 1, Removed.OUTPUT, null);
      }
    }
  }

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

  // ---- comments that span lines, whatever words they hold

  private void comments() {
    block("/*", "*/");
    block("<!--", "-->");
    block("{-", "-}");
    block("(*", "*)");
    block("--[[", "]]");
    block("#|", "|#");
    block("<#", "#>");
    block("\"\"\"", "\"\"\"");
    block("'''", "'''");
    block("=begin", "=end");
    block("=pod", "=cut");
    block("=head1", "=cut");
    block("=head2", "=cut");
    block("@moduledoc", "\"\"\"");
    block("#=", "=#");
    block("%{", "%}");
    markedLines();
    for (int i = 0; i < lines.size(); i++) {
      // The end of a comment whose beginning was not pasted.
      String text = lines.get(i).text;
      if (lines.get(i).isOpen()
          && (text.endsWith("*/")
              || text.equals("-->")
              || text.equals("-}")
              || text.equals("\"\"\"")
              || text.equals("'''")
              || text.equals("=cut")
              || text.equals("=end"))) {
        int from = i;
        while (from > 0
            && lines.get(from - 1).isOpen()
            && !lines.get(from - 1).isBlank()
            && (lines.get(from - 1).indent >= lines.get(i).indent
                || lines.get(from - 1).first() == '*')
            && !(from == 1 && isTalk(lines.get(0)))) {
          from--;
        }
        claim(from, i + 1, Removed.CODE, null);
      }
    }
  }

  /// Lines that begin with the mark of a comment. A single `#` or `*` is also how headings and
  /// lists begin; those count when they touch source.
  private void markedLines() {
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (!line.isOpen() || line.isBlank()) {
        continue;
      }
      String text = line.text;
      if (Character.isLetterOrDigit(text.charAt(0)) && !text.startsWith("REM ") && !text.startsWith("dnl ")) {
        continue;
      }
      boolean sure =
          text.startsWith("//")
              || text.startsWith("/*")
              || text.startsWith("#'")
              || text.startsWith(";;")
              || text.startsWith("; ")
              || text.startsWith("%% ")
              || text.startsWith("% ")
              || text.startsWith("! ")
              || text.startsWith("!$")
              || text.startsWith("--!")
              || text.startsWith("-- |")
              || text.startsWith("REM ")
              || text.startsWith("#!")
              || text.startsWith("*>")
              || text.startsWith("@param")
              || text.startsWith("@return")
              || text.startsWith("\\")
              || text.startsWith("' ")
              || text.startsWith("dnl ")
              || text.startsWith("--[")
              || text.startsWith("(*")
              || text.startsWith("#:")
              || text.startsWith("#[")
              || text.startsWith("#{");
      boolean dashes = text.startsWith("-- ");
      boolean maybe =
          text.startsWith("# ")
              || (text.startsWith("## ") && line.indent > 0)
              || text.equals("#")
              || text.equals("*")
              || (text.startsWith("#") && text.length() > 1 && Character.isLetter(text.charAt(1)))
              || (text.startsWith("* ") && line.indent % 2 == 1)
              || text.startsWith("*   ")
              || text.startsWith("* @")
              || dashes;
      if (sure || (maybe && touchesSource(i, text.charAt(0))) || (dashes && line.indent > 0)) {
        claim(i, i + 1, Removed.CODE, null);
      }
    }
  }

  private boolean touchesSource(int at, char mark) {
    for (int step = -1; step <= 1; step += 2) {
      int i = at + step;
      int same = 0;
      while (i >= 0
          && i < lines.size()
          && lines.get(i).isOpen()
          && !lines.get(i).isBlank()
          && lines.get(i).first() == mark
          && same < 30) {
        i += step;
        same++;
      }
      if (i >= 0
          && i < lines.size()
          && !lines.get(i).isBlank()
          && ((!lines.get(i).isOpen()
                  && lines.get(i).verdict == Removed.CODE
                  && lines.get(i).language == null)
              || (lines.get(i).isOpen() && LineScore.of(lines.get(i)) > 0.8))) {
        return true;
      }
      if (mark == '#'
          && same >= 1
          && !lines.get(at + step).text.startsWith("##")
          && !LineScore.isHeading(lines.get(at + step).text)) {
        return true;
      }
    }
    return false;
  }

  private void block(String open, String close) {
    int i = 0;
    while (i < lines.size()) {
      Line line = lines.get(i);
      int at = line.isOpen() ? opening(line.text, open) : -1;
      if (at < 0 || line.text.indexOf(close, at + open.length()) >= 0) {
        i++;
        continue;
      }
      int end = i + 1;
      while (end < lines.size()
          && lines.get(end).isOpen()
          && !lines.get(end).text.contains(close)) {
        end++;
      }
      if (end < lines.size() && lines.get(end).isOpen()) {
        claim(i, end + 1, Removed.CODE, null);
        i = end + 1;
      } else {
        // Never closed: it goes on for as long as the lines stand together.
        end = i + 1;
        while (end < lines.size()
            && lines.get(end).isOpen()
            && (!lines.get(end).isBlank() || goesOn(end + 1, line.indent))
            && !(end > i + 1
                && lines.get(end).indent == 0
                && LineScore.of(lines.get(end)) < -2
                && lines.get(end).first() != '*'
                && line.indent > 0)) {
          end++;
        }
        claim(i, end, Removed.CODE, null);
        i = end;
      }
    }
  }

  private boolean goesOn(int at, int indent) {
    if (at >= lines.size()) {
      return false;
    }
    Line line = lines.get(at);
    return line.first() == '*' || line.indent > indent;
  }

  private static int opening(String text, String open) {
    if (open.equals("/*")) {
      int at = text.indexOf(open);
      return at >= 0 && (at == 0 || text.charAt(at - 1) == ' ') && !text.startsWith("/**/", at)
          ? at
          : -1;
    }
    if (open.equals("\"\"\"") || open.equals("'''")) {
      int at = text.indexOf(open);
      return (at >= 0 && text.indexOf(' ') != at - 1)
              || at == 0
              || (at > 0 && "=( [,rRfbBu".indexOf(text.charAt(at - 1)) >= 0)
          ? at
          : -1;
    }
    return text.startsWith(open) ? 0 : -1;
  }

  // ---- rows of data

  private void data() {
    int i = 0;
    while (i < lines.size()) {
      Line line = lines.get(i);
      if (!line.isOpen() || line.isBlank()) {
        i++;
        continue;
      }
      if ((line.text.length() > 2_000 && LineScore.of(line) > -2) || isBlob(line)) {
        int end = i + 1;
        while (end < lines.size()
            && lines.get(end).isOpen()
            && (isBlob(lines.get(end))
                || (isOneToken(lines.get(end).text)
                    && lines.get(end).text.length() < 80
                    && lines.get(end).text.length() >= 12
                    && LineScore.of(lines.get(end)) > -1
                    && end == i + 1))) {
          end++;
        }
        claim(i, end, Removed.DATA, null);
        i = end;
        continue;
      }
      int end = i;
      while (end < lines.size() && lines.get(end).isOpen() && isDataRow(lines.get(end))) {
        end++;
      }
      if (end - i >= 3) {
        claim(i, end, Removed.DATA, null);
        i = end;
        continue;
      }
      end = keyValues(i);
      if (end - i >= 2) {
        claim(i, end, Removed.DATA, null);
        i = end;
      } else {
        i++;
      }
    }
  }

  private static boolean isOneToken(String text) {
    return text.indexOf(' ') < 0;
  }

  /// Long tokens of a machine's alphabet: base64, hexadecimal, data addresses.
  private static boolean isBlob(Line line) {
    String text = line.text;
    if (text.length() < 40) {
      return false;
    }
    int longest = 0;
    int run = 0;
    int mixed = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean in =
          c < 128
              && (Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=' || c == '\\');
      run = in ? run + 1 : 0;
      longest = Math.max(longest, run);
      mixed += in && (Character.isDigit(c) || Character.isUpperCase(c) || c == '+') ? 1 : 0;
    }
    boolean machine = longest >= 40 && mixed * 5 >= text.length() && longest * 2 >= text.length();
    // A sentence may have one long token in it.
    return machine && (text.indexOf(' ') <= 0 || LineScore.countsOf(line).longestPlainRun < 2);
  }

  /// Fields between commas, tabs or semicolons, few words of a sentence among them.
  private static boolean isDataRow(Line line) {
    String text = line.text;
    int commas = 0;
    int tabs = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      commas +=
          (c == ',' || c == ';') && i + 1 < text.length() && text.charAt(i + 1) != ' ' ? 1 : 0;
      tabs +=
          c == '\t'
                  || (c == ' '
                      && i + 2 < text.length()
                      && text.charAt(i + 1) == ' '
                      && text.charAt(i + 2) != ' ')
              ? 1
              : 0;
    }
    if (commas < 2 && tabs < 2) {
      return false;
    }
    LineScore score = LineScore.countsOf(line);
    return score.functionWords * 5 <= score.words;
  }

  /// Runs of `key: value`, as in YAML, headers and properties.
  private int keyValues(int start) {
    int end = start;
    int keys = 0;
    while (end < lines.size() && lines.get(end).isOpen() && !lines.get(end).isBlank()) {
      Line line = lines.get(end);
      if (isKeyValue(line.text)) {
        keys++;
      } else if (!(keys > 0
              && line.text.startsWith("- ")
              && line.indent >= 2
              && LineScore.of(line) > -2)
          && !(keys > 0 && line.first() == '#')) {
        break;
      }
      end++;
    }
    boolean nested = false;
    for (int i = start; i < end; i++) {
      nested |= lines.get(i).indent > lines.get(start).indent || lines.get(i).text.endsWith(":");
    }
    return keys >= 3 || (keys >= 2 && nested) ? end : start;
  }

  private static boolean isKeyValue(String text) {
    String body = text.startsWith("- ") ? text.substring(2).strip() : text;
    int colon = body.indexOf(':');
    int equals = body.indexOf('=');
    int at = colon < 0 ? equals : equals < 0 ? colon : Math.min(colon, equals);
    if (at <= 0 || at > 60) {
      return false;
    }
    String key = body.substring(0, at).strip();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (!(Character.isLetterOrDigit(c) || "_-./\"'$@<{}>".indexOf(c) >= 0)) {
        return false;
      }
    }
    if (at + 1 < body.length() && body.charAt(at) == ':' && body.charAt(at + 1) != ' ') {
      return false;
    }
    LineScore value = LineScore.scan(body.substring(at + 1));
    return value.functionWords <= 1 && value.words <= 6;
  }

  // ---- names of languages

  static @Nullable String languageOf(String info) {
    int end = 0;
    while (end < info.length()
        && (Character.isLetterOrDigit(info.charAt(end))
            || info.charAt(end) == '+'
            || info.charAt(end) == '#')) {
      end++;
    }
    return LANGUAGES.get(info.substring(0, end).toLowerCase(Locale.ROOT));
  }

  private static Map<String, String> languages() {
    Map<String, String> names = new java.util.HashMap<>();
    String plain =
        "ada apl assembly awk bash c clojure cmake cobol crystal css dart diff dockerfile elixir elm erlang fortran"
            + " go graphql groovy haskell hcl html ini java javascript json julia kotlin latex lisp lua makefile"
            + " markdown matlab nim nix ocaml pascal perl php powershell prolog proto python r ruby rust sas scala"
            + " scheme shell solidity sql svelte swift tcl terraform text toml typescript vb verilog vhdl vue xml"
            + " yaml zig";
    for (String name : plain.split(" ", -1)) {
      names.put(name, name);
    }
    names.putAll(
        Map.ofEntries(
            Map.entry("js", "javascript"),
            Map.entry("jsx", "javascript"),
            Map.entry("ts", "typescript"),
            Map.entry("tsx", "typescript"),
            Map.entry("py", "python"),
            Map.entry("rb", "ruby"),
            Map.entry("rs", "rust"),
            Map.entry("sh", "shell"),
            Map.entry("zsh", "shell"),
            Map.entry("console", "shell"),
            Map.entry("golang", "go"),
            Map.entry("kt", "kotlin"),
            Map.entry("cs", "c sharp"),
            Map.entry("csharp", "c sharp"),
            Map.entry("c#", "c sharp"),
            Map.entry("cpp", "c plus plus"),
            Map.entry("c++", "c plus plus"),
            Map.entry("cc", "c plus plus"),
            Map.entry("objc", "objective c"),
            Map.entry("fsharp", "f sharp"),
            Map.entry("yml", "yaml"),
            Map.entry("md", "markdown"),
            Map.entry("protobuf", "proto"),
            Map.entry("ex", "elixir"),
            Map.entry("erl", "erlang"),
            Map.entry("hs", "haskell"),
            Map.entry("ml", "ocaml"),
            Map.entry("tf", "terraform"),
            Map.entry("ps1", "powershell"),
            Map.entry("txt", "text")));
    return Map.copyOf(names);
  }
}
