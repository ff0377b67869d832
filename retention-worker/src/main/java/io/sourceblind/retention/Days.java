// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.util.stream.Collectors.groupingBy;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.TenantDatabase;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The days that events lie in: opened ahead, dropped past the 90th.
final class Days {
  private static final int KEPT = 90;
  private static final int AHEAD = 7;

  private final TenantDatabase database;
  private final AuditLog audit;
  private final Retry retry;
  private final Clock clock;

  private record Counted(LocalDate day, UUID orgId, long events) {}

  Days(TenantDatabase database, AuditLog audit, RetentionSettings settings, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.retry =
        Retry.of(
            "days",
            RetryConfig.custom()
                .maxAttempts(settings.attempts())
                .waitDuration(settings.pause())
                .retryExceptions(DataAccessException.class)
                .build());
    this.clock = clock;
  }

  /// Opens every day that an event may still fall on, and a week ahead.
  Swept open() {
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    var opened =
        retry.executeSupplier(() ->
            database.withoutTenant(jdbc -> {
              // Waiting for a long reader would make every insert wait behind us.
              jdbc.sql("set local lock_timeout = '2s'").update();
              return jdbc.sql("select capture.open_days(:first, :last)")
                  .param("first", today.minusDays(KEPT))
                  .param("last", today.plusDays(AHEAD))
                  .query(Integer.class)
                  .single();
            }));
    return new Swept(opened, 0, 0, 0, 0);
  }

  /// Drops the days past the 90th, whether they have been rolled up or not: the promise that
  /// nothing is older is worth more than a number.
  Swept drop() {
    return retry.executeSupplier(() -> database.withoutTenant(this::drop));
  }

  private Swept drop(JdbcClient jdbc) {
    var counted =
        jdbc.sql("select day, org_id, events from capture.count_days_past_90()")
            .query(Counted.class)
            .list();
    counted.stream()
        .collect(groupingBy(Counted::orgId))
        .forEach((organization, days) -> append(jdbc, organization, days));
    var dropped =
        jdbc.sql("select capture.drop_days_past_90()").query(LocalDate.class).list().size();
    return new Swept(0, counted.stream().mapToLong(Counted::events).sum(), 0, dropped, 0);
  }

  private void append(JdbcClient jdbc, UUID organization, List<Counted> days) {
    // A day holds many organizations and is dropped at once: each gets its entry in this very
    // transaction, so the transaction goes from one to the next.
    jdbc.sql("set local app.org_id = '%s'".formatted(organization)).update();
    audit.append(
        jdbc,
        new AuditEntry(
            organization,
            Actor.job("retention"),
            "retention.days_dropped",
            "capture.event",
            Outcome.DONE,
            Map.of(
                "days", days.size(),
                "events", days.stream().mapToLong(Counted::events).sum(),
                "first", days.getFirst().day().toString(),
                "last", days.getLast().day().toString())));
  }
}
