// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.Locale;
import java.util.Set;

/// Finds code that is made of words alone and so fits the alphabet of prose: statements of SQL,
/// headings of COBOL, imports, the frame of a key.
final class WordCode {
  private static final Set<String> DEFINES = Set.of("create", "drop", "alter");
  private static final Set<String> DEFINED =
      Set.of("table", "view", "index", "schema", "database", "function", "trigger");
  private static final Set<String> DIVISIONS =
      Set.of("identification", "environment", "data", "procedure");
  private static final Set<String> CLAUSES = Set.of("where", "join", "limit");
  private static final Set<String> ORDERS = Set.of("group", "order");

  private final String[] written;
  private final String[] words;

  private WordCode(String[] written) {
    this.written = written;
    this.words = new String[written.length];
    for (var i = 0; i < written.length; i++) {
      words[i] = written[i].toLowerCase(Locale.ROOT);
    }
  }

  /// @param words of one paragraph, as they were written
  static boolean isIn(String[] words) {
    var code = new WordCode(words);
    return code.hasQuery() || code.hasStatement() || code.hasImport();
  }

  /// `select … from a b where`, with nothing but plain words between `from` and the clause.
  private boolean hasQuery() {
    var selected = false;
    // How many plain words have followed a `from`; -1 when there is none to follow.
    var since = -1;
    for (var i = 0; i < words.length; i++) {
      if (since > 0 && beginsClause(i)) {
        return true;
      }
      if (since >= 0) {
        since = isPlain(words[i]) ? since + 1 : -1;
      }
      if (since < 0 && selected && words[i].equals("from")) {
        since = 0;
      }
      selected |= endsWith(words[i], "select");
    }
    return false;
  }

  private boolean beginsClause(int i) {
    return beginsWithOneOf(words[i], CLAUSES)
        || (ORDERS.contains(words[i]) && beginsWith(word(i + 1), "by"));
  }

  private boolean hasStatement() {
    for (var i = 0; i + 1 < words.length; i++) {
      if (isInsert(i)
          || isUpdate(i)
          || isDelete(i)
          || isDefinition(i)
          || isHeading(i)
          || isKeyFrame(i)) {
        return true;
      }
    }
    return false;
  }

  private boolean isInsert(int i) {
    return endsWith(words[i], "insert")
        && word(i + 1).equals("into")
        && isPlain(word(i + 2))
        && beginsWithOneOf(word(i + 3), Set.of("values", "select"));
  }

  private boolean isUpdate(int i) {
    return endsWith(words[i], "update")
        && isPlain(word(i + 1))
        && word(i + 2).equals("set")
        && beginsPlain(word(i + 3));
  }

  private boolean isDelete(int i) {
    return endsWith(words[i], "delete")
        && word(i + 1).equals("from")
        && isPlain(word(i + 2))
        && beginsWith(word(i + 3), "where");
  }

  private boolean isDefinition(int i) {
    return endsWithOneOf(words[i], DEFINES)
        && DEFINED.contains(word(i + 1))
        && beginsPlain(word(i + 2));
  }

  private boolean isHeading(int i) {
    return (endsWithOneOf(words[i], DIVISIONS) && beginsWith(word(i + 1), "division"))
        || (endsWith(words[i], "working-storage") && beginsWith(word(i + 1), "section"))
        || (endsWith(words[i], "using")
            && word(i + 1).equals("namespace")
            && beginsPlain(word(i + 2)));
  }

  /// `begin rsa private key`, whatever letters stand in the middle.
  private boolean isKeyFrame(int i) {
    if (!word(i).endsWith("private") || !beginsWith(word(i + 1), "key")) {
      return false;
    }
    for (var before = i; before > 0 && isLetters(words[before]); before--) {
      if (endsWith(words[before - 1], "begin")) {
        return true;
      }
    }
    return false;
  }

  /// A sentence that is nothing but an import, or two imports in a row anywhere.
  private boolean hasImport() {
    var previous = Integer.MIN_VALUE;
    for (var i = 0; i + 1 < written.length; i++) {
      if (written[i].equals("import") && isName(written[i + 1])) {
        if (previous == i - 2 || (beginsSentence(i) && isImport(i))) {
          return true;
        }
        previous = i;
      } else if (beginsSentence(i) && (isFromImport(i) || isPackage(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean isImport(int i) {
    return endsSentence(i + 1)
        || (word(i + 1).equals("static") && i + 2 < written.length && endsSentence(i + 2))
        || (word(i + 2).equals("as") && i + 3 < written.length && endsSentence(i + 3));
  }

  private boolean isFromImport(int i) {
    return written[i].equals("from")
        && isName(written[i + 1])
        && i + 3 < written.length
        && written[i + 2].equals("import");
  }

  private boolean isPackage(int i) {
    return written[i].equals("package")
        && isName(written[i + 1])
        && written[i + 1].indexOf('.') > 0
        && written[i + 1].indexOf('.') < written[i + 1].length() - 1
        && endsSentence(i + 1);
  }

  private boolean beginsSentence(int i) {
    return i == 0 || endsWithStop(written[i - 1]);
  }

  private boolean endsSentence(int i) {
    return i == written.length - 1 || endsWithStop(written[i]);
  }

  private static boolean endsWithStop(String word) {
    return !word.isEmpty() && ".:!?".indexOf(word.charAt(word.length() - 1)) >= 0;
  }

  /// Letters, digits and dots, with or without the stop of a sentence behind it.
  private static boolean isName(String word) {
    var body = endsWithStop(word) ? word.substring(0, word.length() - 1) : word;
    return isPlain(body.toLowerCase(Locale.ROOT)) || word.equals(".");
  }

  private String word(int i) {
    return i < words.length ? words[i] : "";
  }

  private static boolean isPlain(String word) {
    return !word.isEmpty() && word.chars().allMatch(WordCode::isPlain);
  }

  private static boolean beginsPlain(String word) {
    return !word.isEmpty() && isPlain(word.charAt(0));
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
  }

  private static boolean isLetters(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= 'a' && c <= 'z');
  }

  private static boolean beginsWithOneOf(String word, Set<String> beginnings) {
    return beginnings.stream().anyMatch(beginning -> beginsWith(word, beginning));
  }

  private static boolean endsWithOneOf(String word, Set<String> endings) {
    return endings.stream().anyMatch(ending -> endsWith(word, ending));
  }

  /// Whether the word is the beginning, or goes on with something that is no letter and no digit.
  private static boolean beginsWith(String word, String beginning) {
    return word.startsWith(beginning)
        && (word.length() == beginning.length()
            || !ProseAlphabet.joins(word.codePointAt(beginning.length())));
  }

  private static boolean endsWith(String word, String ending) {
    var before = word.length() - ending.length();
    return word.endsWith(ending)
        && (before == 0 || !ProseAlphabet.joins(word.codePointBefore(before)));
  }
}
