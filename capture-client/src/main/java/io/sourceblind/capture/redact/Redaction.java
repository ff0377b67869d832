// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.Map;

/// What became of one text.
///
/// @param prose what may leave
/// @param removed how many placeholders of each kind stand in it
/// @param removedCharacters by how many characters the text became shorter, at least zero
public record Redaction(PlainProse prose, Map<Removed, Integer> removed, long removedCharacters) {

  public Redaction {
    removed = Map.copyOf(removed);
  }

  /// How many things were taken out.
  public int total() {
    return removed.values().stream().mapToInt(Integer::intValue).sum();
  }
}
