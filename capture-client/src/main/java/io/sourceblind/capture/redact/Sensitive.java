// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;

/// Looks into a short value that is no prose, a part of a path say, with the rules that hold for
/// prose.
public final class Sensitive {

  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(?:passw(?:or)?d|passwort|passphrase|pwd|secret|token)[ _=-]+[^ ]*[0-9][^ ]*");

  private static final int SHORTEST_NAMED = 14;

  private static final Keywords NAMES =
      new Keywords(List.of("passw", "passphrase", "pwd", "secret", "token"));

  private Sensitive() {}

  /// Whether a secret, personal data or a statement of a language made of words stands in it.
  public static boolean isIn(String value) {
    return SecretRules.anyIn(value)
        || (value.indexOf('_') >= 0 && SecretRules.anyIn(value.replace('_', ' ')))
        || SecondLook.isStatement(value)
        || (mayBeNamed(value) && isNamed(value));
  }

  private static boolean isNamed(String value) {
    Matcher named = NAMED.matcher(value);
    return named.find() && named.end() - named.start() >= SHORTEST_NAMED;
  }

  /// Whether one of the names stands in it. Beyond ASCII two signs stand for others where the case
  /// does not count, so the pattern itself is asked.
  private static boolean mayBeNamed(String value) {
    int state = Keywords.START;
    for (int i = 0; i < value.length(); i++) {
      state = NAMES.after(state, value.charAt(i));
      if (value.charAt(i) > '~' || NAMES.endingAt(state) != null) {
        return true;
      }
    }
    return false;
  }
}
