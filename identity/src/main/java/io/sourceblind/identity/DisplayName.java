// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

/// What people, teams, organizations, tokens and passkeys are called on pages.
public final class DisplayName {
  private static final int LONGEST = 80;

  private DisplayName() {}

  /// Whether it has 1 to 80 characters, of which one at least is seen and none controls anything.
  public static boolean isFit(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST
        && name.chars().noneMatch(Character::isISOControl);
  }
}
