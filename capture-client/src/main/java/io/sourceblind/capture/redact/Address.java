// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What may be said of a web address: the ordinary words in its host and path. Users, ports,
/// queries, fragments, numbers, codes and names with humps stay out, and so does all of an address
/// within somebody's own network.
final class Address {

  private static final int MOST_WORDS = 16;
  private static final int LONGEST_WORD = 18;

  /// Hosts that only a company's own network knows.
  private static final Set<String> PRIVATE =
      Set.of(
          "local",
          "internal",
          "corp",
          "lan",
          "intranet",
          "home",
          "localdomain",
          "localhost",
          "test",
          "invalid",
          "onion",
          "private");

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\pL\\pN%@~=+&$*!^]+");

  private Address() {}

  static List<String> words(String address) {
    int scheme = address.indexOf("://");
    if (scheme < 0 || !address.toLowerCase(Locale.ROOT).startsWith("http")) {
      return List.of();
    }
    String rest = address.substring(scheme + 3);
    int end = 0;
    while (end < rest.length() && "?#;,()<>[]{}\"'|\\ ".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    rest = rest.substring(0, end);
    int slash = rest.indexOf('/');
    String host = slash < 0 ? rest : rest.substring(0, slash);
    if (!isPublic(host)) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    add(host.startsWith("www.") ? host.substring(4) : host, words);
    String path = slash < 0 ? "" : rest.substring(slash + 1);
    // An address with a single name behind the host is often the page of a person.
    if (path.indexOf('/') > 0 && path.indexOf('/') < path.length() - 1) {
      add(path, words);
    }
    return words;
  }

  private static boolean isPublic(String host) {
    int dot = host.lastIndexOf('.');
    String last = host.substring(dot + 1).toLowerCase(Locale.ROOT);
    boolean intern = false;
    for (String label : host.toLowerCase(Locale.ROOT).split("\\.", -1)) {
      intern |= PRIVATE.contains(label);
    }
    return dot > 0
        && !intern
        && last.length() > 1
        && last.chars().allMatch(c -> c >= 'a' && c <= 'z')
        && host.chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-'));
  }

  private static void add(String part, List<String> words) {
    for (String word : BETWEEN_WORDS.split(part, -1)) {
      if (words.size() < MOST_WORDS && isOrdinary(word)) {
        words.add(word);
      }
    }
  }

  /// A word as a dictionary has them: letters only, and none large but the first.
  private static boolean isOrdinary(String word) {
    return word.length() > 1
        && word.length() <= LONGEST_WORD
        && word.substring(1).chars().allMatch(c -> c >= 'a' && c <= 'z')
        && Character.isLetter(word.charAt(0))
        && word.charAt(0) < 128;
  }
}
