// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.util.Locale;

/// What somebody is in their organization. None may read another person's sessions.
public enum Role {
  /// Sees their own sessions and numbers.
  ENGINEER,
  /// Sees released numbers of teams.
  MANAGER,
  /// Runs the organization, and sees what a manager sees.
  OWNER,
  /// Checks schema, grants and the audit log.
  REVIEWER,
  /// Sees seats and usage.
  BILLING;

  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role of(String sqlName) {
    return valueOf(sqlName.toUpperCase(Locale.ROOT));
  }
}
