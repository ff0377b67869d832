// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import java.util.Locale;

/// What a transaction may do in the database; the grants of each stand in `db/migrations`.
public enum DatabaseRole {
  /// Adds events of one person and reads none back.
  INGEST_WRITER,
  /// Reads released cells and who is in a team; no grant on anything raw.
  MANAGER_API,
  /// Reads one engineer's own rows.
  ENGINEER_API,
  /// Reads schema, release ledger and audit entries; no grant on anything captured.
  REVIEWER_API,
  /// Reads and changes organizations, teams, people and credentials.
  IDENTITY_API,
  /// Reads one organization's raw events and adds released cells.
  RELEASER,
  /// Deletes what is past the organization's window.
  RETENTION,
  /// Gives audit entries their place in a tree, by their hashes; reads no entry.
  AUDIT_SEQUENCER,
  /// Reads the trees and adds signed checkpoints; reads no entry.
  AUDIT_SIGNER;

  /// The role's name in Postgres.
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
