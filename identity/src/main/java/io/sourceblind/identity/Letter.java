// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.util.regex.Pattern;

/// A mail to somebody.
public record Letter(String to, String subject, String text) {
  private static final Pattern ADDRESS = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,185}");

  /// Whether a letter could go there.
  static boolean isAddress(String to) {
    return ADDRESS.matcher(to).matches();
  }

  /// Without what is in it: a code or a link lets somebody in.
  @Override
  public String toString() {
    return "Letter[]";
  }
}
