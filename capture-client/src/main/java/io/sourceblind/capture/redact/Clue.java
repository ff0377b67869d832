// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import org.jspecify.annotations.Nullable;

/// Says cheaply where a rule's pattern can match around one of its keywords or, for a rule that has
/// none, around a run of digits or a long token. It may only say nowhere where the pattern would
/// not match.
@FunctionalInterface
interface Clue {

  /// Where the pattern can match, or null for nowhere.
  ///
  /// @param line where the line begins
  /// @param start where the keyword, the run or the token begins
  /// @param end behind its last character
  @Nullable Place at(String text, int line, int start, int end);

  /// Where to look.
  ///
  /// @param from where the pattern begins, or the first character it may begin with
  /// @param to behind the last character it may end with; zero for the end of the line below
  /// @param exact whether it begins at `from` or not at all
  record Place(int from, int to, boolean exact) {

    /// Somewhere in the line.
    static final Place LINE = new Place(-1, 0, false);

    static @Nullable Place exactly(boolean may, int from) {
      return may ? new Place(from, 0, true) : null;
    }

    static @Nullable Place line(boolean may) {
      return may ? LINE : null;
    }
  }

  /// How far the rest of a name may go behind its keyword, with room to spare: no clue looks
  /// further than a match could reach, so that a text made of keywords takes no longer than its
  /// length.
  int LONGEST_REST = 32;

  /// The same for what stands before or behind a colon of an address.
  int LONGEST_ADDRESS = 80;

  /// Nothing is known.
  Clue NONE = (text, line, start, end) -> Place.LINE;

  /// What begins with the keyword, at the edge of a word, and goes on without a blank.
  static Clue edge(int shortest) {
    return (text, line, start, end) ->
        Place.exactly(isEdge(text, start) && goesOn(text, start, shortest), start);
  }

  /// What goes on without a blank from the keyword.
  static Clue run(int shortest) {
    return (text, line, start, end) -> Place.line(goesOn(text, start, shortest));
  }

  /// What begins with the keyword.
  static @Nullable Place here(String text, int line, int start, int end) {
    return new Place(start, 0, true);
  }

  /// So many digits stand together, in groups with one of a few signs between two of them.
  ///
  /// @param most how many they are at most: what has more as one group is another number
  static Clue digits(int fewest, int most, String between) {
    return (text, line, start, end) ->
        end - start >= fewest && areDigits(text, start, end, fewest, most, between)
            ? around(text, start, end)
            : null;
  }

  /// Whether some groups that follow each other have so many digits together.
  private static boolean areDigits(
      String text, int start, int end, int fewest, int most, String between) {
    for (int from = start; end - from >= fewest; from = endOfGroup(text, from, end) + 1) {
      int digits = 0;
      int at = from;
      while (at < end && isDigit(text.charAt(at)) && digits < fewest) {
        int group = endOfGroup(text, at, end);
        digits += group - at;
        at = group < end && between.indexOf(text.charAt(group)) >= 0 ? group + 1 : end;
      }
      if (digits >= fewest && digits <= most) {
        return true;
      }
    }
    return false;
  }

