// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Comments that span lines, whatever words they hold, and lines that begin as comments do.
final class Comments implements Scanner {

  private final Page page;
  private final Line[] lines;

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
    for (int i = 0; i < lines.length; i++) {
      // The end of a comment whose beginning was not pasted.
      String text = lines[i].text;
      if ("/>}\"'td".indexOf(lines[i].last()) >= 0
          && lines[i].isOpen()
          && (text.endsWith("*/")
              || text.equals("-->")
              || text.equals("-}")
              || text.equals("\"\"\"")
              || text.equals("'''")
              || text.equals("=cut")
              || text.equals("=end"))) {
        int from = i;
        while (from > 0
            && lines[from - 1].isOpen()
            && !lines[from - 1].isBlank()
            && (lines[from - 1].indent >= lines[i].indent || lines[from - 1].first() == '*')
            && !(from == 1 && LineScore.isTalk(lines[0]))) {
          from--;
        }
        page.claim(from, i + 1, Removed.CODE, null);
      }
    }
  }

  /// Lines that begin with the mark of a comment. A single `#` or `*` is also how headings and
  /// lists begin; those count when they touch source.
  private void markedLines() {
    for (int i = 0; i < lines.length; i++) {
      Line line = lines[i];
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
          && i < lines.length
          && lines[i].isOpen()
          && !lines[i].isBlank()
          && lines[i].first() == mark
          && same < 30) {
        i += step;
        same++;
      }
      if (i >= 0
          && i < lines.length
          && !lines[i].isBlank()
          && ((!lines[i].isOpen() && lines[i].verdict == Removed.CODE && lines[i].language == null)
              || (lines[i].isOpen() && LineScore.of(lines[i]) > 0.8))) {
        return true;
      }
      if (mark == '#'
          && same >= 1
          && !lines[at + step].text.startsWith("##")
          && !LineScore.isHeading(lines[at + step].text)) {
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
    while (i < lines.length) {
      Line line = lines[i];
      boolean may = line.isOpen() && line.has(open.charAt(0)) && line.has(last);
      int at = may ? opening(line.text, open) : -1;
      if (at < 0 || line.text.indexOf(close, at + open.length()) >= 0) {
        i++;
        continue;
      }
      int end = i + 1;
      while (end < lines.length && lines[end].isOpen() && !lines[end].text.contains(close)) {
        end++;
      }
      // Its end may have been taken for the beginning of something else.
      if (end < lines.length && lines[end].text.contains(close)) {
        page.claim(i, end + 1, Removed.CODE, null);
        i = end + 1;
      } else {
        // Never closed: it goes on for as long as the lines stand together.
        end = i + 1;
        while (end < lines.length
            && lines[end].isOpen()
            && (!lines[end].isBlank() || goesOn(end + 1, line.indent))
            && !(end > i + 1
                && lines[end].indent == 0
                && LineScore.of(lines[end]) < -2
                && lines[end].first() != '*'
                && line.indent > 0)) {
          end++;
        }
        page.claim(i, end, Removed.CODE, null);
        i = end;
      }
    }
  }

  private boolean anyHas(char one, char other) {
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].has(one) && lines[i].has(other)) {
        return true;
      }
    }
    return false;
  }

  private boolean goesOn(int at, int indent) {
    if (at >= lines.length) {
      return false;
    }
    Line line = lines[at];
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
