// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Reads the result as the next layers will and drops each sentence in which it finds anything.
/// Removals can join what stood apart, and some languages are made of words.
final class SecondLook {

  /// Statements made of words only, wherever they stand.
  private static final Pattern WORD_ONLY =
      Pattern.compile(
          "(?i)\\b(?:insert\\s+into|create\\s+(?:or\\s+replace\\s+|temp(?:orary)?\\s+|unique\\s+)?(?:table|index|view|function|trigger|database|schema)|delete\\s+from|drop\\s+(?:table|index|view|database|schema|column)"
              + "|alter\\s+(?:table|column|database|schema)|truncate\\s+table|(?:identification|environment|data|procedure)\\s+division|working-storage\\s+section|file\\s+section|using\\s+namespace"
              + "|begin\\s+(?:rsa|ec|dsa|openssh|pgp|certificate|private|public)|private\\s+key-|group\\s+by|order\\s+by|inner\\s+join|left\\s+join|end-if|end-perform|stop\\s+run|perform\\s+varying|implicit\\s+none|end\\s+subroutine|end\\s+module|end\\s+function|end\\s+program)\\b");

  private static final Pattern IMPORT =
      Pattern.compile(
          "(?i)^(?:import(?:\\s+static)?\\s+[\\pL0-9_.]+(?:\\s+as\\s+\\S+)?\\.?$|import\\s+[\\pL0-9_]+\\.[\\pL0-9_.]|from\\s+\\S+\\s+import\\b|package\\s+[\\pL0-9_]+(?:\\.[\\pL0-9_]+)*[.]?$|package\\s+[\\pL0-9_]+\\.[\\pL]|using\\s+[\\pL0-9_.]+[.]?$|require\\s+[\\pL0-9_.]+[.]?$|use\\s+[A-Z][\\pL0-9_.]*[.]?$|module\\s+[A-Z][\\pL0-9_.]*(?:\\s+where)?[.]?$|open\\s+[A-Z][\\pL0-9_.]*[.]?$|include\\s+[A-Z][\\pL0-9_.]*[.]?$)");
  private static final Pattern IMPORT_START =
      Pattern.compile("(?i)^(?:import|package)\\s+[\\pL0-9_]+");

  /// One of these begins every statement that the pattern finds, at the edge of a word, and behind
  /// a blank one of the letters follows; `\u017f` is a small s.
  private static final Map<String, String> STATEMENTS =
      Map.ofEntries(
          Map.entry("insert", "i"),
          Map.entry("create", "otuivfds\u017f"),
          Map.entry("delete", "f"),
          Map.entry("drop", "tivdcs\u017f"),
          Map.entry("alter", "tcds\u017f"),
          Map.entry("truncate", "t"),
          Map.entry("identification", "d"),
          Map.entry("environment", "d"),
          Map.entry("data", "d"),
          Map.entry("procedure", "d"),
          Map.entry("working-storage", "s\u017f"),
          Map.entry("file", "s\u017f"),
          Map.entry("using", "n"),
          Map.entry("begin", "redopc"),
          Map.entry("private", "k\u212a"),
          Map.entry("group", "b"),
          Map.entry("order", "b"),
          Map.entry("inner", "j"),
          Map.entry("left", "j"),
          Map.entry("end", "s\u017fmfp"),
          Map.entry("end-if", ""),
          Map.entry("end-perform", ""),
          Map.entry("stop", "r"),
          Map.entry("perform", "v"),
          Map.entry("implicit", "n"));

  /// What a query is made of; the first two belong together, and the others.
  private static final List<String> QUERY_WORDS = List.of("select", "from", "update", "set");

  private static final int[] QUERIES = {0b0011, 0b1100};
  private static final int STATEMENT = 0b10000;

  private static final List<String> STATEMENT_WORDS =
      Stream.concat(QUERY_WORDS.stream(), STATEMENTS.keySet().stream()).toList();
  private static final Keywords STATEMENT_KEYWORDS = new Keywords(STATEMENT_WORDS);

  /// To ask how late it is costs as much as a short sentence.
  private static final int SENTENCES_A_CHECK = 16;

  private SecondLook() {}

  /// Whether a line does nothing but name a module.
  static boolean isImport(String text) {
    return mayBeImport(text) && IMPORT.matcher(text).find();
  }

