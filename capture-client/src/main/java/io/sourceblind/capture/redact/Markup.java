// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// The marks of Markdown, which are neither source nor prose: taken off before a line is judged and
/// again before it is written.
final class Markup {

  private Markup() {}

  /// What a line says, for the line score: without heading, list and table marks, with the words of
  /// links only, and with a bare word where an address or a span between back-ticks stood.
  static String spoken(String text) {
    String rest = text;
    int hashes = 0;
    while (hashes < rest.length() && rest.charAt(hashes) == '#') {
      hashes++;
    }
    if (hashes >= 2 && hashes <= 6 && hashes < rest.length() && rest.charAt(hashes) == ' ') {
      rest = rest.substring(hashes + 1).strip();
    }
    if (rest.indexOf('[') >= 0) {
      rest = withoutReferences(withoutLinks(rest));
    }
    if (rest.indexOf('`') >= 0) {
      rest = withoutSpans(rest);
    }
    if (rest.indexOf('*') >= 0 || rest.indexOf('_') >= 0) {
      rest = withoutEmphasis(rest);
    }
    if (rest.contains("://")) {
      rest = withoutAddresses(rest);
    }
    return rest;
  }

  /// `[words](address)` keeps its words, and a table of references `[1]: address` its number.
  static String withoutLinks(String text) {
    return links(text, false);
  }

  /// The same with the web address behind the words, as a word of its own.
  static String withLinksApart(String text) {
    return links(text, true);
  }

