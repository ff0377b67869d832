// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes kept lines in the alphabet of plain prose. What does not fit becomes a placeholder;
/// brackets, slashes and semicolons of ordinary sentences are rewritten so that they stay readable.
/// Whatever the stages before missed has to go through here.
final class Projection {

  private static final int LONGEST_CJK_RUN = 30;
  private static final int LONGEST_WORD = 30;

  private final Marks marks;
  private final char code;
  private final StringBuilder out = new StringBuilder();
  private boolean quoteOpen;

  /// What is written of one token, before it goes out as a whole.
  private final StringBuilder written = new StringBuilder();

  /// The line that is being written, and where its tokens begin and end.
  private String line = "";

  private int size;
  private int[] starts = new int[32];
  private int[] ends = new int[32];
  private Token[] kinds = new Token[32];

  /// The tokens that are more than a plain word.
  private @Nullable String[] others = new String[32];

  Projection(Marks marks) {
    this.marks = marks;
    this.code = marks.add(Placeholder.of(Removed.CODE));
  }

  /// The whole so far: letters, digits, blanks, punctuation and marks.
  String text() {
    return out.toString().strip();
  }

  void placeholder(Placeholder placeholder) {
    char last = lastVisible();
    if (Marks.isMark(last)
        && marks.at(last).what() == placeholder.what()
        && !placeholder.what().isSmall()
        && placeholder.detail() == null) {
      if (marks.at(last).count() == 0 || placeholder.count() == 0) {
        // Two removals that touch are one.
        if (marks.at(last).count() == 0 && placeholder.count() > 0) {
          out.setLength(out.length() - 1);
          word(String.valueOf(marks.add(placeholder)));
        }
        return;
      }
    }
    word(String.valueOf(marks.add(placeholder)));
  }

  /// Adds one kept line. `last` says that a paragraph, a list item or a heading ends with it.
  void line(Line kept, boolean last) {
    boolean maySource = split(plain(kept));
    boolean[] source = new boolean[size];
    if (maySource) {
      List<String> tokens = tokens();
      source = widen(tokens, Arrays.copyOf(kinds, size));
      if (mostlySource(tokens, source)) {
        placeholder(Placeholder.of(Removed.CODE));
        return;
      }
    }
    quoteOpen = false;
    for (int i = 0; i < size; i++) {
      String other = others[i];
      if (source[i]) {
        codeSpan(token(i));
      } else if (other == null) {
        int first = i;
        while (i + 1 < size && others[i + 1] == null && !source[i + 1] && isNextWord(i + 1)) {
          i++;
        }
        space();
        out.append(line, starts[first], ends[i]);
      } else {
        emit(other, kinds[i]);
      }
    }
    if (last && out.length() > 0) {
      char end = out.charAt(out.length() - 1);
      if (end == ',' || end == '-') {
        out.setLength(out.length() - 1);
        stripEnd();
      } else if (Character.isLetterOrDigit(end) && !LineScore.isCjk(end)) {
        out.append('.');
      } else if (Marks.isMark(end) && endsSentence(marks.at(end).what())) {
        out.append('.');
      }
    }
  }

  /// Whether nothing but a blank stands between a token and the one before it.
  private boolean isNextWord(int token) {
    return starts[token] == ends[token - 1] + 1 && line.charAt(ends[token - 1]) == ' ';
  }

  /// A name or a path stands for a word; a block of source for itself.
  private static boolean endsSentence(Removed what) {
    return what.isSmall() || what == Removed.SECRET || what == Removed.PERSONAL_DATA;
  }

  private void stripEnd() {
    while (out.length() > 0 && out.charAt(out.length() - 1) == ' ') {
      out.setLength(out.length() - 1);
    }
  }

  // ---- markup of headings, lists, tables, emphasis, links

  private String plain(Line line) {
    boolean asItIs =
        Token.isLetter(line.first())
            && !line.has('`')
            && !line.has('*')
            && !line.has('_')
            && !line.has(']');
    return asItIs ? line.text : spans(withoutMarkup(line.text));
  }

