// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Finds what looks like a key or a password among the words of a text.
final class SecretShapes {

  /// How keys of one provider begin.
  ///
  /// @param least how many letters and digits the whole key has at least
  private record Prefix(String text, int least) {}

  private static final List<Prefix> PREFIXES =
      List.of(
          new Prefix("AKIA", 20),
          new Prefix("ASIA", 20),
          new Prefix("AIza", 30),
          new Prefix("AGE-SECRET-KEY-", 20),
          new Prefix("eyJ", 16),
          new Prefix("glpat-", 20),
          new Prefix("hvs.", 20),
          new Prefix("pypi-", 24),
          new Prefix("SG.", 20),
          new Prefix("sk-", 16),
          new Prefix("xoxa-", 14),
          new Prefix("xoxb-", 14),
          new Prefix("xoxp-", 14),
          new Prefix("xoxr-", 14),
          new Prefix("xoxs-", 14),
          new Prefix("ya29.", 20));

  private static final Set<String> NAMED =
      Set.of("password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "key");

  private static final int LONG_MIXED = 24;
  private static final int THREE_KINDS = 20;
  private static final int SHORT_PASSWORD = 8;

  private SecretShapes() {}

  static boolean areIn(String[] words) {
    for (var i = 0; i < words.length; i++) {
      if (hasPrefix(words[i]) || hasMixedRun(words[i]) || (i > 0 && isNamed(words, i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasPrefix(String word) {
    for (var prefix : PREFIXES) {
      var at = word.indexOf(prefix.text());
      var whole = at == 0 || (at > 0 && !ProseAlphabet.joins(word.codePointBefore(at)));
      if (!whole) {
        continue;
      }
      var key = Run.within(word, at);
      if (key.length() >= prefix.least() && (key.digits() > 0 || key.lower() == 0)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasMixedRun(String word) {
    for (var i = 0; i < word.length(); ) {
      var run = Run.at(word, i);
      var mixed = run.digits() > 1 && run.letters() > 1;
      var ofThreeKinds = run.digits() > 1 && run.upper() > 1 && run.lower() > 1;
      if ((mixed && run.length() >= LONG_MIXED) || (ofThreeKinds && run.length() >= THREE_KINDS)) {
        return true;
      }
      i += Math.max(1, run.length());
    }
    return false;
  }

  /// `password: abc12345`, `the token is abc12345`.
  private static boolean isNamed(String[] words, int i) {
    var value = Run.at(words[i], 0);
    if (value.length() < SHORT_PASSWORD || value.digits() < 2 || value.letters() < 2) {
      return false;
    }
    var before = words[i - 1].toLowerCase(Locale.ROOT);
    if (before.endsWith(":")) {
      return NAMED.contains(before.substring(0, before.length() - 1));
    }
    return before.equals("is") && i > 1 && NAMED.contains(words[i - 2].toLowerCase(Locale.ROOT));
  }

  /// Letters and digits of ASCII without anything between them.
  private record Run(int upper, int lower, int digits) {

    static Run at(String word, int from) {
      var upper = 0;
      var lower = 0;
      var digits = 0;
      for (var i = from; i < word.length(); i++) {
        var c = word.charAt(i);
        if (c >= 'A' && c <= 'Z') {
          upper++;
        } else if (c >= 'a' && c <= 'z') {
          lower++;
        } else if (c >= '0' && c <= '9') {
          digits++;
        } else {
          break;
        }
      }
      return new Run(upper, lower, digits);
    }

    /// The same, hyphens and dots between them aside.
    static Run within(String word, int from) {
      var whole = new Run(0, 0, 0);
      for (var i = from; i < word.length(); ) {
        var run = at(word, i);
        if (run.length() == 0 && word.charAt(i) != '-' && word.charAt(i) != '.') {
          break;
        }
        whole = whole.plus(run);
        i += Math.max(1, run.length());
      }
      return whole;
    }

    private Run plus(Run next) {
      return new Run(upper + next.upper, lower + next.lower, digits + next.digits);
    }

    int letters() {
      return upper + lower;
    }

    int length() {
      return upper + lower + digits;
    }
  }
}
