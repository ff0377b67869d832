// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether what is past its window is gone from disk too. It asks the data itself, so it also
/// speaks when no worker runs; the pages work all the same, and so their health does not go down
/// with it.
@Component("purge")
public class RetentionHealth implements HealthIndicator {
  /// The worker comes at night; a day that is one night late may still be on its way.
  private static final int LATE = 2;

  /// Anybody may ask for the health, and the answer looks at every organization.
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final TenantDatabase database;
  private final InstantSource clock;
  private @Nullable Answer last;

  private record Answer(int days, Instant at) {}

  RetentionHealth(DataSource pages, MeterRegistry meters, InstantSource clock) {
    this.clock = clock;
    this.database = TenantDatabase.open(pages, DatabaseRole.MANAGER_API);
    Gauge.builder("retention.days.late", this, RetentionHealth::daysLate)
        .description("By how many days the oldest row on disk is past its window")
        .register(meters);
  }

  @Override
  public Health health() {
    return daysLate() < LATE ? Health.up().build() : Health.status("LATE").build();
  }

  /// By how many days the oldest row on disk is past its window, as of a minute ago at most.
  public synchronized int daysLate() {
    var now = clock.instant();
    if (last == null || !now.isBefore(last.at().plus(FRESH))) {
      last = new Answer(askedForDaysLate(), now);
    }
    return last.days();
  }

  private int askedForDaysLate() {
    return database.withoutTenant(
        jdbc -> jdbc.sql("select release.days_late()").query(Integer.class).single());
  }
}