  private String withoutMarkup(String text) {
    String rest = text;
    while (rest.startsWith("#")) {
      rest = rest.substring(1);
    }
    rest = rest.strip();
    if (LineScore.isListItem(rest) && !Character.isDigit(rest.charAt(0))) {
      rest = rest.substring(2).strip();
      if (rest.startsWith("[ ]") || rest.startsWith("[x]") || rest.startsWith("[X]")) {
        rest = rest.substring(3).strip();
      }
    }
    if (rest.length() > 1 && rest.startsWith("|") && rest.endsWith("|")) {
      rest = rest.substring(1, rest.length() - 1).replace("|", " , ");
    }
    if (rest.length() >= 3 && isRule(rest)) {
      return "";
    }
    return Markup.withoutEmphasis(Markup.withoutReferences(Markup.withLinksApart(rest)));
  }

  private static boolean isRule(String text) {
    int i = 0;
    while (i < text.length() && "-=*_|: ,~+#.".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i == text.length();
  }

  // ---- spans between back-ticks

  private String spans(String text) {
    int open = text.indexOf('`');
    if (open < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    int done = 0;
    while (open >= 0) {
      int width = 0;
      while (open + width < text.length() && text.charAt(open + width) == '`') {
        width++;
      }
      int close = text.indexOf("`".repeat(width), open + width);
      if (close < 0) {
        // Never closed: what looks like source behind it is judged token by token.
        plain.append(text, done, open).append(' ');
        done = open + width;
        break;
      }
      plain.append(text, done, open).append(span(text.substring(open + width, close).strip()));
      done = close + width;
      while (done < text.length() && text.charAt(done) == '`') {
        done++;
      }
      open = text.indexOf('`', done);
    }
    return plain.append(text, done, text.length()).toString();
  }

  private String span(String inside) {
    if (inside.isEmpty() || (inside.length() == 1 && Marks.isMark(inside.charAt(0)))) {
      return inside;
    }
    if (inside.indexOf(' ') >= 0) {
      return String.valueOf(code);
    }
    return switch (Token.of(inside)) {
      case PLAIN ->
          inside.length() <= 20 && inside.chars().allMatch(Character::isLetter)
              ? inside
              : mark(Removed.NAME);
      case IDENTIFIER, NAME -> mark(Removed.NAME);
      case PATH -> mark(Removed.PATH);
      case LINK -> mark(Removed.LINK);
      case OPERATOR, CODE -> String.valueOf(code);
      case DATA -> mark(Removed.DATA);
    };
  }

  private String mark(Removed what) {
    return String.valueOf(marks.add(Placeholder.of(what)));
  }

  // ---- tokens

  /// Finds the tokens of a line and what each is; says whether one of them may be source.
  private boolean split(String text) {
    line = text;
    size = 0;
    boolean maySource = false;
    int length = text.length();
    int i = 0;
    while (i < length) {
      if (isBlank(text.charAt(i))) {
        i++;
        continue;
      }
      int start = i;
      boolean humps = false;
      char before = ' ';
      while (i < length && Token.isLetter(text.charAt(i))) {
        humps |= text.charAt(i) <= 'Z' && before >= 'a';
        before = text.charAt(i);
        i++;
      }
      // A word of a few letters, perhaps with the sign behind it that ends a part of a sentence.
      int letters = i - start;
      if (letters > 0 && i < length && isEnd(text.charAt(i))) {
        i++;
      }
      if (letters > 0 && (i == length || isBlank(text.charAt(i))) && i - start <= LONGEST_WORD) {
        add(start, i, humps ? Token.IDENTIFIER : Token.PLAIN, null);
        continue;
      }
      while (i < length && !isBlank(text.charAt(i))) {
        i++;
      }
      String token = text.substring(start, i);
      Token kind = Token.of(core(token));
      maySource |= kind == Token.CODE || kind == Token.OPERATOR;
      add(start, i, kind, token);
    }
    return maySource;
  }

  private void add(int start, int end, Token kind, @Nullable String other) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
      kinds = Arrays.copyOf(kinds, size * 2);
      others = Arrays.copyOf(others, size * 2);
    }
    starts[size] = start;
    ends[size] = end;
    kinds[size] = kind;
    others[size] = other;
    size++;
  }

  private String token(int i) {
    return line.substring(starts[i], ends[i]);
  }

