// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
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
    Predicate<String> check,
    List<String> catches,
    List<String> spares) {

  static SecretRule secret(String name, String pattern, String... keywords) {
    return new SecretRule(
        name,
        false,
        List.of(keywords),
        Pattern.compile(pattern),
        0,
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
        s -> true,
        List.of(),
        List.of());
  }

  /// Only this group of the pattern is the secret.
  SecretRule group(int number) {
    return new SecretRule(name, personal, keywords, pattern, number, check, catches, spares);
  }

  SecretRule when(Predicate<String> condition) {
    return new SecretRule(name, personal, keywords, pattern, group, condition, catches, spares);
  }

  SecretRule catches(String... examples) {
    return new SecretRule(
        name, personal, keywords, pattern, group, check, List.of(examples), spares);
  }

  SecretRule spares(String... examples) {
    return new SecretRule(
        name, personal, keywords, pattern, group, check, catches, List.of(examples));
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

  List<Found> findIn(String text) {
    List<Found> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int from = 0;
    while (from <= text.length() && matcher.find(from)) {
      int start = matcher.start(group);
      int end = matcher.end(group);
      if (end > start && check.test(text.substring(start, end))) {
        found.add(new Found(start, end, this));
        from = end;
      } else {
        // A shorter look at the same place, but never many at a long one: that would be quadratic.
        from = matcher.end() - matcher.start() <= 48 ? matcher.start() + 1 : matcher.end();
      }
    }
    return found;
  }

  Placeholder placeholder() {
    return personal ? Placeholder.of(Removed.PERSONAL_DATA) : Placeholder.secret(name);
  }

  record Found(int start, int end, SecretRule rule) {}
}
