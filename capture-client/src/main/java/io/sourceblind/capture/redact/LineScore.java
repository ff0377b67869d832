// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How much one line looks like source, from the shapes of its tokens alone: above zero is source,
/// below zero is prose. The weights are set by hand; {@link Context} weighs a line with its
/// neighbours afterwards.
final class LineScore {

  private static final String CODE_PUNCTUATION = "{}[]<>=;|\\$#@*+_^~&%`";

  /// Signs that break a run of plain words.
  private static final String BREAKING = "{}[]<>=;|\\$#@_^~&%`()";

  /// Two signs that together are an operator or the edge of one somewhere.
  private static final Set<String> PAIRS =
      Set.of(
          "==", "!=", "&&", "||", "->", "=>", "::", ":=", "+=", "-=", "*=", "/=", "|=", "<-", "|>",
          "<<", ">=", "<=", "?.", "??", "=~", "++", "</", "/>", "${", "#{", "()", "{}", "[]", "};",
          ");", "@[", "~>", "*/", "/*", "<?", "?>", "<%", "%>", "{{", "}}", "(\"", "('", "\")",
          "')");

  private static final int ASCII = 128;
  private static final byte CODE = 1;
  private static final byte BREAKS = 2;
  private static final byte LETTER = 4;
  private static final byte NUMBER = 8;
  private static final byte WHITE = 16;
  private static final byte[] SIGNS = new byte[ASCII];
  private static final boolean[] IS_PAIR = new boolean[ASCII * ASCII];

  static {
    for (int c = 0; c < ASCII; c++) {
      SIGNS[c] =
          (byte)
              ((CODE_PUNCTUATION.indexOf(c) >= 0 ? CODE : 0)
                  | (BREAKING.indexOf(c) >= 0 ? BREAKS : 0)
                  | (Character.isLetter(c) || c == '_' ? LETTER : 0)
                  | (Character.isDigit(c) ? NUMBER : 0)
                  | (Character.isWhitespace(c) ? WHITE : 0));
    }
    for (String pair : PAIRS) {
      IS_PAIR[pair.charAt(0) * ASCII + pair.charAt(1)] = true;
    }
  }

  /// What the scan of one line counted.
  int words;

  int plainWords;
  int functionWords;
  int talkWords;

  /// Words by which somebody speaks of themselves.
  int selfWords;

  int upperWords;
  int snake;
  int camel;
  int dotted;
  int calls;
  int operators;
  int numbers;
  int punctuation;
  int longestPlainRun;
  private int firstWord;
  final String text;

  /// What {@link Lexicon#read} said of each word of ASCII, and above it where the word begins; null
  /// where nobody will ask again.
  private long @Nullable [] reads;

  private int count;

  private LineScore(String text) {
    this.text = text;
  }

  static double of(Line line) {
    if (Double.isNaN(line.score)) {
      line.score = judge(line, line.hasMarkup() ? Markup.spoken(line.text) : line.text);
    }
    return line.score;
  }

  /// Whether people speak in it.
  static boolean isTalk(Line line) {
    LineScore counts = countsOf(line);
    return counts.functionWords + counts.talkWords >= 2;
  }

  /// What the scan of a line as it stands counts.
  static LineScore countsOf(Line line) {
    LineScore counts = line.counts;
    if (counts == null) {
      counts = new LineScore(line.text);
      counts.reads = new long[USUAL_WORDS];
      counts.scan(Integer.MAX_VALUE);
      line.counts = counts;
    }
    return counts;
  }

  private static final int USUAL_WORDS = 12;
  private static final int START_SHIFT = 48;

  /// How many words of the line were read, for {@link #read}.
  int count() {
    return count;
  }

  /// What was read of a word, which its {@link #start} and {@link Lexicon} can say.
  long read(int word) {
    long[] known = reads;
    return known == null ? 0 : known[word];
  }

  /// Where a word begins.
  static int start(long read) {
    return (int) (read >>> START_SHIFT);
  }

  private void keep(long[] known, int start, long read) {
    long[] kept = count == known.length ? Arrays.copyOf(known, count * 2) : known;
    kept[count] = read | ((long) start << START_SHIFT);
    count++;
    reads = kept;
  }

