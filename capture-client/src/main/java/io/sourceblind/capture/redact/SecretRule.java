// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Finds one kind of secret or personal data. A keyword says cheaply whether the pattern need run
/// at all; the pattern runs in linear time; a check (a checksum, say) may have the last word. The
/// examples say what the rule must catch and what it must leave alone, and a test runs them.
record SecretRule(
    String name,
    boolean personal,
    List<String> keywords,
    Pattern pattern,
    int group,
    Clue clue,
    Predicate<String> check,
    List<String> catches,
    List<String> spares) {

  /// What is longer and did not pass its check is not looked at again from within.
  private static final int LONGEST_RETRIED = 48;

  /// A secret has no more characters; what goes on in the same token is taken with it anyway.
  private static final int LONGEST = 8 * 1024;

  static SecretRule secret(String name, String pattern, String... keywords) {
    return new SecretRule(
        name,
        false,
        List.of(keywords),
        Pattern.compile(pattern),
        0,
        Clue.NONE,
        s -> true,
        List.of(),
        List.of());
  }

  static SecretRule personal(String name, String pattern, String... keywords) {
    return new SecretRule(
        name,
        true,
        List.of(keywords),
        Pattern.compile(pattern),
        0,
        Clue.NONE,
        s -> true,
        List.of(),
        List.of());
  }

  /// Only this group of the pattern is the secret.
  SecretRule group(int number) {
    return new SecretRule(name, personal, keywords, pattern, number, clue, check, catches, spares);
  }

  /// What says around a keyword where the pattern can match.
  SecretRule near(Clue around) {
    return new SecretRule(name, personal, keywords, pattern, group, around, check, catches, spares);
  }

  SecretRule when(Predicate<String> condition) {
    return new SecretRule(
        name, personal, keywords, pattern, group, clue, condition, catches, spares);
  }

  SecretRule catches(String... examples) {
    return new SecretRule(
        name, personal, keywords, pattern, group, clue, check, List.of(examples), spares);
  }

  SecretRule spares(String... examples) {
    return new SecretRule(
        name, personal, keywords, pattern, group, clue, check, catches, List.of(examples));
  }

  /// How many digits a text must have at least for this rule to be asked.
  int fewestDigits() {
    return switch (name) {
      case "phone number" -> 7;
      case "card number", "iban" -> 12;
      case "social security number" -> 9;
      case "tax id" -> 11;
      case "national insurance number" -> 6;
      case "spanish id" -> 7;
      case "ipv4 address" -> 4;
      case "mac address" -> 1;
      default -> keywords.isEmpty() ? 1 : 0;
    };
  }

  boolean mayBeIn(String lowerCase) {
    if (keywords.isEmpty()) {
      return true;
    }
    for (String keyword : keywords) {
      if (lowerCase.contains(keyword)) {
        return true;
      }
    }
    return false;
  }

  /// Looks at the lines that can hold such a secret, each with the line behind it, because a value
  /// may stand below its name.
  List<Found> findIn(String text) {
    List<Found> found = new ArrayList<>();
    int done = 0;
    int start = 0;
    while (start < text.length()) {
      int end = endOfLine(text, start);
      String line = text.substring(start, end);
      if (SecretRules.digitsIn(line) >= fewestDigits() && mayBeIn(line.toLowerCase(Locale.ROOT))) {
        done = findIn(text, start, end, done, found);
      }
      start = end + 1;
    }
    return found;
  }

  private int findIn(String text, int start, int end, int done, List<Found> found) {
    int from = Math.max(start, done);
    if (from >= end) {
      return done;
    }
    if (spansLines()) {
      find(text, from, text.length(), text.length(), found);
      return text.length();
    }
    int to = end < text.length() ? endOfLine(text, end + 1) : end;
    return find(text, from, end, to, found);
  }

  /// Looks at one place in a line, behind what was found before.
  ///
  /// @param done where the last find ended
  /// @return where it ends now
  int findAt(Clue.Place place, String text, int start, int end, int done, List<Found> found) {
    if (place.equals(Clue.Place.LINE)) {
      return findIn(text, start, end, done, found);
    }
    int from = Math.max(place.from(), done);
    if (place.exact() && place.from() + 1 < done) {
      // It begins within what was found, and not with the quote that ends it.
      return done;
    }
    if (!place.exact()) {
      int to = Math.min(place.to(), end);
      int first = Math.max(start, from);
      return first < to ? find(text, first, to, to, found) : done;
    }
    if (from >= end) {
      return done;
    }
    // To the end of the line below, but no further than any secret goes on.
    int most = Math.min(text.length(), from + LONGEST);
    int below = end < most ? text.indexOf('\n', end + 1, most) : -1;
    int to = end >= most || below < 0 ? most : below;
    Matcher matcher = pattern.matcher(text.substring(from, to));
    if (!matcher.lookingAt()) {
      return done;
    }
    int first = from + matcher.start(group);
    int stop = from + matcher.end(group);
    if (stop > first && check.test(text.substring(first, stop))) {
      found.add(new Found(first, stop, this));
      return stop;
    }
    // As below: never many looks at a long place.
    boolean isLong = matcher.end() > LONGEST_RETRIED;
    return isLong ? Math.max(done, Math.min(from + matcher.end(), end)) : done;
  }

  /// Whether its pattern begins with a letter.
  boolean beginsWithLetters() {
    return pattern.pattern().replace("(?i)", "").startsWith("\\b[A-Z");
  }

  /// Whether it is about long tokens as a whole.
  boolean isOfTokens() {
    return name.equals("key") && keywords.isEmpty();
  }

  private boolean spansLines() {
    return name.equals("private key");
  }

  private static int endOfLine(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  /// Finds what begins before `last` in a part of the text; returns where the last find ended.
  private int find(String text, int first, int last, int end, List<Found> found) {
    String part = text.substring(first, end);
    Matcher matcher = pattern.matcher(part);
    int from = 0;
    int done = first;
    while (from <= part.length() && matcher.find(from) && first + matcher.start() < last) {
      int start = matcher.start(group);
      int stop = matcher.end(group);
      if (stop > start && check.test(part.substring(start, stop))) {
        found.add(new Found(first + start, first + stop, this));
        done = first + stop;
        from = stop;
      } else {
        // A shorter look at the same place, but never many at a long one: that would be quadratic.
        from =
            matcher.end() - matcher.start() <= LONGEST_RETRIED
                ? matcher.start() + 1
                : Math.max(matcher.end(), matcher.start() + 1);
      }
    }
    return done;
  }

  Placeholder placeholder() {
    return personal ? Placeholder.of(Removed.PERSONAL_DATA) : Placeholder.secret(name);
  }

  record Found(int start, int end, SecretRule rule) {}
}