  /// Whether it begins with one of the words that name modules; a mark counts as a blank.
  private static boolean mayBeImport(String text) {
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case 'i', 'I' -> begins(text, "import") || begins(text, "include");
      case 'f', 'F' -> begins(text, "from");
      case 'p', 'P' -> begins(text, "package");
      case 'u', 'U' -> begins(text, "use") || begins(text, "using");
      case 'r', 'R' -> begins(text, "require");
      case 'm', 'M' -> begins(text, "module");
      case 'o', 'O' -> begins(text, "open");
      default -> false;
    };
  }

  private static boolean begins(String text, String word) {
    int end = word.length();
    return text.length() > end
        && (text.charAt(end) <= ' ' || Marks.isMark(text.charAt(end)))
        && text.regionMatches(true, 0, word, 0, end);
  }

  /// Whether a statement made of words stands in a text.
  static boolean isStatement(String text) {
    return (mayBeStatement(text) && WORD_ONLY.matcher(text).find())
        || isQuery(text)
        || isImport(text);
  }

  private static boolean isAmong(int words, int[] query) {
    for (int both : query) {
      if ((words & both) == both) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayBeStatement(String text) {
    return (wordsOfStatements(text) & STATEMENT) != 0;
  }

  /// A bit for each word of a query that stands somewhere in a text, and one for the beginning of
  /// any other statement.
  private static int wordsOfStatements(String text) {
    int words = 0;
    int state = Keywords.START;
    for (int i = 0; i < text.length(); i++) {
      state = STATEMENT_KEYWORDS.after(state, text.charAt(i));
      int[] ending = STATEMENT_KEYWORDS.endingAt(state);
      if (ending != null) {
        for (int keyword : ending) {
          if (keyword < QUERY_WORDS.size()) {
            words |= 1 << keyword;
            continue;
          }
          String word = STATEMENT_WORDS.get(keyword);
          int start = i + 1 - word.length();
          if ((start == 0 || !isWordPart(text.charAt(start - 1)))
              && goesOn(text, i + 1, Objects.requireNonNull(STATEMENTS.get(word)))) {
            words |= STATEMENT;
          }
        }
      }
    }
    return words;
  }

  private static boolean isWordPart(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private static boolean goesOn(String text, int end, String letters) {
    if (letters.isEmpty()) {
      return true;
    }
    int i = end;
    while (i < text.length() && " \t\n\r\f".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i > end
        && i < text.length()
        && letters.indexOf(Character.toLowerCase(text.charAt(i))) >= 0;
  }

  /// `select … from`, `update … set`, however much stands between.
  private static boolean isQuery(String text) {
    return follows(text, "select", "from") || follows(text, "update", "set");
  }

  private static boolean follows(String text, String first, String second) {
    int at = word(text, first, 0);
    return at >= 0 && word(text, second, at + first.length()) >= 0;
  }

  /// Where a word of small letters stands as a word, whatever its case; or -1.
  private static int word(String text, String word, int from) {
    char small = word.charAt(0);
    char capital = Character.toUpperCase(small);
    for (int at = from; at + word.length() <= text.length(); at++) {
      char c = text.charAt(at);
      if ((c == small || c == capital)
          && text.regionMatches(true, at, word, 0, word.length())
          && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
          && (at + word.length() == text.length()
              || !Character.isLetterOrDigit(text.charAt(at + word.length())))) {
        return at;
      }
    }
    return -1;
  }

  static String clean(String text, Marks marks, Budget.Deadline deadline) {
    char code = marks.add(Placeholder.of(Removed.CODE));
    char secret = marks.add(Placeholder.of(Removed.SECRET));
    char words = marks.add(Placeholder.of(Removed.TEXT));
    String plain = withoutPrivate(text);
    boolean anySecret = SecretRules.anyIn(plain);
    int found = wordsOfStatements(plain);
    boolean anyStatement = (found & STATEMENT) != 0;
    boolean anyQuery = isAmong(found, QUERIES) && isQuery(plain);
    boolean any = anySecret || anyStatement || anyQuery;
    List<String> result = new ArrayList<>();
    for (String sentence : sentences(text)) {
      if (result.size() % SENTENCES_A_CHECK == 0) {
        deadline.check();
      }
      if (!any
          && LineScore.isSpoken(sentence)
          && !Marks.isMark(sentence.charAt(0))
          && !mayBeImport(sentence)) {
        result.add(sentence);
        continue;
      }
      String visible = visible(sentence);
      String kept;
      if (visible.isEmpty()) {
        kept = sentence;
      } else if (anySecret && SecretRules.anyIn(separated(sentence))) {
        kept = String.valueOf(secret);
      } else if ((anyStatement && mayBeStatement(visible) && WORD_ONLY.matcher(visible).find())
          || isImport(visible)) {
        kept = String.valueOf(code);
      } else if (mayBeImport(visible) && IMPORT_START.matcher(visible).find()) {
        kept =
            words
                + sentence.substring(
                    sentence.indexOf(' ') < 0 ? sentence.length() : sentence.indexOf(' '));
      } else if (anyQuery && isQuery(visible)) {
        kept = String.valueOf(code);
      } else if (isSource(visible)) {
        kept = String.valueOf(code);
      } else {
        kept = sentence;
      }
      result.add(kept);
    }
    if (anyQuery) {
      dropPairs(result, code, words, "select", "from");
      dropPairs(result, code, words, "update", "set");
    }
    return String.join(" ", result);
  }

  /// The pair may stand in two sentences. Both go, unless both are ordinary sentences: then the
  /// second word alone goes, so that the next layers find no pair.
  private static void dropPairs(
      List<String> sentences, char code, char words, String first, String second) {
    int open = -1;
    for (int i = 0; i < sentences.size(); i++) {
      String lower = sentences.get(i).toLowerCase(Locale.ROOT);
      if (open >= 0 && word(lower, second, 0) >= 0) {
        if (speaks(sentences.get(open)) && speaks(sentences.get(i)) && !lower.startsWith(second)) {
          sentences.set(i, without(sentences.get(i), second, words));
        } else {
          sentences.set(open, String.valueOf(code));
          sentences.set(i, String.valueOf(code));
          open = -1;
        }
      } else if (word(lower, first, 0) >= 0) {
        open = i;
      }
    }
  }

  private static String without(String sentence, String word, char mark) {
    return Pattern.compile("(?i)\\b" + word + "\\b")
        .matcher(sentence)
        .replaceAll(String.valueOf(mark));
  }

  private static boolean speaks(String sentence) {
    LineScore score = LineScore.scan(visible(sentence));
    return score.functionWords >= 2 && score.functionWords * 6 >= score.words;
  }

  private static boolean isSource(String visible) {
    if (LineScore.isSpoken(visible)) {
      return false;
    }
    LineScore score = LineScore.scan(visible);
    if (score.words == 0 || score.functionWords + score.talkWords > 1) {
      return false;
    }
    boolean names =
        score.camel + score.dotted >= 2 && (score.camel + score.dotted) * 2 >= score.words;
    boolean shouted =
        score.words >= 3
            && score.upperWords * 5 >= score.words * 4
            && !visible.endsWith("!")
            && !visible.endsWith("?");
    return names || shouted;
  }

  /// Marks, and whatever else is of no alphabet, as blanks.
  private static String withoutPrivate(String text) {
    int first = 0;
    while (first < text.length() && text.charAt(first) < '\uE000') {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    char[] plain = text.toCharArray();
    for (int i = first; i < plain.length; i++) {
      if (plain[i] >= '\uE000' && plain[i] <= '\uF8FF') {
        plain[i] = ' ';
      }
    }
    return new String(plain);
  }

  /// What stands behind a mark is not the value of a name before it.
  private static String separated(String sentence) {
    StringBuilder out = new StringBuilder(sentence.length());
    for (int i = 0; i < sentence.length(); i++) {
      char c = sentence.charAt(i);
      out.append(Marks.isMark(c) ? ';' : c);
    }
    return out.toString();
  }

  private static String visible(String sentence) {
    int first = 0;
    while (first < sentence.length() && !Marks.isMark(sentence.charAt(first))) {
      first++;
    }
    if (first == sentence.length()) {
      return sentence.strip();
    }
    if (sentence.length() == 1) {
      return "";
    }
    char[] plain = sentence.toCharArray();
    for (int i = first; i < plain.length; i++) {
      plain[i] = Marks.isMark(plain[i]) ? ' ' : plain[i];
    }
    return new String(plain).strip();
  }

  static List<String> sentences(String text) {
    List<String> sentences = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean end =
          (c == '.' || c == '?' || c == '!' || c == ':')
              && i + 1 < text.length()
              && text.charAt(i + 1) == ' ';
      if (end
          || (Marks.isMark(c) && i + 1 < text.length() && text.charAt(i + 1) == ' ' && i > start)) {
        if (end) {
          sentences.add(text.substring(start, i + 1).strip());
          start = i + 1;
        }
      }
    }
    sentences.add(text.substring(start).strip());
    return sentences;
  }
}