  /// `[words][name]` keeps its words: the address stands at the end of the document.
  static String withoutReferences(String text) {
    int close = text.indexOf("][");
    if (close < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int done = 0;
    while (close >= 0) {
      int open = text.lastIndexOf('[', close);
      int end = text.indexOf(']', close + 1);
      if (open < done || end < 0 || !isReference(text, open, close, end)) {
        break;
      }
      plain.append(text, done, open).append(text, open + 1, close);
      done = end + 1;
      close = text.indexOf("][", done);
    }
    return plain.append(text, done, text.length()).toString();
  }

  private static boolean isReference(String text, int open, int close, int end) {
    boolean stands =
        (open == 0 || " (*_\"'".indexOf(text.charAt(open - 1)) >= 0)
            && (end + 1 == text.length() || " )*_\"'.,;:!?".indexOf(text.charAt(end + 1)) >= 0);
    boolean words = close - open > 3 && Character.isLetter(text.charAt(open + 1));
    for (int i = open + 1; words && i < close; i++) {
      char c = text.charAt(i);
      words = Character.isLetterOrDigit(c) || " -.,'`#".indexOf(c) >= 0;
    }
    return stands && words && end - close < 40;
  }

  private static String links(String text, boolean apart) {
    int close = text.indexOf("](");
    if (close < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    int done = 0;
    while (close >= 0) {
      int open = text.lastIndexOf('[', close);
      int end = text.indexOf(')', close);
      // Only an address has no blank; a call behind an index may have anything.
      boolean address =
          (end > 0 && text.substring(close + 2, end).strip().indexOf(' ') < 0)
              || (end > 0 && text.substring(close, end).contains(" \""));
      // A link may begin on the line above.
      boolean torn = open < done && done == 0 && text.startsWith("http", close + 2);
      if ((open < done && !torn) || end < 0 || !address) {
        break;
      }
      open = torn ? -1 : open;
      int from = open > done && text.charAt(open - 1) == '!' ? open - 1 : open;
      plain.append(text, done, Math.max(done, from)).append(text, open + 1, close);
      if (apart && text.startsWith("http", close + 2)) {
        plain.append(' ').append(text, close + 2, end);
        if (end + 1 < text.length() && Character.isLetterOrDigit(text.charAt(end + 1))) {
          plain.append(' ');
        }
      }
      done = end + 1;
      close = text.indexOf("](", done);
    }
    return plain.append(text, done, text.length()).toString();
  }

  /// The words of links in place of the links, where they cannot be anything else: a call behind an
  /// index looks alike.
  static String withoutSureLinks(String text) {
    int close = text.indexOf("](");
    if (close < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int done = 0;
    while (close >= 0) {
      int open = text.lastIndexOf('[', close);
      int end = text.indexOf(')', close);
      boolean torn = open < 0 && text.startsWith("http", close + 2);
      if ((open < done && !torn) || end < 0 || !isSureLink(text, open, close, end)) {
        return text;
      }
      plain.append(text, done, Math.max(done, open)).append(text, open + 1, close);
      done = end + 1;
      close = text.indexOf("](", done);
    }
    return withoutEmphasis(plain.append(text, done, text.length()).toString());
  }

  private static boolean isSureLink(String text, int open, int close, int end) {
    boolean stands = open <= 0 || " (*_!|,.:;-/\"'>".indexOf(text.charAt(open - 1)) >= 0;
    String address = text.substring(close + 2, end);
    boolean marked =
        address.startsWith("http") || address.startsWith("#") || address.startsWith("mailto:");
    boolean path = false;
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c <= ' ' || "\"'`{}<>;,$\\|".indexOf(c) >= 0) {
        return false;
      }
      path |= c == '/' || (c == '.' && i > 0 && i + 1 < address.length());
    }
    return stands && open + 1 < close && (marked || path);
  }

  private static String withoutSpans(String text) {
    StringBuilder plain = new StringBuilder();
    int done = 0;
    int open = text.indexOf('`');
    while (open >= 0) {
      int close = text.indexOf('`', open + 1);
      if (close < 0) {
        break;
      }
      boolean free =
          (open == 0 || " ([\"'*_".indexOf(text.charAt(open - 1)) >= 0)
              && (close + 1 == text.length()
                  || Character.isLetter(text.charAt(close + 1))
                  || " )]\"'*_.,;:!?".indexOf(text.charAt(close + 1)) >= 0);
      if (!free) {
        return text;
      }
      plain.append(text, done, open).append("\u2026");
      done = close + 1;
      open = text.indexOf('`', done);
    }
    return plain.append(text, done, text.length()).toString();
  }

  /// Marks of emphasis around words: a pair of `**` or `__`, or a single one at the edge of a word
  /// that another one ends.
  static String withoutEmphasis(String text) {
    StringBuilder plain = null;
    int done = 0;
    for (int i = nextMark(text, 0); i < text.length(); i = nextMark(text, i + 1)) {
      int width = widthOfMark(text, i);
      if (width > 0) {
        plain = plain == null ? new StringBuilder(text.length()) : plain;
        plain.append(text, done, i);
        i += width - 1;
        done = i + 1;
      }
    }
    return plain == null ? text : plain.append(text, done, text.length()).toString();
  }

  /// Where the next sign stands that emphasis is made of, or the end.
  private static int nextMark(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) != '*' && text.charAt(i) != '_') {
      i++;
    }
    return i;
  }

  /// How many signs here are a mark of emphasis.
  private static int widthOfMark(String text, int at) {
    char mark = text.charAt(at);
    if (at + 1 == text.length() || text.charAt(at + 1) != mark) {
      return isEdge(text, at, mark) ? 1 : 0;
    }
    boolean before = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
    boolean after = at + 2 >= text.length() || !Character.isLetterOrDigit(text.charAt(at + 2));
    return before || after ? 2 : 0;
  }

  private static boolean isEdge(String text, int at, char mark) {
    boolean opens =
        (at == 0 || " ([\"'".indexOf(text.charAt(at - 1)) >= 0)
            && at + 1 < text.length()
            && Character.isLetterOrDigit(text.charAt(at + 1));
    if (opens) {
      int close = text.indexOf(mark, at + 1);
      return close > 0
          && (close + 1 == text.length() || " )].,;:!?\"'".indexOf(text.charAt(close + 1)) >= 0);
    }
    boolean closes =
        at > 0
            && Character.isLetterOrDigit(text.charAt(at - 1))
            && (at + 1 == text.length() || " )].,;:!?\"'".indexOf(text.charAt(at + 1)) >= 0);
    if (!closes) {
      return false;
    }
    int open = text.lastIndexOf(mark, at - 1);
    return open >= 0 && (open == 0 || " ([\"'".indexOf(text.charAt(open - 1)) >= 0);
  }

  private static String withoutAddresses(String text) {
    StringBuilder plain = new StringBuilder();
    int done = 0;
    int at = text.indexOf("://");
    while (at >= 0) {
      int start = at;
      while (start > done && Character.isLetter(text.charAt(start - 1))) {
        start--;
      }
      int end = at + 3;
      while (end < text.length() && " \t<>\"'`)]}|".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      if (start > done
          && text.charAt(start - 1) == '<'
          && end < text.length()
          && text.charAt(end) == '>') {
        start--;
        end++;
      }
      plain.append(text, done, start).append("\u2026");
      done = end;
      at = text.indexOf("://", done);
    }
    return plain.append(text, done, text.length()).toString();
  }
}