  private static double judge(Line line, String spoken) {
    LineScore counts = spoken.equals(line.text) ? countsOf(line) : scan(spoken);
    double whole = counts.total(line);
    if (whole > 0) {
      return whole;
    }
    // The words of a string literal or of a comment behind source say nothing about the line.
    String outside = line.has('"') ? outsideQuotes(spoken) : spoken;
    if (!outside.equals(spoken)) {
      LineScore score = scan(outside);
      boolean opens = outside.endsWith(" do") || outside.endsWith("{") || outside.endsWith("\";");
      if (opens && score.words <= 6 && score.functionWords <= 2 && score.talkWords == 0) {
        return 3;
      }
      if (score.words > 0 && score.words <= 6 && score.functionWords + score.talkWords == 0) {
        whole = Math.max(whole, score.total(line));
      }
    }
    int comment = line.has('/') ? Math.max(spoken.indexOf(" // "), spoken.indexOf(" /* ")) : -1;
    comment = Math.max(comment, trailingComment(spoken));
    if (comment > 2) {
      LineScore score = scan(spoken.substring(0, comment).strip());
      double head = score.total(line) + (score.functionWords == 0 ? 1 : 0);
      whole = Math.max(whole, head > 0 ? head : whole);
    }
    return whole;
  }

  /// Where the blanks begin between a statement and a comment that is set apart from it.
  private static int trailingComment(String text) {
    int gap = text.indexOf("  ", 1);
    while (gap > 0) {
      int at = gap;
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      char mark = at < text.length() ? text.charAt(at) : ' ';
      if (mark == '#' || mark == ';' || mark == '%' || text.startsWith("--", at)) {
        return gap;
      }
      gap = text.indexOf("  ", at);
    }
    return -1;
  }

  private static String outsideQuotes(String text) {
    int open = text.indexOf('"');
    if (open < 0) {
      return text;
    }
    StringBuilder outside = new StringBuilder();
    int done = 0;
    while (open >= 0) {
      int close = text.indexOf('"', open + 1);
      if (close < 0) {
        break;
      }
      outside.append(text, done, open).append("\"\"");
      done = close + 1;
      open = text.indexOf('"', done);
    }
    return outside.append(text, done, text.length()).toString();
  }

  /// Whether two words of those that {@link #scan} counts for {@link #isTalk} surely stand in a
  /// text: it stops at the second, and passes by a word that anything but a blank or a comma
  /// touches.
  static boolean isSpoken(String text) {
    int length = Math.min(text.length(), 2_000);
    int spoken = 0;
    int i = 0;
    while (i < length && spoken < 2) {
      char c = text.charAt(i);
      if (c >= ASCII || (SIGNS[c] & LETTER) == 0) {
        // Digits are the beginning of no word, and what is behind them of none either.
        while (i < length && text.charAt(i) != ' ') {
          i++;
        }
        i++;
        continue;
      }
      long read = Lexicon.read(text, i, length);
      int end = read == 0 ? i : Lexicon.end(read);
      boolean apart =
          read != 0 && (end == text.length() || text.charAt(end) == ' ' || text.charAt(end) == ',');
      if (apart && Lexicon.isSpoken(Lexicon.known(read))) {
        spoken++;
      }
      while (end < length && text.charAt(end) != ' ') {
        end++;
      }
      i = end + 1;
    }
    return spoken >= 2;
  }

  static LineScore scan(String text) {
    return scan(text, Integer.MAX_VALUE);
  }

  /// @param enough so many words, and the rest is not looked at
  static LineScore scan(String text, int enough) {
    LineScore score = new LineScore(text);
    score.scan(enough);
    return score;
  }

