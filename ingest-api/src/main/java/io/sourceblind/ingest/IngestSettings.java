// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What an operator may set.
///
/// @param maxEvents how many events a batch may have
/// @param maxSize how large a batch may be, unpacked
/// @param uploadTime how long a client may take to send a batch
/// @param atOnce how many batches are worked on at once; beyond it a client is told to come back
/// @param writers how many transactions write at once; more than the database has cores is no
///   faster
/// @param perDevice how many requests of one device are taken in a minute
/// @param perOrganization how many requests of one organization are taken in a minute
@ConfigurationProperties("ingest")
record IngestSettings(
    @DefaultValue("1000") int maxEvents,
    @DefaultValue("1MB") DataSize maxSize,
    @DefaultValue("30s") Duration uploadTime,
    @DefaultValue("32") int atOnce,
    @DefaultValue("4") int writers,
    @DefaultValue("600") int perDevice,
    @DefaultValue("20000") int perOrganization) {

  IngestSettings {
    demand(maxEvents >= 1 && maxEvents <= 1_000, "ingest.max-events is between 1 and 1000");
    demand(
        maxSize.toBytes() >= 1_024 && maxSize.toBytes() <= DataSize.ofMegabytes(1).toBytes(),
        "ingest.max-size is between 1KB and 1MB");
    demand(
        uploadTime.isPositive() && uploadTime.compareTo(Duration.ofMinutes(5)) <= 0,
        "ingest.upload-time is more than nothing and at most 5m");
    demand(atOnce >= 1 && atOnce <= 1_000, "ingest.at-once is between 1 and 1000");
    demand(writers >= 1 && writers <= 64, "ingest.writers is between 1 and 64");
    demand(perDevice >= 1, "ingest.per-device is at least 1");
    demand(perOrganization >= perDevice, "ingest.per-organization is at least ingest.per-device");
  }

  private static void demand(boolean right, String whatIsRight) {
    if (!right) {
      throw new IllegalArgumentException(whatIsRight);
    }
  }
}