  private List<String> tokens() {
    List<String> tokens = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      tokens.add(token(i));
    }
    return tokens;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isEnd(char c) {
    return c == '.' || c == ',' || c == '?' || c == '!';
  }

  private static final String OPENING = "([{\"'\u201c\u2018\u201e\u00ab*_~<\u300c\uff08";
  private static final String CLOSING = ")]}\"'\u201d\u2019\u00bb*_~>.,;:!?\u2026\u300d\uff09";

  private static int coreStart(String token) {
    int i = 0;
    while (i < token.length() && OPENING.indexOf(token.charAt(i)) >= 0) {
      i++;
    }
    while (i < token.length() && token.charAt(i) == '-') {
      i++;
    }
    return i;
  }

  private static int coreEnd(String token, int start) {
    int i = token.length();
    while (i > start && CLOSING.indexOf(token.charAt(i - 1)) >= 0) {
      // `name()` and `file(s)` keep their brackets.
      if (token.charAt(i - 1) == ')' && token.lastIndexOf('(', i - 1) > start) {
        break;
      }
      // so does `a[1]`
      if ((token.charAt(i - 1) == ']' && token.lastIndexOf('[', i - 1) > start)
          || (token.charAt(i - 1) == '}' && token.lastIndexOf('{', i - 1) > start)
          || (token.charAt(i - 1) == '>' && token.lastIndexOf('<', i - 1) > start)) {
        break;
      }
      i--;
    }
    return i;
  }

  private static String core(String token) {
    int start = coreStart(token);
    int end = coreEnd(token, start);
    if (start == 0 && end == token.length()) {
      return token;
    }
    String core = token.substring(Math.min(start, end), end);
    if (core.isEmpty()) {
      return token;
    }
    // Ends such as `});` and `{` beside a word betray source.
    String head = token.substring(0, Math.min(start, end));
    String tail = token.substring(end);
    boolean opensMore =
        head.indexOf('{') >= 0
            || (head.indexOf('<') >= 0 && !tail.startsWith(">"))
            || head.length() > 3;
    boolean closesMore = tail.indexOf('}') >= 0 || tail.contains(");") || tail.contains("))");
    return opensMore || closesMore ? token : core;
  }

  // ---- source within a sentence

  /// Which tokens are source: those that are so themselves, and those beside them that might be.
  private static boolean[] widen(List<String> tokens, Token[] kinds) {
    int size = kinds.length;
    boolean[] source = new boolean[size];
    boolean any = false;
    for (int i = 0; i < size; i++) {
      source[i] =
          kinds[i] == Token.CODE
              || (kinds[i] == Token.OPERATOR
                  && isHardOperator(tokens.get(i))
                  && !isBracketOfSentence(tokens, kinds, i));
      any |= source[i];
    }
    if (!any) {
      return source;
    }
    boolean[] seed = source.clone();
    for (int i = 0; i < size; i++) {
      if (!seed[i]) {
        continue;
      }
      int left = i - 1;
      while (left >= 0 && !source[left] && isNear(tokens.get(left), kinds[left])) {
        source[left] = true;
        left--;
      }
      int depth = depth(tokens.get(i));
      int right = i + 1;
      while (right < size
          && !source[right]
          && (isNear(tokens.get(right), kinds[right]) || (depth > 0 && right - i < 12))) {
        source[right] = true;
        depth += depth(tokens.get(right));
        right++;
      }
      // The first operand of an assignment and the first word behind one belong to it.
      if (kinds[i] == Token.OPERATOR) {
        if (i > 0) {
          source[i - 1] = true;
        }
        if (i + 1 < size) {
          source[i + 1] = true;
        }
      }
    }
    // A single word between two pieces of source is source.
    for (int i = 1; i + 1 < size; i++) {
      if (source[i - 1] && source[i + 1]) {
        source[i] = true;
      }
    }
    return source;
  }

  /// Brackets that stand apart around an address or ordinary words.
  private static boolean isBracketOfSentence(List<String> tokens, Token[] kinds, int i) {
    int within = tokens.get(i).equals("(") ? i + 1 : tokens.get(i).equals(")") ? i - 1 : -1;
    return within >= 0
        && within < kinds.length
        && (kinds[within] == Token.LINK || speaks(core(tokens.get(within))));
  }