  private void scan(int enough) {
    int length = Math.min(text.length(), 2_000);
    int i = 0;
    int run = 0;
    while (i < length && words < enough) {
      char c = text.charAt(i);
      byte sign = c < ASCII ? SIGNS[c] : 0;
      if (c < ASCII ? (sign & LETTER) != 0 : Character.isLetter(c)) {
        long read = Lexicon.read(text, i, length);
        int end = read == 0 ? endOfWord(i, length) : Lexicon.end(read);
        int known = read == 0 ? look(i, end) : Lexicon.known(read);
        long[] kept = reads;
        if (kept != null && read != 0) {
          keep(kept, i, read);
        }
        run = word(i, end, known) ? run + 1 : 0;
        longestPlainRun = Math.max(longestPlainRun, run);
        i = end;
      } else if (c < ASCII ? (sign & NUMBER) != 0 : Character.isDigit(c)) {
        while (i < length && Character.isLetterOrDigit(text.charAt(i))) {
          i++;
        }
        numbers++;
      } else if (c == ' ') {
        i++;
      } else {
        boolean glued =
            ((c == '(' || c == '/' || c == '"')
                    && i > 0
                    && !Character.isWhitespace(text.charAt(i - 1)))
                || (c == ')' && i + 1 < length && Character.isLetterOrDigit(text.charAt(i + 1)));
        if ((sign & CODE) != 0 || glued) {
          punctuation++;
          if ((sign & BREAKS) != 0) {
            run = 0;
          }
        }
        int operator = operatorAt(i, length);
        operators += operator > 0 ? 1 : 0;
        i += Math.max(1, operator);
      }
    }
  }

  static boolean isWhite(char c) {
    return c < ASCII ? (SIGNS[c] & WHITE) != 0 : Character.isWhitespace(c);
  }

  /// A letter, a digit or a low line.
  static boolean isWordSign(char c) {
    return c < ASCII ? (SIGNS[c] & (LETTER | NUMBER)) != 0 : Character.isLetterOrDigit(c);
  }

  private static boolean isWordPart(String text, int at, int length) {
    char c = text.charAt(at);
    if (c < ASCII
        ? (SIGNS[c] & (LETTER | NUMBER)) != 0
        : Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK) {
      return true;
    }
    return (c == '\'' || c == '\u2019')
        && at + 1 < length
        && Character.isLetter(text.charAt(at + 1))
        && at > 0
        && Character.isLetter(text.charAt(at - 1));
  }

  private int endOfWord(int start, int length) {
    int end = start;
    while (end < length && isWordPart(text, end, length)) {
      end++;
    }
    return end;
  }

  private int look(int start, int end) {
    int known = Lexicon.look(text, start, end);
    return known == 0 ? slowly(text.substring(start, end).replace('\u2019', '\'')) : known;
  }

  private boolean word(int start, int end, int known) {
    if (words == 0) {
      firstWord = known;
    }
    words++;
    int length = end - start;
    char before = start > 0 ? text.charAt(start - 1) : ' ';
    char after = end < text.length() ? text.charAt(end) : ' ';
    boolean joined = before != ' ' && isJoin(before);
    if (after != ' ') {
      char afterThat = end + 1 < text.length() ? text.charAt(end + 1) : ' ';
      joined |= isJoin(after) && !Character.isWhitespace(afterThat);
      if (after == '(') {
        calls++;
      }
      if (after == '.' && length > 1 && (Character.isLetter(afterThat) || afterThat == '_')) {
        dotted++;
      }
      if (after == '-'
          && Character.isUpperCase(afterThat)
          && Character.isUpperCase(text.charAt(start))
          && (known & Lexicon.LOWER) != 0) {
        // Verb-Noun, as some shells name their commands.
        camel++;
      }
    }
    if ((known & (Lexicon.UNDERSCORE | Lexicon.CAMEL)) != 0) {
      int low = Lexicon.count(known, Lexicon.UNDERSCORE);
      snake += low;
      camel += 1 - low;
      return false;
    }
    if (length > 1 && (known & (Lexicon.LOWER | Lexicon.UPPER)) == Lexicon.UPPER) {
      upperWords++;
    }
    selfWords += Lexicon.count(known, Lexicon.SELF);
    if (joined || (known & Lexicon.DIGIT) != 0) {
      return false;
    }
    int function = Lexicon.count(known, Lexicon.FUNCTION);
    functionWords += function;
    talkWords += (1 - function) * Lexicon.count(known, Lexicon.TALK);
    plainWords++;
    return true;
  }