  private static int endOfGroup(String text, int from, int end) {
    int i = from;
    while (i < end && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int digitsIn(String text, int start, int end) {
    int digits = 0;
    for (int i = start; i < end; i++) {
      digits += isDigit(text.charAt(i)) ? 1 : 0;
    }
    return digits;
  }

  /// The run with what a pattern may want to see beside it.
  private static Place around(String text, int start, int end) {
    return new Place(Math.max(0, start - 4), Math.min(text.length(), end + 4), false);
  }

  /// `1.2.3.4`
  static @Nullable Place dotted(String text, int line, int start, int end) {
    if (end - start < 7) {
      return null;
    }
    int parts = 1;
    int digits = 0;
    for (int i = start; i < end && parts < 4; i++) {
      char c = text.charAt(i);
      if (isDigit(c)) {
        digits++;
      } else {
        parts = c == '.' && digits > 0 && digits <= 3 ? parts + 1 : 1;
        digits = 0;
      }
    }
    return parts == 4 ? around(text, start, end) : null;
  }

  /// `123-45-6789`
  static @Nullable Place dashed(String text, int line, int start, int end) {
    for (int i = start + 3; i + 3 < end; i++) {
      if (text.charAt(i) == '-'
          && text.charAt(i + 3) == '-'
          && isDigitsAt(text, i - 3, 3)
          && isDigitsAt(text, i + 1, 2)
          && isDigitsAt(text, i + 4, 4)) {
        return around(text, start, end);
      }
    }
    return null;
  }

  /// Two capitals before six digits.
  static @Nullable Place behindCapital(String text, int line, int start, int end) {
    int i = start > 0 && text.charAt(start - 1) == ' ' ? start - 2 : start - 1;
    return end - start >= 6 && i >= 0 && isCapital(text.charAt(i))
        ? around(text, start, end)
        : null;
  }

  /// Seven digits before a capital.
  static @Nullable Place beforeCapital(String text, int line, int start, int end) {
    int i = end < text.length() && text.charAt(end) == '-' ? end + 1 : end;
    return end - start >= 7 && i < text.length() && isCapital(text.charAt(i))
        ? around(text, start, end)
        : null;
  }

  /// A plus sign, a zero or a group of three before the digits of a telephone number.
  static @Nullable Place dialled(String text, int line, int start, int end) {
    if (end - start < 7 || digitsIn(text, start, end) < 7) {
      return null;
    }
    boolean may = start > 0 && text.charAt(start - 1) == '+';
    int group = start;
    for (int i = start; i <= end && !may; i++) {
      if (i == end || !isDigit(text.charAt(i))) {
        may = isExchange(text, group, i) || isAreaCode(text, group, i);
        group = i + 1;
      }
    }
    return may ? around(text, start, end) : null;
  }

  /// `0221 471`, or `00` before the digits of a country.
  private static boolean isExchange(String text, int from, int to) {
    if (to - from < 3 || text.charAt(from) != '0') {
      return false;
    }
    boolean abroad = text.charAt(from + 1) == '0';
    return abroad
        ? text.charAt(from + 2) != '0'
        : to - from <= 6
            && to < text.length()
            && " /-".indexOf(text.charAt(to)) >= 0
            && isDigitsAt(text, to + 1, 3);
  }

  /// `415) 555-2671`
  private static boolean isAreaCode(String text, int from, int to) {
    if (to != from + 3 || text.charAt(from) < '2' || to + 1 >= text.length()) {
      return false;
    }
    int i = text.charAt(to) == ')' ? to + 1 : to;
    return isSignAt(text, i, " .-")
        && isDigitsAt(text, i + 1, 3)
        && isSignAt(text, i + 4, " .-")
        && isDigitsAt(text, i + 5, 4);
  }

  /// A name that ends with the keyword or goes on a little, and then a colon or an equals sign.
  static @Nullable Place assigned(String text, int line, int start, int end) {
    return signOfAssignment(text, end) < 0
        ? null
        : new Place(startOfName(text, line, start), 0, true);
  }

  /// The same with a quote or at least six characters of a value behind.
  static @Nullable Place assignedMuch(String text, int line, int start, int end) {
    int sign = signOfAssignment(text, end);
    return sign >= 0 && isMuch(text, sign + 1)
        ? new Place(startOfName(text, line, start), 0, true)
        : null;
  }

  /// Whether a quote or six characters stand here, or behind the second half of the sign and
  /// blanks.
  private static boolean isMuch(String text, int from) {
    if (lengthOfValue(text, from) >= 6) {
      return true;
    }
    int i = from < text.length() && "=>".indexOf(text.charAt(from)) >= 0 ? from + 1 : from;
    i = afterBlanks(text, i);
    return isSignAt(text, i, "\"'`") || lengthOfValue(text, i) >= 6;
  }

  private static int lengthOfValue(String text, int from) {
    int i = from;
    while (i < text.length() && i < from + 6 && " \t\n\r\f\"'`,;)".indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i - from;
  }

  /// The beginning of a name of at most forty characters before the keyword, with its quote.
  private static int startOfName(String text, int line, int keyword) {
    int start = keyword;
    while (start > line
        && start > keyword - 40
        && (isWordPart(text.charAt(start - 1))
            || ".-\u017f\u212a".indexOf(text.charAt(start - 1)) >= 0)) {
      start--;
    }
    return start > line && "\"'`".indexOf(text.charAt(start - 1)) >= 0 ? start - 1 : start;
  }

  /// The keyword, at most a word behind it, and an equals sign.
  static @Nullable Place beforeEquals(String text, int line, int start, int end) {
    return Place.line(signOfAssignment(text, end) >= 0);
  }

  /// Where the colon or the equals sign stands behind a name, or -1.
  private static int signOfAssignment(String text, int end) {
    int i = end;
    // The two signs that a pattern takes for s and k where the case does not count.
    while (i < text.length()
        && i < end + LONGEST_REST
        && (isWordPart(text.charAt(i)) || "-\u017f\u212a".indexOf(text.charAt(i)) >= 0)) {
      i++;
    }
    if (i < text.length() && "\"'`".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    i = afterBlanks(text, i);
    return isSignAt(text, i, "=:\uff1a") ? i : -1;
  }

  /// The keyword, a blank, and one of the words for being.
  static @Nullable Place said(String text, int line, int start, int end) {
    int i = afterBlanks(text, end);
    return Place.exactly(
        isEdge(text, start)
            && i > end
            && i < text.length()
            && "iewtlIEWTL".indexOf(text.charAt(i)) >= 0,
        start);
  }

  static @Nullable Place beforeBlank(String text, int line, int start, int end) {
    return Place.exactly(isEdge(text, start) && afterBlanks(text, end) > end, start);
  }

  static @Nullable Place behindDigit(String text, int line, int start, int end) {
    return Place.line(start > 0 && isDigit(text.charAt(start - 1)));
  }

  static @Nullable Place behindSlash(String text, int line, int start, int end) {
    return Place.line(start > 0 && "/\\-".indexOf(text.charAt(start - 1)) >= 0);
  }

  /// `someone:word@` behind `://`.
  static @Nullable Place beforeLogin(String text, int line, int start, int end) {
    int i = end;
    while (i < text.length() && " \t\n\r\f/@\"'`<>".indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return Place.line(i < text.length() && text.charAt(i) == '@');
  }

  /// `name@host.name`
  static @Nullable Place betweenNames(String text, int line, int start, int end) {
    int from = start;
    for (int letters = 0; from > line && letters < 64; letters++) {
      int before = text.codePointBefore(from);
      if (!isLetterOrDigit(before) && "._%+-".indexOf(before) < 0) {
        break;
      }
      from -= Character.charCount(before);
    }
    int to = end;
    while (to < text.length() && isHostPart(text.codePointAt(to))) {
      to += Character.charCount(text.codePointAt(to));
    }
    return Place.exactly(
        from < start
            && to > end
            && to + 1 < text.length()
            && text.charAt(to) == '.'
            && isHostPart(text.codePointAt(to + 1)),
        from);
  }

  private static boolean isHostPart(int point) {
    return isLetterOrDigit(point) || point == '-';
  }

  private static boolean isLetterOrDigit(int point) {
    return Character.isLetter(point) || (point >= '0' && point <= '9');
  }

  /// `2a01::5`, or groups between five colons.
  static @Nullable Place betweenGroups(String text, int line, int start, int end) {
    if (text.charAt(start + 1) == ':') {
      int from = start;
      boolean digit = false;
      while (from > Math.max(0, start - LONGEST_ADDRESS) && isHexOrColon(text.charAt(from - 1))) {
        from--;
        digit |= isDigit(text.charAt(from));
      }
      int to = start + 1;
      while (to < Math.min(text.length(), start + LONGEST_ADDRESS)
          && isHexOrColon(text.charAt(to))) {
        digit |= isDigit(text.charAt(to));
        to++;
      }
      return Place.line(digit && to - from >= 6);
    }
    int colon = start;
    for (int more = 0; more < 4; more++) {
      colon = colonAfterGroup(text, colon);
    }
    return Place.line(colon > 0 && start > 0 && isHexOrColon(text.charAt(start - 1)));
  }

  private static int colonAfterGroup(String text, int colon) {
    if (colon < 0) {
      return -1;
    }
    int i = colon + 1;
    while (i < text.length() && i <= colon + 4 && isHex(text.charAt(i))) {
      i++;
    }
    return i < text.length() && text.charAt(i) == ':' ? i : -1;
  }

  /// The first sign between six pairs or three fours of hexadecimal digits.
  static @Nullable Place betweenPairs(String text, int line, int start, int end) {
    return Place.line(
        (isHexAt(text, start - 2, 2) && isGroups(text, start, 5, 2, ":-"))
            || (isHexAt(text, start - 4, 4) && isGroups(text, start, 2, 4, ".")));
  }

  private static boolean isGroups(String text, int from, int count, int digits, String signs) {
    for (int group = 0; group < count; group++) {
      int at = from + group * (digits + 1);
      if (!isSignAt(text, at, signs) || !isHexAt(text, at + 1, digits)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSignAt(String text, int at, String signs) {
    return at < text.length() && signs.indexOf(text.charAt(at)) >= 0;
  }

  private static boolean isDigitsAt(String text, int from, int count) {
    if (from < 0 || from + count > text.length()) {
      return false;
    }
    for (int i = from; i < from + count; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHexAt(String text, int from, int count) {
    if (from < 0 || from + count > text.length()) {
      return false;
    }
    for (int i = from; i < from + count; i++) {
      if (!isHex(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /// Two capitals before the run and two digits in it.
  static @Nullable Place behindCountry(String text, int line, int start, int end) {
    return Place.exactly(
        start >= line + 2
            && isCapital(text.charAt(start - 1))
            && isCapital(text.charAt(start - 2))
            && isEdge(text, start - 2)
            && start + 1 < text.length()
            && isDigit(text.charAt(start + 1))
            && isFourBehind(text, start + 2)
            && isFourBehind(text, start + (isSignAt(text, start + 2, " ") ? 7 : 6)),
        start - 2);
  }

  /// Four capitals or digits, perhaps behind a blank.
  private static boolean isFourBehind(String text, int from) {
    int i = isSignAt(text, from, " ") ? from + 1 : from;
    if (i + 4 > text.length()) {
      return false;
    }
    for (int k = i; k < i + 4; k++) {
      if (!isDigit(text.charAt(k)) && !isCapital(text.charAt(k))) {
        return false;
      }
    }
    return true;
  }

  /// The word, and digits soon behind it.
  static @Nullable Place beforePin(String text, int line, int start, int end) {
    boolean digit = false;
    for (int i = end; i < text.length() && i < end + 24 && !digit; i++) {
      digit = isDigit(text.charAt(i));
    }
    return Place.exactly(digit && isEdge(text, start), start);
  }

  /// A word that ends here, with a capital soon behind it; behind a title, at once.
  static @Nullable Place beforeName(String text, int line, int start, int end) {
    if (isTitle(text, start, end)) {
      return Place.line(isBeforeCapital(text, start, end));
    }
    int i = end;
    int most = end + 12;
    while (i < text.length() && i < most && !isCapitalOrBeyond(text.charAt(i))) {
      // However many blanks there are, they are looked at for this keyword alone.
      most += Character.isWhitespace(text.charAt(i)) ? 1 : 0;
      i++;
    }
    return Place.line(
        i > end
            && i < text.length()
            && isCapitalOrBeyond(text.charAt(i))
            && Character.isWhitespace(text.charAt(i - 1)));
  }

  private static boolean isCapitalOrBeyond(char c) {
    return Character.isUpperCase(c) || Character.isSurrogate(c);
  }

  /// `mr`, `prof`, `madame`, `monsieur` and their like, whatever their case: of all that stands
  /// before a name only these are so short, or end so.
  private static boolean isTitle(String text, int start, int end) {
    char last = text.charAt(end - 1);
    return end - start <= 5
        || last == 'r'
        || last == 'R'
        || (end - start == 6 && (last == 'e' || last == 'E'));
  }

  /// Whether the title is written as one, is a word, and a blank and a capital follow.
  private static boolean isBeforeCapital(String text, int start, int end) {
    if (!isCapital(text.charAt(start)) || !isEdge(text, start)) {
      return false;
    }
    int i = end;
    // `Mrs` and `Señora`
    i += isSignAt(text, i, "sa") ? 1 : 0;
    i += isSignAt(text, i, ".") ? 1 : 0;
    return i + 1 < text.length() && text.charAt(i) == ' ' && isCapitalOrBeyond(text.charAt(i + 1));
  }

  /// Six letters before the run, and where the digits of the number stand.
  static @Nullable Place behindLetters(String text, int line, int start, int end) {
    int from = start - 6;
    return Place.exactly(
        from >= line
            && isDigitsAt(text, start, 2)
            && isDigitsAt(text, start + 3, 2)
            && isDigitsAt(text, start + 6, 3)
            && isEdge(text, from)
            && Token.isLetters(text.substring(from, start), 6),
        from);
  }

  /// Six digits, a dash, and four.
  static @Nullable Place born(String text, int line, int start, int end) {
    for (int i = start + 6; i + 4 < end; i++) {
      if (text.charAt(i) == '-' && isDigitsAt(text, i - 6, 6) && isDigitsAt(text, i + 1, 4)) {
        return around(text, start, end);
      }
    }
    return null;
  }

  /// Six digits, a dash or an `A`, and three more.
  static @Nullable Place dated(String text, int line, int start, int end) {
    for (int i = start + 6; i <= end; i++) {
      if (isSignAt(text, i, "-A") && isDigitsAt(text, i - 6, 6) && isDigitsAt(text, i + 1, 3)) {
        return new Place(Math.max(0, start - 4), Math.min(text.length(), end + 8), false);
      }
    }
    return null;
  }

  /// The first part of a long token that looks random to the end.
  static @Nullable Place random(String text, int line, int start, int end) {
    for (int from = start; end - from >= 20; from++) {
      if (Secrets.looksRandom(text.substring(from, end))) {
        return new Place(from, 0, true);
      }
      if (end - from > 48) {
        break;
      }
    }
    return null;
  }

  private static boolean isEdge(String text, int at) {
    return at == 0 || !isWordPart(text.charAt(at - 1));
  }

  static boolean isTokenPart(char c) {
    return isWordPart(c) || c == '+' || c == '/' || c == '=' || c == '-';
  }

  private static boolean goesOn(String text, int start, int shortest) {
    int end = start + shortest;
    if (end > text.length()) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!isTokenPart(c) && c != '.' && c != ':') {
        return false;
      }
    }
    return true;
  }

  private static int afterBlanks(String text, int from) {
    int i = from;
    while (i < text.length() && " \t\n\r\f".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z') || isCapital(c) || isDigit(c) || c == '_';
  }

  private static boolean isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static boolean isHexOrColon(char c) {
    return isHex(c) || c == ':';
  }
}