  private static boolean speaks(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return Words.FUNCTION.contains(lower) || Words.TALK.contains(lower);
  }

  private static boolean isHardOperator(String token) {
    return switch (token) {
      case "=",
          "==",
          "===",
          "!=",
          "!==",
          ":=",
          "+=",
          "-=",
          "*=",
          "/=",
          "|=",
          "&&",
          "||",
          "::",
          "<-",
          "|>",
          "=~",
          "<<",
          ">>",
          "<=",
          ">=",
          "{",
          "}",
          "};",
          "};,",
          "()",
          "[]",
          "{}",
          ");",
          "})",
          "});",
          "(",
          ")",
          "[",
          "]",
          "=>",
          "<",
          ">",
          "?:",
          "??",
          "|",
          "^",
          "\\",
          "<>",
          "~>",
          ">>=",
          "<$>",
          "<*>",
          ";;",
          "$",
          "@",
          "%",
          "/*",
          "*/",
          "//" ->
          true;
      default -> false;
    };
  }

  private static boolean isNear(String token, Token kind) {
    if (kind == Token.IDENTIFIER
        || kind == Token.NAME
        || kind == Token.OPERATOR
        || kind == Token.DATA) {
      return !token.equals("-")
          && !token.equals("\u2013")
          && !token.equals("\u2014")
          && !token.equals("--")
          && !token.equals("\u2192");
    }
    if (kind != Token.PLAIN) {
      return false;
    }
    String lower = core(token).toLowerCase(Locale.ROOT);
    boolean speaks = Words.FUNCTION.contains(lower) || Words.TALK.contains(lower);
    return (Words.KEYWORD.contains(lower) && !speaks)
        || (token.length() == 1
            && Character.isLetterOrDigit(token.charAt(0))
            && !lower.equals("i")
            && !lower.equals("a"));
  }

