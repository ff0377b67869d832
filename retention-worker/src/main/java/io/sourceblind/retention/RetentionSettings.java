// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param attempts how often a day is tried while a reader holds it
/// @param pause between two attempts
/// @param batch how many rows one transaction deletes at most
/// @param ledger a file on other storage than the database, for replaying deletions after a
///   restore; empty where no backups are taken
/// @param once whether the worker does what there is to do and ends, as before a restored database
///   opens
@ConfigurationProperties("retention")
record RetentionSettings(
    @DefaultValue("5") int attempts,
    @DefaultValue("10s") Duration pause,
    @DefaultValue("10000") int batch,
    @DefaultValue("") String ledger,
    @DefaultValue("false") boolean once) {

  RetentionSettings {
    if (attempts < 1) {
      throw new IllegalArgumentException("retention.attempts is at least 1");
    }
    if (pause.isNegative()) {
      throw new IllegalArgumentException("retention.pause is not negative");
    }
    if (batch < 1) {
      throw new IllegalArgumentException("retention.batch is at least 1");
    }
    if (once && ledger.isBlank()) {
      throw new IllegalArgumentException(
          "retention.once is for a restored database, and needs retention.ledger");
    }
  }
}
