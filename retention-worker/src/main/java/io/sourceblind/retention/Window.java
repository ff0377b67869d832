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
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An organization's own window, when it is shorter than 90 days.
///
/// A day that is past the window goes even if it has not been rolled up: row security hides it from
/// the releaser as well, so waiting would keep it and help nobody. The entry says how many such
/// days there were.
final class Window {
  private final TenantDatabase database;
  private final AuditLog audit;
  private final RetentionSettings settings;

  private record Gone(
      long events,
      long days,
      @Nullable LocalDate first,
      @Nullable LocalDate last,
      long notRolledUp) {}

  Window(TenantDatabase database, AuditLog audit, RetentionSettings settings) {
    this.database = database;
    this.audit = audit;
    this.settings = settings;
  }

  /// Lets go of what is past the window, batch by batch.
  Swept letGo(UUID organization) {
    return TenantScope.callAs(
        Tenant.of(organization),
        () -> {
          var swept = Swept.nothing();
          Swept batch;
          do {
            batch = database.inTransaction(jdbc -> batch(jdbc, organization));
            swept = swept.plus(batch);
          } while (batch.events() == settings.batch());
          return swept;
        });
  }

  private Swept batch(JdbcClient jdbc, UUID organization) {
    var gone =
        jdbc.sql(
                """
                with gone as (
                  delete from capture.event
                   where org_id = :org
                     and (occurred_on, event_id) in (
                       select occurred_on, event_id
                         from capture.event
                        where org_id = :org and occurred_on < capture.horizon()
                        order by occurred_on
                        limit :batch)
                  returning occurred_on
                )
                select count(*) as events,
                       count(distinct occurred_on) as days,
                       min(occurred_on) as first,
                       max(occurred_on) as last,
                       count(distinct occurred_on) filter (where occurred_on in (
                         select d.occurred_on from release.dirty_day d where d.org_id = :org)
                       ) as not_rolled_up
                  from gone
                """)
            .param("org", organization)
            .param("batch", settings.batch())
            .query(Gone.class)
            .single();
    // A week has some dozens of sums a person: few enough for one statement.
    var personWeeks =
        jdbc.sql("delete from release.person_week where org_id = :org and week < capture.horizon()")
            .param("org", organization)
            .update();
    if (gone.events() > 0 || personWeeks > 0) {
      audit.append(jdbc, entry(organization, gone, personWeeks));
    }
    return new Swept(0, gone.events(), personWeeks, 0, 0);
  }

  private static AuditEntry entry(UUID organization, Gone gone, int personWeeks) {
    return new AuditEntry(
        organization,
        Actor.job("retention"),
        "retention.window_passed",
        "capture.event",
        Outcome.DONE,
        Map.of(
            "events",
            gone.events(),
            "days",
            gone.days(),
            "first",
            gone.first() == null ? "none" : gone.first().toString(),
            "last",
            gone.last() == null ? "none" : gone.last().toString(),
            "days_not_rolled_up",
            gone.notRolledUp(),
            "person_weeks",
            personWeeks));
  }
}
