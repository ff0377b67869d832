// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.Locale;

/// How much a field says about a person or about what they work on.
public enum Sensitivity {
  /// About machines and versions.
  TECHNICAL,
  /// About how somebody works, as a number or a word of a closed list.
  BEHAVIOUR,
  /// A keyed hash that stands for something with a name.
  PSEUDONYM,
  /// A name that somebody chose.
  NAME,
  /// Somebody's own words, redacted.
  WORDS;

  /// The word that stands in the file.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
