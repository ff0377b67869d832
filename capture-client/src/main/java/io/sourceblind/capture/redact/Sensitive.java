// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import com.google.re2j.Pattern;

/// Looks into a short value that is no prose, a part of a path say, with the rules that hold for
/// prose.
public final class Sensitive {

  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(?:passw(?:or)?d|passwort|passphrase|pwd|secret|token)[ _=-]+[^ ]*[0-9][^ ]*");

  private static final int SHORTEST_NAMED = 14;

  private Sensitive() {}

  /// Whether a secret, personal data or a statement of a language made of words stands in it.
  public static boolean isIn(String value) {
    var named = NAMED.matcher(value);
    return SecretRules.anyIn(value)
        || SecretRules.anyIn(value.replace('_', ' '))
        || SecondLook.isStatement(value)
        || (named.find() && named.end() - named.start() >= SHORTEST_NAMED);
  }
}
