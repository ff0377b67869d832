// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Every rule, in the order in which they are asked, and how their findings are taken out of a
/// text.
final class SecretRules {

  static final List<SecretRule> ALL =
      Stream.concat(Secrets.ALL.stream(), PersonalData.ALL.stream()).toList();

  private SecretRules() {}

  /// The text with each finding replaced by a mark.
  static String replaceIn(String text, Marks marks, Budget.Deadline deadline) {
    Suspects suspects = Suspects.in(text);
    if (suspects.isNone()) {
      return text;
    }
    List<SecretRule.Found> found = new ArrayList<>();
    for (SecretRule.Found one : suspects.found(false)) {
      found.add(taken(text, one));
    }
    deadline.check();
    if (found.isEmpty()) {
      return text;
    }
    found.sort(Comparator.comparingInt(SecretRule.Found::start));
    StringBuilder out = new StringBuilder(text.length());
    int done = 0;
    int i = 0;
    while (i < found.size()) {
      SecretRule.Found first = found.get(i);
      int end = first.end();
      SecretRule named = first.rule();
      int next = i + 1;
      while (next < found.size() && found.get(next).start() < end) {
        end = Math.max(end, found.get(next).end());
        if (named.personal() && !found.get(next).rule().personal()) {
          named = found.get(next).rule();
        }
        next++;
      }
      if (first.start() >= done) {
        out.append(text, done, first.start()).append(marks.add(named.placeholder()));
      }
      done = Math.max(done, end);
      i = next;
    }
    return out.append(text, done, text.length()).toString();
  }

  /// What is taken out for a find. What stands in the same token as a secret belongs to it; the
  /// mark that ends a sentence does not.
  static SecretRule.Found taken(String text, SecretRule.Found found) {
    if (found.rule().personal()) {
      return found;
    }
    int start = found.start();
    while (start > 0 && isTokenPart(text.charAt(start - 1))) {
      start--;
    }
    int end = found.end();
    while (end < text.length() && isTokenPart(text.charAt(end))) {
      end++;
    }
    while (end > found.end() && ".:".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return new SecretRule.Found(start, end, found.rule());
  }

  private static boolean isTokenPart(char c) {
    return (c < 128 && Character.isLetterOrDigit(c)) || "_-+/=.:@%$#&~|".indexOf(c) >= 0;
  }

  static boolean anyIn(String text) {
    Suspects suspects = Suspects.in(text);
    return !suspects.isNone() && !suspects.found(true).isEmpty();
  }

  static long digitsIn(String text) {
    return text.chars().filter(c -> c >= '0' && c <= '9').count();
  }
}