  /// What the lexicon says of words of plain ASCII, for all others.
  private static int slowly(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return Lexicon.kindOf(lower)
        | (word.equals(word.toUpperCase(Locale.ROOT)) ? 0 : Lexicon.LOWER)
        | (word.equals(lower) ? 0 : Lexicon.UPPER)
        | (hasDigit(word) ? Lexicon.DIGIT : 0)
        | (word.indexOf('_') >= 0 ? Lexicon.UNDERSCORE : 0)
        | (isCamel(word) ? Lexicon.CAMEL : 0);
  }

  private static boolean isJoin(char c) {
    return c == '.' || c == '_' || c == '$' || c == '@' || c == ':' || c == '\\' || c == '#';
  }

  static boolean isCamel(String word) {
    for (int i = 1; i < word.length(); i++) {
      if (Character.isUpperCase(word.charAt(i)) && Character.isLowerCase(word.charAt(i - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasDigit(String word) {
    return word.chars().anyMatch(Character::isDigit);
  }

  private int operatorAt(int at, int length) {
    char c = text.charAt(at);
    char n = at + 1 < length ? text.charAt(at + 1) : ' ';
    if (c < ASCII && n < ASCII && IS_PAIR[c * ASCII + n]) {
      return 2;
    }
    boolean spaced = at > 0 && text.charAt(at - 1) == ' ' && n == ' ';
    boolean assigned = c == '=' && at > 0 && !Character.isWhitespace(text.charAt(at - 1));
    return c == '=' || (spaced && "<>*|&^%".indexOf(c) >= 0) || assigned ? 1 : 0;
  }

  /// The weights. Each term was chosen for what it says about any language, not for one corpus.
  private double total(Line line) {
    if (text.isEmpty()) {
      return 0;
    }
    double s = 0;
    char first = text.charAt(0);
    char last = text.charAt(text.length() - 1);
    int plainOnly = words - snake - camel - dotted;
    double density = (double) punctuation / Math.max(8, text.length());

    s += 1.6 * Math.min(3, operators);
    s += 1.4 * Math.min(3, calls);
    s += 0.8 * Math.min(3, snake);
    s += 0.4 * Math.min(3, camel);
    s += 0.7 * Math.min(3, dotted);
    s += Math.min(5, 18 * density);
    s += ending(last);
    s += beginning(line, first, last);
    s += line.numbered ? 1.5 : 0;
    s += line.indent >= 2 && !line.item ? Math.min(1.6, 0.4 + line.indent * 0.12) : 0;
    if (is(Lexicon.KEYWORD)
        && !((is(Lexicon.VERB) || is(Lexicon.FUNCTION))
            && punctuation + operators == 0
            && line.indent < 2)
        && functionWords <= 1
        && talkWords == 0
        && words <= 8) {
      s += words <= 5 ? 1.3 : 0.7;
    }
    if (words > 0 && words <= 2 && is(Lexicon.BARE) && last != '?' && last != '!') {
      s += 2;
    }
    if (upperWords >= 2 && upperWords * 3 >= words * 2 && last != '!' && last != '?') {
      s += 2;
    }
    if (words == 0) {
      s += isAddress() ? -1 : isRule(text) ? 0 : numbers > 0 && punctuation == 0 ? 0.3 : 1.5;
    }

    if (words <= 6 && functionWords + talkWords <= 1 && line.has('-') && isCmdlet(text)) {
      s += 3;
    }
    if (words == 0 && numbers >= 4) {
      s += 3;
    }
    if (words <= 5 && SecondLook.isImport(text)) {
      s += 4;
    }

    s -= 0.8 * Math.min(6, functionWords);
    s -= 0.7 * Math.min(3, talkWords);
    if (longestPlainRun >= 4) {
      s -= longestPlainRun >= 7 ? 2.2 : 1.2;
    }
    if (plainOnly >= 3
        && (last == '.' || last == '?' || last == '!' || last == '\u3002' || last == '\uff1f')) {
      s -= 1.3;
    }
    if (last == '?' && words >= 2) {
      s -= 1;
    }
    if (plainWords >= 2 && Character.isUpperCase(first) && punctuation == 0) {
      s -= 0.6;
    }
    if (isCjk(first) && punctuation == 0) {
      s -= 2;
    }
    if (line.isLinked()) {
      s -= 2.5;
    }
    if (line.heading || (line.item && plainWords >= 1)) {
      s -= 1.2;
    }
    return s;
  }

  /// Whether it begins as the commands of PowerShell do: an approved verb, a hyphen, a noun.
  private static boolean isCmdlet(String text) {
    int hyphen = text.indexOf('-');
    return hyphen > 2
        && hyphen + 2 < text.length()
        && Character.isUpperCase(text.charAt(hyphen + 1))
        && Character.isLowerCase(text.charAt(hyphen + 2))
        && Words.CMDLET.contains(text.substring(0, hyphen));
  }

  /// Whether the first word is in a list.
  private boolean is(int list) {
    return (firstWord & list) != 0;
  }

  private double ending(char last) {
    return switch (last) {
      case ';' ->
          text.endsWith("';") || text.endsWith("\";") || text.endsWith(");") || text.endsWith("};")
              ? 6
              : 3.2;
      case '{', '}' -> 3.5;
      case '(', '[' -> 3;
      case ']', '>' -> 1;
      case '=', '\\' -> 2.5;
      case '&', '|', '+', '*', '<' -> 1.5;
      case ')' -> calls > 0 ? 0.8 : 0;
      case ',' -> 0.4;
      case ':' -> is(Lexicon.KEYWORD) && talkWords == 0 && words <= 8 ? 1.2 : -0.4;
      default -> 0;
    };
  }

  private double beginning(Line line, char first, char last) {
    if (Token.isLetter(first)) {
      return 0;
    }
    if (text.startsWith("//")
        || text.startsWith("/*")
        || text.startsWith("*/")
        || text.startsWith("<!")
        || text.startsWith("--")
        || text.startsWith(";;")
        || text.startsWith("(*")
        || text.startsWith("{-")
        || text.startsWith("#!")
        || text.startsWith("\"\"\"")
        || text.startsWith("'''")
        || text.startsWith("%%")) {
      return isRule(text) ? 0 : 4;
    }
    return switch (first) {
      case '}', ')', ']', '{', '<', '&', '|', '=', '^', '%', '\\' -> 2.5;
      case '$', '.', ';', ',', '+' -> 1.8;
      case '@' -> text.length() > 1 && Character.isLetter(text.charAt(1)) ? 1.4 : 2;
      case '(' -> last == ')' && functionWords > 0 ? 0 : 1.4;
      case '[' -> 0.8;
      case '#' -> line.heading ? 0 : 2.2;
      case '"', '\'' -> last == ',' || last == ':' ? 2 : last == first || last == ')' ? 0.8 : 0;
      case ':' -> 1.5;
      default -> 0;
    };
  }

  /// Whether nothing but a web address stood here.
  private boolean isAddress() {
    return text.equals("\u2026");
  }

  /// A line of hyphens or of equal signs, as they stand below a heading.
  static boolean isRule(String text) {
    char first = text.length() < 3 ? ' ' : text.charAt(0);
    if (first != '-' && first != '=') {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      if (text.charAt(i) != first) {
        return false;
      }
    }
    return true;
  }

  /// All scripts that {@link #isCjk} means lie behind.
  private static final int FIRST_CJK = 0x0E00;

  static boolean isHeading(String text) {
    int hashes = 0;
    while (hashes < text.length() && text.charAt(hashes) == '#') {
      hashes++;
    }
    return hashes > 0
        && hashes <= 6
        && hashes + 1 < text.length()
        && text.charAt(hashes) == ' '
        && (hashes > 1 || Character.isUpperCase(text.charAt(hashes + 1)));
  }

  static boolean isListItem(String text) {
    if (text.length() < 3) {
      return false;
    }
    char c = text.charAt(0);
    if ((c == '-' || c == '*' || c == '+' || c == '\u2022') && text.charAt(1) == ' ') {
      return true;
    }
    int i = 0;
    while (i < text.length() && i < 3 && Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i > 0
        && i + 1 < text.length()
        && (text.charAt(i) == '.' || text.charAt(i) == ')')
        && text.charAt(i + 1) == ' ';
  }

  static boolean isCjk(int c) {
    if (c < FIRST_CJK) {
      return false;
    }
    Character.UnicodeScript script = Character.UnicodeScript.of(c);
    return switch (script) {
      case HAN, HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }
}