  private static int depth(String token) {
    int depth = 0;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      depth += c == '(' || c == '{' || c == '[' ? 1 : c == ')' || c == '}' || c == ']' ? -1 : 0;
    }
    return depth;
  }

  private static boolean mostlySource(List<String> tokens, boolean[] source) {
    int all = 0;
    int yes = 0;
    for (int i = 0; i < source.length; i++) {
      int length = tokens.get(i).length();
      all += length;
      yes += source[i] ? length : 0;
    }
    if (yes * 2 <= all) {
      return false;
    }
    int spoken = 0;
    for (int i = 0; i < source.length; i++) {
      String lower = core(tokens.get(i)).toLowerCase(Locale.ROOT);
      spoken +=
          !source[i] && (Words.FUNCTION.contains(lower) || Words.TALK.contains(lower)) ? 1 : 0;
    }
    return spoken < 2;
  }

  private void codeSpan(String token) {
    if (lastVisible() != code) {
      word(String.valueOf(code));
    }
    char end = token.charAt(token.length() - 1);
    if (end == '.' || end == '?' || end == '!') {
      out.append(end == '.' ? '.' : end);
    }
  }

  // ---- writing

  private void emit(String token, Token kind) {
    int start = coreStart(token);
    int end = coreEnd(token, start);
    String core = token.substring(Math.min(start, end), end);
    boolean mark = core.length() == 1 && Marks.isMark(core.charAt(0));
    if (core.isEmpty() || (kind == Token.OPERATOR && !mark)) {
      separator(token);
      return;
    }
    String head = token.substring(0, Math.min(start, end));
    written.setLength(0);
    opening(head);
    switch (kind) {
      case NAME -> written.append(mark(Removed.NAME));
      case PATH -> written.append(mark(Removed.PATH));
      case LINK -> link(core);
      case DATA -> written.append(mark(Removed.DATA));
      case CODE, OPERATOR -> written.append(mark ? core.charAt(0) : code);
      case PLAIN, IDENTIFIER -> plain(core);
    }
    closing(token.substring(end));
    int from = 0;
    while (from < written.length() && written.charAt(from) == ' ') {
      from++;
    }
    int to = written.length();
    while (to > from && written.charAt(to - 1) == ' ') {
      to--;
    }
    if (from < to) {
      space();
      out.append(written, from, to);
    }
  }

  private void link(String core) {
    written.append(mark(Removed.LINK));
    for (String word : Address.words(core)) {
      written.append(' ').append(word);
    }
  }

  private void separator(String token) {
    String words =
        switch (token) {
          case "&", "+" -> "and";
          case "->", "=>", "\u2192", "\u21d2", "-->", "==>", "\u27a1", "\u2794" -> "to";
          case "-", "--", "\u2013", "\u2014", "---" -> "\u2013";
          default -> "";
        };
    if (!words.isEmpty()) {
      word(words);
      return;
    }
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (Marks.isMark(c)) {
        word(String.valueOf(c));
      } else if (c == '"') {
        quoteOpen = !quoteOpen;
      } else if (".,?!:\u3002\uff0c\uff1f\uff01\u3001".indexOf(c) >= 0) {
        kept.append(c);
      }
    }
    if (kept.length() > 0
        && out.length() > 0
        && Character.isLetterOrDigit(out.charAt(out.length() - 1))) {
      out.append(kept.charAt(0));
    }
  }

  private void opening(String head) {
    for (int i = 0; i < head.length(); i++) {
      char c = head.charAt(i);
      if (c == '"') {
        quoteOpen = true;
        written.append('\u201c');
      } else if (c == '(' || c == '[') {
        comma();
      } else if (Alphabet.isPunctuation(c) && c != '-') {
        written.append(c);
      }
    }
  }

  private void closing(String tail) {
    boolean comma = false;
    for (int i = 0; i < tail.length(); i++) {
      char c = tail.charAt(i);
      if (c == '"') {
        written.append(quoteOpen ? '\u201d' : '\u201c');
        quoteOpen = !quoteOpen;
      } else if (c == ')' || c == ']' || c == ';') {
        comma = true;
      } else if (Alphabet.isPunctuation(c)) {
        comma = false;
        written.append(c);
      }
    }
    if (comma) {
      written.append(',');
    }
  }

  private void comma() {
    if (out.length() > 0 && Character.isLetterOrDigit(out.charAt(out.length() - 1))) {
      out.append(',');
    }
  }

  /// A word that fits, or nearly: what little does not is written in words or left out.
  private void plain(String core) {
    // Only what is that short can be one of these.
    switch (core.length() <= 3 ? core.toLowerCase(Locale.ROOT) : "") {
      case "c++" -> written.append("C plus plus");
      case "c#" -> written.append("C sharp");
      case "f#" -> written.append("F sharp");
      default -> {
        int run = 0;
        for (int i = 0; i < core.length(); ) {
          int c = core.codePointAt(i);
          i += Character.charCount(c);
          if (c < 0x10000 && Marks.isMark((char) c)) {
            written.append((char) c);
            run = 0;
          } else if (Alphabet.isLetterOrDigit(c)) {
            run++;
            if (run > LONGEST_CJK_RUN) {
              written.append(' ');
              run = 1;
            }
            written.appendCodePoint(c);
          } else if (c == '/') {
            written.append(' ');
            run = 0;
          } else if (c == '&') {
            written.append(" and ");
            run = 0;
          } else if (c == '%') {
            written.append(" percent");
            run = 0;
          } else if (c == ','
              || (c == '.'
                  && run > 0
                  && i < core.length()
                  && Character.isUpperCase(core.charAt(i)))) {
            written.append((char) c);
            if (i < core.length()
                && !Character.isDigit(core.charAt(i))
                && Character.isLetter(core.charAt(i))
                && core.length() > 6) {
              written.append(' ');
            }
            run = 0;
          } else if (Alphabet.isPunctuation(c)) {
            written.appendCodePoint(c);
            run = 0;
          }
        }
      }
    }
  }

  private void word(String word) {
    String clean = word.strip();
    if (clean.isEmpty()) {
      return;
    }
    space();
    out.append(clean);
  }

  private void space() {
    if (out.length() > 0 && out.charAt(out.length() - 1) != ' ') {
      out.append(' ');
    }
  }

  private char lastVisible() {
    for (int i = out.length() - 1; i >= 0; i--) {
      if (out.charAt(i) != ' ') {
        return out.charAt(i);
      }
    }
    return '\0';
  }
}
