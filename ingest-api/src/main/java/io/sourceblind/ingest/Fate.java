// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

/// What became of one event in the database.
sealed interface Fate {

  /// It is stored, now.
  record Added() implements Fate {}

  /// It was stored before.
  record Known() implements Fate {}

  /// Its day is one that the organization no longer keeps.
  record Past() implements Fate {}

  /// The database would not have it.
  ///
  /// @param rule the name of the rule that it breaks
  record Refused(String rule) implements Fate {}
}
