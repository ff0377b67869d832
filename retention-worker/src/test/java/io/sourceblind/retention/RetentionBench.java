// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/// How long it takes to let go of a day: by dropping it, as the worker does past the 90th, and by
/// deleting its rows, as it does for shorter windows.
final class RetentionBench {
  private static final int ORGANIZATIONS = 20;

  private RetentionBench() {}

  /// `ROWS`: of each of the two days.
  static void main(String[] arguments) {
    var rows = Integer.parseInt(arguments[0]);
    try (var archive = new Archive();
        var pool = archive.database.pool(Login.RETENTION)) {
      var organizations = new ArrayList<UUID>();
      for (var number = 0; number < ORGANIZATIONS; number++) {
        organizations.add(archive.organization(30));
      }
      var dropped = archive.today.minusDays(91);
      var deleted = archive.today.minusDays(40);
      fill(archive, dropped, rows);
      fill(archive, deleted, rows);

      var database = TenantDatabase.open(pool, DatabaseRole.RETENTION);
      var audit = new AuditLog(Clock.systemUTC());
      var settings = new RetentionSettings(5, Duration.ofSeconds(1), 10_000, "", false);
      var days = new Days(database, audit, settings, Clock.systemUTC());
      var window = new Window(database, audit, new Ledger(""), settings);

      var counting = System.nanoTime();
      database.withoutTenant(
          jdbc -> jdbc.sql("select * from capture.count_days_past_90()").query().listOfRows());
      value("count_seconds", seconds(counting));
      var dropping = System.nanoTime();
      var ofTheDrop = days.drop();
      var whole = seconds(dropping);
      value("rows_dropped", (double) ofTheDrop.events());
      value("counted_and_dropped_seconds", whole);
      var deleting = System.nanoTime();
      var ofTheDelete =
          organizations.stream().map(window::letGo).reduce(Swept.nothing(), Swept::plus);
      var slow = seconds(deleting);
      value("rows_deleted", (double) ofTheDelete.events());
      value("delete_seconds", slow);

      fill(archive, dropped, rows);
      var alone = System.nanoTime();
      database.withoutTenant(
          jdbc -> jdbc.sql("select capture.drop_days_past_90()").query().listOfRows());
      var drop = seconds(alone);
      value("drop_seconds", drop);
      value("delete_of_drop", slow / drop);
    }
  }

  /// Past every trigger, which would take longer than all that is measured; the checks stay.
  private static void fill(Archive archive, LocalDate day, int rows) {
    new JdbcTemplate(archive.database.superuser())
        .execute(
            """
            set session_replication_role = replica;
            select capture.open_days('%1$s', '%1$s');
            insert into capture.event (org_id, person_id, occurred_on, received_at, kind,
              schema_version, event_id, occurred_at, observed_at, seq, tool, client_version,
              source, is_subagent, redaction_dropped_fields, redaction_dropped_bytes,
              redaction_unknown_keys, text, about)
            select o.id, o.id, '%1$s', at, 'rationale.recorded', 1,
              (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
                || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
              at, at, 1, 'other', '1.0', 'log', false, 0, 0, 0,
              repeat('We chose the slower way because it is the one that everybody knows. ', 5)
                || 'So it is.',
              'decision'
              from (select id, row_number() over () - 1 as number from identity.organization) o
              join generate_series(1, %2$d) n on n %% %3$d = o.number
             cross join lateral (
               select (timestamp '%1$s' + n * interval '1 ms') at time zone 'UTC' as at) d;
            analyze capture.event;
            """
                .formatted(day, rows, ORGANIZATIONS));
    // As autovacuum has done long before a day is let go of.
    new JdbcTemplate(archive.database.superuser())
        .execute("vacuum capture.event_" + day.toString().replace("-", ""));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static void value(String name, double value) {
    System.out.printf("value %s %.3f%n", name, value);
  }
}
