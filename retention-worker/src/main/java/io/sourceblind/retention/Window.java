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
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An organization's own window, when it is shorter than 90 days.
///
/// First the day before which everything is gone moves forward, then what lies before it is
/// deleted: the database lets nothing else be deleted, and shows nobody what may be (V090). A day
/// that was not rolled up goes all the same: it is hidden from the releaser as well, so waiting
/// would keep it and help nobody. The entry says so.
final class Window {
  private static final UUID LAST = new UUID(-1, -1);

  private final TenantDatabase database;
  private final AuditLog audit;
  private final Ledger ledger;
  private final int batch;

  private record Floor(LocalDate before) {}

  Window(TenantDatabase database, AuditLog audit, Ledger ledger, RetentionSettings settings) {
    this.database = database;
    this.audit = audit;
    this.ledger = ledger;
    this.batch = settings.batch();
  }

  /// Lets go of what is past the window, a bounded number of rows at a time.
  Swept letGo(UUID organization) {
    return TenantScope.callAs(
        Tenant.of(organization),
        () -> {
          if (database.inTransaction(Window::moveOn)) {
            ledger.keep(new Ledger.Line.LetGo(organization, database.inTransaction(Window::floor)));
          }
          database.inTransaction(Window::letGoOfCounts);
          var swept = database.inTransaction(jdbc -> letGoOfSums(jdbc, organization));
          for (var day : daysPast(organization)) {
            for (var full = true; full; ) {
              var some = database.inTransaction(jdbc -> letGoOf(day, jdbc, organization));
              swept = swept.plus(some);
              full = some.events() == batch;
            }
          }
          return swept;
        });
  }

  /// Says whether the day is another than before.
  private static boolean moveOn(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select was is distinct from release.let_go_of_what_is_past()
              from (select release.floor() as was offset 0) before
            """)
        .query(Boolean.class)
        .single();
  }

  private static LocalDate floor(JdbcClient jdbc) {
    return jdbc.sql("select release.floor() as before")
        .query(DataClassRowMapper.newInstance(Floor.class))
        .single()
        .before();
  }

  private List<LocalDate> daysPast(UUID organization) {
    return database.inTransaction(jdbc ->
        jdbc.sql(
                """
                select distinct occurred_on
                  from capture.event
                 where org_id = :org and occurred_on < release.floor()
                 order by occurred_on
                """)
            .param("org", organization)
            .query(LocalDate.class)
            .list());
  }

  private Swept letGoOf(LocalDate day, JdbcClient jdbc, UUID organization) {
    var last =
        jdbc.sql(
                """
                select event_id
                  from capture.event
                 where org_id = :org and occurred_on = :day
                 order by event_id
                 limit 1 offset :others
                """)
            .param("org", organization)
            .param("day", day)
            .param("others", batch - 1)
            .query(UUID.class)
            .optional()
            .orElse(LAST);
    // Another worker may be at the same rows: each of them is deleted, and counted, by one of us.
    var events =
        jdbc.sql(
                """
                delete from capture.event
                 where org_id = :org and occurred_on = :day and event_id <= :last
                """)
            .param("org", organization)
            .param("day", day)
            .param("last", last)
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
        jdbc.sql("delete from release.person_week where org_id = :org and week < release.floor()")
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
