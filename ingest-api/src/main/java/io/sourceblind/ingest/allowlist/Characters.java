// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.BitSet;

/// A set of ASCII characters, written as `a-z0-9._`: a hyphen between two characters means all from
/// one to the other, a last one means itself.
final class Characters {
  private final String notation;
  private final BitSet members = new BitSet(128);

  private Characters(String notation) {
    this.notation = notation;
    for (var i = 0; i < notation.length(); i++) {
      var from = notation.charAt(i);
      var range = i + 2 < notation.length() && notation.charAt(i + 1) == '-';
      var to = range ? notation.charAt(i + 2) : from;
      if (to < from) {
        throw new IllegalArgumentException("A range in it runs backwards");
      }
      members.set(from, to + 1);
      i += range ? 2 : 0;
    }
  }

  /// @throws IllegalArgumentException if it is empty, backwards or beyond printable ASCII
  static Characters of(String notation) {
    if (notation.isEmpty() || !notation.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("It is not a set of visible ASCII characters");
    }
    return new Characters(notation);
  }

  boolean has(char c) {
    return members.get(c);
  }

  /// Whether the text is made of them alone.
  boolean make(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (!has(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return notation;
  }
}
