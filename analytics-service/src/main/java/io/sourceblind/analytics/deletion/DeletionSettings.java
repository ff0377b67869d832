// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param daysInBackups how long after a deletion a backup may still have what was deleted; with
///   `db/pgbackrest.conf` and a full backup a week it is 22
@ConfigurationProperties("deletion")
record DeletionSettings(@DefaultValue("22") int daysInBackups) {

  DeletionSettings {
    if (daysInBackups < 0 || daysInBackups > 90) {
      throw new IllegalArgumentException(
          "deletion.days-in-backups is between 0, for no backups, and 90");
    }
  }
}
