// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import java.util.Locale;

/// What compilers, linters and test runners report, with the source they quote.
final class Diagnostics implements Scanner {

  private final Page page;
  private final Line[] lines;

  Diagnostics(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  @Override
  public void scan() {
    int i = 0;
    while (i < lines.length) {
      Line line = lines[i];
      if (line.isOpen() && mayBeDiagnostic(line) && isDiagnostic(line.text)) {
        int end = i + 1;
        int last = end;
        while (end < lines.length && end - last < 4) {
          Line next = lines[end];
          if (!next.isOpen()) {
            break;
          }
          if ((mayBeDiagnostic(next) && isDiagnostic(next.text)) || isExcerpt(next)) {
            last = end + 1;
          } else if (next.isBlank()) {
            if (end + 1 < lines.length
                && !isDiagnostic(lines[end + 1].text)
                && !isExcerpt(lines[end + 1])) {
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
        page.claim(i, last, Removed.OUTPUT, null);
        i = last;
      } else if (line.has('^') && line.isOpen() && isMarked(line.text)) {
        int from = i > 0 && lines[i - 1].isOpen() ? i - 1 : i;
        page.claim(from, i + 1, Removed.OUTPUT, null);
        i++;
      } else {
        i++;
      }
    }
    pytest();
  }

  private static boolean isMarked(String text) {
    return StackTraces.isCaret(text) && text.indexOf('^') >= 0;
  }

  private boolean caretFollows(int at) {
    return (at + 1 < lines.length && StackTraces.isCaret(lines[at + 1].text))
        || (at + 2 < lines.length && StackTraces.isCaret(lines[at + 2].text));
  }

  private void pytest() {
    for (int i = 0; i < lines.length; i++) {
      String raw = lines[i].raw;
      char first = lines[i].bareFirst();
      if (first != '_' && first != '=' && first != 'E' && first != '>') {
        continue;
      }
      String text = lines[i].bare();
      boolean banner =
          text.length() >= 20
              && ((text.startsWith("____") && text.endsWith("____"))
                  || (text.startsWith("====") && text.endsWith("====")));
      if (!lines[i].isOpen() || !(banner || raw.startsWith("E   ") || raw.startsWith(">       "))) {
        continue;
      }
      int from = i;
      while (from > 0
          && lines[from - 1].isOpen()
          && (lines[from - 1].isBlank() || lines[from - 1].indent >= 4)
          && i - from < 60) {
        from--;
      }
      int end = i + 1;
      int last = end;
      while (end < lines.length && lines[end].isOpen() && end - last < 5) {
        String next = lines[end].raw;
        String stripped = lines[end].bare();
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
        } else if (!stripped.isEmpty() && LineScore.of(lines[end]) < -0.5) {
          break;
        }
        end++;
      }
      while (from < i && lines[from].isBlank()) {
        from++;
      }
      page.claim(from, last, Removed.OUTPUT, null);
      i = last - 1;
    }
  }

  private static final List<String> SEVERITIES =
      List.of(
          "error", "warning", "note", "fatal error", "info", "remark", "hint", "fehler", "erreur");

  /// What a line without a digit begins with if it is one, but for those that end with a colon.
  private static final List<String> BEGINNINGS =
      List.of("err", "-->", "npm", "war", "[err", "[war", "[inf", "in f", "mak");

  /// Whether the longer question is worth asking: of plain ASCII only lines with a place or a date,
  /// with a colon at the end or with one of a few beginnings are told by it.
  static boolean mayBeDiagnostic(Line line) {
    boolean place = line.has('.') || line.has('/') || line.has('(');
    if (!line.signs.ascii() || line.last() == ':' || (place && line.signs.mayHaveDigit())) {
      return true;
    }
    if ("e-nw[imENWIM".indexOf(line.first()) < 0) {
      return false;
    }
    for (int i = 0; i < BEGINNINGS.size(); i++) {
      String beginning = BEGINNINGS.get(i);
      if (line.text.regionMatches(true, 0, beginning, 0, beginning.length())) {
        return true;
      }
    }
    return false;
  }

  static boolean isDiagnostic(String text) {
    if (isBlame(text)) {
      return true;
    }
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

  /// The end of `path/file.ext:12:` or `file.ext(12,3):` at the start of a line, or -1. A line of
  /// `git blame`: a short hash, then who and when between brackets.
  private static boolean isBlame(String text) {
    int at = text.startsWith("^") ? 1 : 0;
    int start = at;
    if (at == text.length() || Character.digit(text.charAt(at), 16) < 0) {
      return false;
    }
    boolean digit = false;
    while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
      digit |= Character.isDigit(text.charAt(at));
      at++;
    }
    int open = text.indexOf('(', at);
    int close = text.indexOf(')', at);
    return digit
        && at - start >= 7
        && open >= at
        && text.substring(at, open).indexOf("  ") < 0
        && close > open + 16
        && isDateIn(text, open, close);
  }

  private static boolean isDateIn(String text, int from, int to) {
    for (int i = from; i + 10 <= to; i++) {
      if (text.charAt(i + 4) == '-'
          && text.charAt(i + 7) == '-'
          && text.substring(i, i + 10).chars().filter(Character::isDigit).count() == 8) {
        return true;
      }
    }
    return false;
  }

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
    if (StackTraces.isCaret(raw)) {
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
}
