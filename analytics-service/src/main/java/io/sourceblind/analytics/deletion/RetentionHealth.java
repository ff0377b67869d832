// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import javax.sql.DataSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether what is past its window is gone from disk too. It asks the data itself, so it also
/// speaks when no worker runs; the pages work all the same, and so their health does not go down
/// with it.
@Component("purge")
class RetentionHealth implements HealthIndicator {
  /// The worker comes at night; a day that is one night late may still be on its way.
  private static final int LATE = 2;

  private final TenantDatabase database;

  RetentionHealth(DataSource pages, MeterRegistry meters) {
    this.database = TenantDatabase.open(pages, DatabaseRole.MANAGER_API);
    Gauge.builder("retention.days.late", this, RetentionHealth::daysLate)
        .description("By how many days the oldest row on disk is past its window")
        .register(meters);
  }

  @Override
  public Health health() {
    return daysLate() < LATE ? Health.up().build() : Health.status("LATE").build();
  }

  private int daysLate() {
    return database.withoutTenant(
        jdbc -> jdbc.sql("select release.days_late()").query(Integer.class).single());
  }
}
