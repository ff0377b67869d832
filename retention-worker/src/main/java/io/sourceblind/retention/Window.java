// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An organization's own window, when it is shorter than 90 days.
///
/// A day that is past the window goes even if it has not been rolled up: row security hides it from
/// the releaser as well, so waiting would keep it and help nobody. The entry says so.
final class Window {
  private final TenantDatabase database;
  private final AuditLog audit;

  Window(TenantDatabase database, AuditLog audit) {
    this.database = database;
    this.audit = audit;
  }

  /// Lets go of what is past the window, a day at a time.
  Swept letGo(UUID organization) {
    return TenantScope.callAs(
        Tenant.of(organization),
        () -> {
          database.inTransaction(Window::letGoOfCounts);
          var swept = database.inTransaction(jdbc -> letGoOfSums(jdbc, organization));
          for (var day : daysPast(organization)) {
            swept = swept.plus(database.inTransaction(jdbc -> letGoOf(day, jdbc, organization)));
          }
          return swept;
        });
  }

  private List<LocalDate> daysPast(UUID organization) {
    return database.inTransaction(jdbc ->
        jdbc.sql(
                """
                select distinct occurred_on
                  from capture.event
                 where org_id = :org and occurred_on < capture.horizon()
                 order by occurred_on
                """)
            .param("org", organization)
            .query(LocalDate.class)
            .list());
  }

  private Swept letGoOf(LocalDate day, JdbcClient jdbc, UUID organization) {
    // All of a day at once: picking rows for smaller batches took a hundred times as long, and
    // nobody
    // waits for rows that nobody sees.
    var events =
        jdbc.sql(
                """
                delete from capture.event
                 where org_id = :org and occurred_on = :day and occurred_on < capture.horizon()
                """)
            .param("org", organization)
            .param("day", day)
            .update();
    if (events > 0) {
      append(
          jdbc,
          organization,
          "capture.event",
          Map.of(
              "day", day.toString(),
              "events", events,
              "rolled_up", isRolledUp(day, jdbc, organization)));
    }
    return new Swept(0, events, 0, 0, 0);
  }

  private static boolean isRolledUp(LocalDate day, JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select not exists (
              select from release.dirty_day where org_id = :org and occurred_on = :day)
            """)
        .param("org", organization)
        .param("day", day)
        .query(Boolean.class)
        .single();
  }

  /// Counts of what was never stored say nothing about anybody: they go without an entry.
  private static int letGoOfCounts(JdbcClient jdbc) {
    return jdbc.sql("delete from release.left_out where on_day < capture.horizon()").update();
  }

  private Swept letGoOfSums(JdbcClient jdbc, UUID organization) {
    var sums =
        jdbc.sql("delete from release.person_week where org_id = :org and week < capture.horizon()")
            .param("org", organization)
            .update();
    if (sums > 0) {
      append(jdbc, organization, "release.person_week", Map.of("sums", sums));
    }
    return new Swept(0, 0, sums, 0, 0);
  }

  private void append(
      JdbcClient jdbc, UUID organization, String target, Map<String, Object> details) {
    audit.append(
        jdbc,
        new AuditEntry(
            organization,
            Actor.job("retention"),
            "retention.window_passed",
            target,
            Outcome.DONE,
            details));
  }
}
