// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import java.util.List;
import java.util.Locale;

/// A login of one process. It inherits nothing and may take only the roles listed here.
public enum Login {
  INGEST(DatabaseRole.INGEST_WRITER),
  ANALYTICS(
      DatabaseRole.MANAGER_API,
      DatabaseRole.ENGINEER_API,
      DatabaseRole.REVIEWER_API,
      DatabaseRole.IDENTITY_API),
  RELEASER(DatabaseRole.RELEASER),
  RETENTION(DatabaseRole.RETENTION),
  AUDIT_SEQUENCER(DatabaseRole.AUDIT_SEQUENCER),
  /// A process of its own, on a machine of its own where there is one.
  AUDIT_SIGNER(DatabaseRole.AUDIT_SIGNER),
  /// Sends the log to where an organization collects such things.
  AUDIT_FORWARDER(DatabaseRole.REVIEWER_API),
  /// For the commands that make organizations and credentials.
  IDENTITY(DatabaseRole.IDENTITY_API);

  @SuppressWarnings("ImmutableEnumChecker") // List.of never changes.
  private final List<DatabaseRole> roles;

  Login(DatabaseRole... roles) {
    this.roles = List.of(roles);
  }

  /// The login's name in Postgres.
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT) + "_login";
  }

  /// The roles that the login may take.
  public List<DatabaseRole> roles() {
    return roles;
  }
}
