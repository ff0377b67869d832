// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;

/// Comments that span lines, whatever words they hold, and lines that begin as comments do.
final class Comments implements Scanner {

  private final Page page;
  private final List<Line> lines;

  Comments(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  @Override
  public void scan() {
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
      if ("/>}\"'td".indexOf(lines.get(i).last()) >= 0
          && lines.get(i).isOpen()
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
            && !(from == 1 && LineScore.isTalk(lines.get(0)))) {
          from--;
        }
        page.claim(from, i + 1, Removed.CODE, null);
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
      if (Token.isLetter(line.first()) && line.first() != 'R' && line.first() != 'd') {
        continue;
      }
      String text = line.text;
      if (Character.isLetterOrDigit(text.charAt(0))
          && !text.startsWith("REM ")
          && !text.startsWith("dnl ")) {
        continue;
      }
      boolean sure = isComment(text);
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
        page.claim(i, i + 1, Removed.CODE, null);
      }
    }
  }

  private static boolean isComment(String text) {
    return switch (text.charAt(0)) {
      case '/' -> text.startsWith("//") || text.startsWith("/*");
      case '#' ->
          text.startsWith("#'")
              || text.startsWith("#!")
              || text.startsWith("#:")
              || text.startsWith("#[")
              || text.startsWith("#{");
      case ';' -> text.startsWith(";;") || text.startsWith("; ");
      case '%' -> text.startsWith("%% ") || text.startsWith("% ");
      case '!' -> text.startsWith("! ") || text.startsWith("!$");
      case '-' -> text.startsWith("--!") || text.startsWith("-- |") || text.startsWith("--[");
      case '(' -> text.startsWith("(*");
      case '*' -> text.startsWith("*>");
      case '@' -> text.startsWith("@param") || text.startsWith("@return");
      case '\'' -> text.startsWith("' ");
      case 'R' -> text.startsWith("REM ");
      case 'd' -> text.startsWith("dnl ");
      case '\\' -> true;
      default -> false;
    };
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
    char last = open.charAt(open.length() - 1);
    if (!page.has(open.charAt(0)) || !page.has(last) || !anyHas(open.charAt(0), last)) {
      return;
    }
    int i = 0;
    while (i < lines.size()) {
      Line line = lines.get(i);
      boolean may = line.isOpen() && line.has(open.charAt(0)) && line.has(last);
      int at = may ? opening(line.text, open) : -1;
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
      // Its end may have been taken for the beginning of something else.
      if (end < lines.size() && lines.get(end).text.contains(close)) {
        page.claim(i, end + 1, Removed.CODE, null);
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
        page.claim(i, end, Removed.CODE, null);
        i = end;
      }
    }
  }

  private boolean anyHas(char one, char other) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).has(one) && lines.get(i).has(other)) {
        return true;
      }
    }
    return false;
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
}
