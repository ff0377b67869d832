// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import org.jspecify.annotations.Nullable;

/// One line of a text while it is being judged.
final class Line {

  /// The line as it came.
  final String raw;

  /// The line without quote marks, line numbers and outer blanks.
  final String text;

  /// How far it is indented, in columns; a tab counts four.
  final int indent;

  /// What stands in the line as it came.
  final Signs signs;

  private final char first;
  private final char last;

  /// What {@link #bare} begins with, and what stands behind that; zero where there is nothing.
  private final char bareFirst;

  private final char bareSecond;

  /// Whether it stood behind a line number or a tool's border, as pasted source does.
  final boolean numbered;

  /// Whether a quote mark was taken off.
  final boolean quoted;

  /// What the structure scanners found here, or null where the score decides.
  @Nullable Removed verdict;

  /// Whose scanner that was, or null where it was none.
  @Nullable Structure structure;

  @Nullable String language;

  /// Whether the structure has clear edges, so that what stands beside it is none of it.
  boolean edged;

  /// What {@link LineScore} said, or not a number before it was asked.
  double score = Double.NaN;

  /// What {@link LineScore} counted, once it was asked.
  @Nullable LineScore counts;

  /// Whether it is an item of a list, or a heading, by its first signs.
  final boolean item;

  final boolean heading;

  private @Nullable String bare;
  private @Nullable String unlinked;

  Line(String raw) {
    this.raw = raw;
    this.signs = Signs.of(raw);
    int at = 0;
    int columns = 0;
    boolean sawNumber = false;
    boolean sawQuote = false;
    boolean more = true;
    while (more) {
      more = false;
      while (at < raw.length() && (raw.charAt(at) == ' ' || raw.charAt(at) == '\t')) {
        columns += raw.charAt(at) == '\t' ? 4 : 1;
        at++;
      }
      int after = afterLineNumber(raw, at);
      if (!sawNumber && after > at) {
        sawNumber = true;
        at = after;
        columns = 0;
        more = true;
      } else if (at < raw.length()
          && (raw.charAt(at) == '>' || raw.charAt(at) == '|' || raw.charAt(at) == '\u2502')
          && (at + 1 == raw.length()
              || (raw.charAt(at) == '>' && at == 0 && !raw.startsWith(">>"))
              || raw.charAt(at + 1) == ' '
              || raw.charAt(at + 1) == '>')
          && !(raw.charAt(at) == '|' && raw.strip().endsWith("|"))) {
        sawQuote = true;
        at++;
        columns = -1;
        more = true;
      }
    }
    this.text = raw.substring(at).strip();
    this.first = text.isEmpty() ? '\0' : text.charAt(0);
    this.last = text.isEmpty() ? '\0' : text.charAt(text.length() - 1);
    int bareFrom = beginningOf(raw);
    this.bareFirst = bareFrom < raw.length() ? raw.charAt(bareFrom) : '\0';
    this.bareSecond = bareFrom + 1 < raw.length() ? raw.charAt(bareFrom + 1) : '\0';
    this.item = !Token.isLetter(first) && LineScore.isListItem(text);
    this.heading = first == '#' && LineScore.isHeading(text);
    this.indent = Math.max(0, columns);
    this.numbered = sawNumber;
    this.quoted = sawQuote;
  }

  private static int beginningOf(String raw) {
    int i = 0;
    while (i < raw.length() && (raw.charAt(i) == ' ' || raw.charAt(i) == '\t')) {
      i++;
    }
    // Some of the other characters count as blanks, too.
    return i < raw.length() && (raw.charAt(i) <= ' ' || raw.charAt(i) > '~')
        ? raw.length() - raw.stripLeading().length()
        : i;
  }

  char bareFirst() {
    return bareFirst;
  }

  char bareSecond() {
    return bareSecond;
  }

  /// Whether a sign of ASCII may stand in the line: asked before a search that is in vain without
  /// it.
  boolean has(char sign) {
    return signs.has(sign);
  }

  /// Whether {@link Markup#spoken} could find anything in it.
  boolean hasMarkup() {
    return has('#') || has('[') || has('`') || has('*') || has('_') || has(':');
  }

  /// The line as it came, without outer blanks.
  String bare() {
    String known = bare;
    if (known == null) {
      known = raw.strip();
      bare = known;
    }
    return known;
  }

  /// The line with the words of its links in place of the links.
  String unlinked() {
    String known = unlinked;
    if (known == null) {
      known = has(']') ? Markup.withoutSureLinks(text) : text;
      unlinked = known;
    }
    return known;
  }

  boolean isLinked() {
    return !unlinked().equals(text);
  }

  boolean isBlank() {
    return last == '\0' && text.isEmpty();
  }

  boolean isOpen() {
    return verdict == null;
  }

  char first() {
    return first;
  }

  char last() {
    return last;
  }

  /// `12:`, `12|`, `12→` or two blanks after a number: how tools print source. `12.` and `12)` are
  /// how people count, and are left to the score.
  private static int afterLineNumber(String raw, int start) {
    int at = start;
    while (at < raw.length() && at - start < 7 && Character.isDigit(raw.charAt(at))) {
      at++;
    }
    if (at == start || at >= raw.length()) {
      return start;
    }
    char c = raw.charAt(at);
    if (c == '\u2192' || c == '|' || c == '\u2502') {
      return at + 1;
    }
    if (c == ' '
        && at + 1 < raw.length()
        && (raw.charAt(at + 1) == '|' || raw.charAt(at + 1) == '\u2502')) {
      return at + 2;
    }
    if (c == '\t' || (c == ' ' && at + 1 < raw.length() && raw.charAt(at + 1) == ' ')) {
      return at + 1;
    }
    if (c == ':' && (at + 1 == raw.length() || !Character.isDigit(raw.charAt(at + 1)))) {
      return at + 1;
    }
    return start;
  }
}
