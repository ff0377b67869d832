// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The places of a text in which a rule may find something: learned in one pass, so that almost no
/// pattern need run. It may suspect a place for nothing, but it never passes one by in which a rule
/// would find something.
final class Suspects {

  private static final Rules STANDARD = new Rules(SecretRules.ALL);

  private static final int LONG_TOKEN = 20;

  /// A shorter number says nothing to any rule, unless it stands behind a letter.
  private static final int SHORTEST_NUMBER = 6;

  /// The rules, and their keywords one behind the other: how long each is, and whose.
  private static final class Rules {
    final SecretRule[] all;
    final Clue[] clues;
    final Keywords keywords;
    final int[] lengths;
    final int[] owners;

    /// The rules without a keyword that runs of digits give away.
    final int[] numbers;

    /// Those of them that a shorter run gives away, where it stands behind a letter.
    final int[] behindLetters;

    /// Those that long tokens give away.
    final int[] tokens;

    Rules(List<SecretRule> rules) {
      List<String> words = rules.stream().flatMap(rule -> rule.keywords().stream()).toList();
      IntStream numbered = IntStream.range(0, rules.size());
      all = rules.toArray(SecretRule[]::new);
      clues = rules.stream().map(SecretRule::clue).toArray(Clue[]::new);
      keywords = new Keywords(words);
      lengths = words.stream().mapToInt(String::length).toArray();
      owners =
          numbered
              .flatMap(rule -> rules.get(rule).keywords().stream().mapToInt(_ -> rule))
              .toArray();
      numbers =
          IntStream.range(0, rules.size())
              .filter(rule -> rules.get(rule).keywords().isEmpty())
              .filter(rule -> !rules.get(rule).isOfTokens())
              .toArray();
      behindLetters =
          Arrays.stream(numbers).filter(rule -> rules.get(rule).beginsWithLetters()).toArray();
      tokens =
          IntStream.range(0, rules.size()).filter(rule -> rules.get(rule).isOfTokens()).toArray();
    }
  }

  private final Rules rules;
  private final String text;
  private final List<Suspect> suspects = new ArrayList<>(0);

  /// For each rule the line, by its beginning, in which it is to look everywhere.
  private int @Nullable [] everywhere;

  private int line;

  /// How far the digits and the token reach that were met last.
  private int numberUntil;

  private int tokenUntil;

  /// @param start where its line begins
  /// @param end where its line ends
  private record Suspect(int rule, Clue.Place place, int start, int end) {}

  private Suspects(Rules rules, String text) {
    this.rules = rules;
    this.text = text;
  }

  static Suspects in(String text) {
    return in(STANDARD, text);
  }

  /// @param rules only for tests of what happens with others
  static Suspects in(List<SecretRule> rules, String text) {
    return in(new Rules(rules), text);
  }

  private static Suspects in(Rules rules, String text) {
    Suspects suspects = new Suspects(rules, text);
    suspects.look();
    return suspects;
  }

  boolean isNone() {
    return suspects.isEmpty();
  }

  /// What each rule finds where it is suspected, rule by rule.
  ///
  /// @param enough stops at the first find
  List<SecretRule.Found> found(boolean enough) {
    boolean[] asked = new boolean[rules.all.length];
    for (Suspect suspect : suspects) {
      asked[suspect.rule()] = true;
    }
    List<SecretRule.Found> found = new ArrayList<>();
    for (int rule = 0; rule < rules.all.length; rule++) {
      int done = 0;
      for (int i = 0; asked[rule] && i < suspects.size(); i++) {
        Suspect one = suspects.get(i);
        if (one.rule() == rule) {
          done = rules.all[rule].findAt(one.place(), text, one.start(), one.end(), done, found);
        }
      }
      if (enough && !found.isEmpty()) {
        return found;
      }
    }
    return found;
  }

  private void look() {
    Keywords keywords = rules.keywords;
    int length = text.length();
    int state = Keywords.START;
    int digits = 0;
    int before = 0;
    int i = 0;
    while (i < length) {
      long passed = keywords.pass(text, i, state);
      state = Keywords.state(passed);
      i = Keywords.at(passed);
      if (i == length) {
        break;
      }
      char c = text.charAt(i);
      i++;
      if (c == '\n') {
        if (suspects.size() > before) {
          before = endLine(before, i - 1, digits);
        }
        line = i;
        digits = 0;
        state = Keywords.START;
        continue;
      }
      if (state < 0) {
        keywords(keywords.endingAt(state), i);
      }
      if (Clue.isDigit(c)) {
        digits++;
        digit(i - 1);
      }
    }
    if (suspects.size() > before) {
      endLine(before, length, digits);
    }
  }

  private void keywords(int @Nullable [] ending, int end) {
    if (ending == null) {
      return;
    }
    for (int keyword : ending) {
      suspect(rules.owners[keyword], end - rules.lengths[keyword], end);
    }
  }

  private void digit(int at) {
    if (at >= numberUntil) {
      numberUntil = endOfNumber(at);
      boolean isLong = numberUntil - at >= SHORTEST_NUMBER;
      if (isLong || isBehindLetter(at)) {
        for (int rule : isLong ? rules.numbers : rules.behindLetters) {
          suspect(rule, at, numberUntil);
        }
      }
    }
    if (at >= tokenUntil) {
      tokenUntil = token(at);
    }
  }

  private boolean isBehindLetter(int at) {
    return at > line && Token.isLetter(text.charAt(at - 1));
  }

  private void suspect(int rule, int start, int end) {
    Clue.Place place = rules.clues[rule].at(text, line, start, end);
    if (place == null || (place.equals(Clue.Place.LINE) && isKnownIn(rule))) {
      return;
    }
    suspects.add(new Suspect(rule, place, line, 0));
  }

  private boolean isKnownIn(int rule) {
    int[] known = everywhere;
    if (known == null) {
      known = new int[rules.all.length];
      everywhere = known;
    }
    boolean already = known[rule] == line + 1;
    known[rule] = line + 1;
    return already;
  }

  private int token(int at) {
    int start = at;
    while (start > line && Clue.isTokenPart(text.charAt(start - 1))) {
      start--;
    }
    int end = at + 1;
    while (end < text.length() && Clue.isTokenPart(text.charAt(end))) {
      end++;
    }
    if (end - start >= LONG_TOKEN) {
      for (int rule : rules.tokens) {
        suspect(rule, start, end);
      }
    }
    return end;
  }

  /// Digits belong together over up to three signs such as people write between them.
  private int endOfNumber(int start) {
    int end = start + 1;
    int gap = 0;
    for (int i = end; i < text.length() && gap <= 3; i++) {
      char c = text.charAt(i);
      if (Clue.isDigit(c)) {
        end = i + 1;
        gap = 0;
      } else if (c == ' ' || c == '.' || c == '-' || c == '/' || c == '(' || c == ')') {
        gap++;
      } else {
        break;
      }
    }
    return end;
  }

  /// Now that the line is known, its suspects are: where it ends, and whether it has enough digits.
  private int endLine(int from, int end, int digits) {
    int to = from;
    for (int i = from; i < suspects.size(); i++) {
      Suspect one = suspects.get(i);
      if (digits >= rules.all[one.rule()].fewestDigits()) {
        suspects.set(to, new Suspect(one.rule(), one.place(), one.start(), end));
        to++;
      }
    }
    suspects.subList(to, suspects.size()).clear();
    return to;
  }
}
