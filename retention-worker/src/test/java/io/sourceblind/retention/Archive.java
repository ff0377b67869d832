// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Receipt;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A database with organizations and their past in it. Rows of the past are written by a superuser:
/// no service may say when it received something.
final class Archive implements AutoCloseable {
  final EmbeddedDatabase database = EmbeddedDatabase.fresh();

  /// Kept by [#sweep] and [#deletions]; nowhere unless a test says where.
  Ledger ledger = new Ledger("");

  final JdbcClient superuser = JdbcClient.create(database.superuser());

  /// The database's own day, which no service can move.
  final LocalDate today =
      superuser.sql("select (now() at time zone 'UTC')::date").query(LocalDate.class).single();

  Sweep sweep() {
    return sweep(new RetentionSettings(2, Duration.ofMillis(50), 2, "", false), Clock.systemUTC());
  }

  Sweep sweep(RetentionSettings settings, Clock clock) {
    var retention = database.as(DatabaseRole.RETENTION);
    var audit = new AuditLog(clock);
    return new Sweep(
        retention,
        new Days(retention, audit, settings, clock),
        new Window(retention, audit, ledger, settings));
  }

  /// An organization with one person in it, who has the same id.
  UUID organization(int retentionDays) {
    var id = UUID.randomUUID();
    superuser
        .sql(
            """
            insert into identity.organization (id, name, retention_days, ref_key)
            values (:id, 'Archived', :days, :key)
            """)
        .param("id", id)
        .param("days", retentionDays)
        .param("key", new byte[32])
        .update();
    superuser
        .sql(
            """
            insert into identity.person (org_id, id, name, email, role)
            values (:id, :id, 'Somebody', 'somebody@example.com', 'engineer')
            """)
        .param("id", id)
        .update();
    return id;
  }

  /// One more person of an organization.
  UUID person(UUID organization) {
    var id = UUID.randomUUID();
    superuser
        .sql(
            """
            insert into identity.person (org_id, id, name, email, role)
            values (:org, :id, 'Somebody else', :email, 'engineer')
            """)
        .param("org", organization)
        .param("id", id)
        .param("email", id + "@example.com")
        .update();
    return id;
  }

  /// Words that somebody wrote down at noon of a day.
  void words(UUID organization, UUID person, LocalDate day, String words) {
    superuser
        .sql(
            """
            insert into capture.event (org_id, person_id, occurred_on, received_at, kind,
              schema_version, event_id, occurred_at, observed_at, seq, tool, client_version,
              source, is_subagent, redaction_dropped_fields, redaction_dropped_bytes,
              redaction_unknown_keys, text, about)
            select :org, :person, :day, noon, 'rationale.recorded', 1,
              (lpad(to_hex((extract(epoch from noon) * 1000)::bigint), 12, '0') || '7'
                || substr(md5(random()::text), 1, 3) || '8'
                || substr(md5(random()::text), 1, 15))::uuid,
              noon, noon, 1, 'other', '1.0', 'log', false, 0, 0, 0, :words, 'decision'
              from (select (:day::timestamp + interval '12 h') at time zone 'UTC' as noon) d
            """)
        .param("org", organization)
        .param("person", person)
        .param("day", day)
        .param("words", words)
        .update();
  }

  /// A deletion that was asked for and, if so, confirmed a minute ago.
  Envelope deletion(UUID organization, @Nullable UUID person, boolean confirmed) {
    var id = UUID.randomUUID();
    superuser
        .sql(
            """
            insert into identity.deletion
              (org_id, id, scope, person_id, asked_by, asked_at, confirmed_at)
            values (:org, :id, case when :person::uuid is null then 'organization' else 'person' end,
              :person, :org, now() - interval '2 minutes',
              case when :confirmed then now() - interval '1 minute' end)
            """)
        .param("org", organization)
        .param("id", id)
        .param("person", person)
        .param("confirmed", confirmed)
        .update();
    return new Envelope(organization, id);
  }

  Deletion deletions() {
    return new Deletion(
        database.as(DatabaseRole.RETENTION),
        new AuditLog(Clock.systemUTC()),
        ledger,
        new RetentionSettings(2, Duration.ofMillis(50), 2, "", false));
  }

  Replay replay() {
    return new Replay(database.as(DatabaseRole.RETENTION), new AuditLog(Clock.systemUTC()), ledger);
  }

  /// The names of the jobs there are.
  List<@Nullable String> jobs() {
    return superuser.sql("select task_name from jobs.scheduled_task").query(String.class).list();
  }

  /// An event at noon of a day, received at once.
  void event(UUID organization, LocalDate day) {
    superuser.sql("select capture.open_days(:day, :day)").param("day", day).query().listOfRows();
    superuser
        .sql(
            """
            insert into capture.event (org_id, person_id, occurred_on, received_at, kind,
              schema_version, event_id, occurred_at, observed_at, seq, tool, client_version,
              source, session_ref, is_subagent, redaction_dropped_fields,
              redaction_dropped_bytes, redaction_unknown_keys, reason, count)
            select :org, :org, :day, noon, 'capture.gap', 1,
              (lpad(to_hex((extract(epoch from noon) * 1000)::bigint), 12, '0') || '7'
                || substr(md5(random()::text), 1, 3) || '8'
                || substr(md5(random()::text), 1, 15))::uuid,
              noon, noon, 1, 'other', '1.0', 'log', gen_random_uuid(), false, 0, 0, 0,
              'parse_error',
              1
              from (select (:day::timestamp + interval '12 h') at time zone 'UTC' as noon) d
            """)
        .param("org", organization)
        .param("day", day)
        .update();
  }

  void sum(UUID organization, LocalDate week) {
    superuser
        .sql(
            """
            insert into release.person_week (org_id, person_id, week, metric, value)
            values (:org, :org, :week, 'prompts', 7)
            """)
        .param("org", organization)
        .param("week", week)
        .update();
  }

  /// A number of a team, a note about it, and a number of the organization, as if they had been
  /// released.
  void released(UUID organization, LocalDate week) {
    new JdbcTemplate(database.superuser())
        .execute(
            """
            set session_replication_role = replica;
            insert into release.released_cell
              (org_id, team_id, metric, week, state, value, step, people, active, rules, least_active)
            values ('%1$s', '%1$s', 'prompts', '%2$s', 'released', 7, 1, 12, 9, 1, 5);
            insert into release.organization_line
              (org_id, metric, week, weeks, value, step, people, groups, rules)
            values ('%1$s', 'prompts', '%2$s', 1, 7, 1, 12, 1, 1);
            insert into release.note (org_id, team_id, week, writer, fingerprint)
            values ('%1$s', '%1$s', '%2$s', 'rules', sha256('a question'));
            insert into release.note_sentence (org_id, team_id, week, place, metric, text)
            values ('%1$s', '%1$s', '%2$s', 1, 'prompts', 'Prompts were seven.');
            insert into release.narration (org_id, writer, model, sealed_key, last_four, daily_tokens)
            values ('%1$s', 'anthropic', 'a-model', sha256('a key') || sha256('sealed'), 'abcd', 1000);
            reset session_replication_role;
            """
                .formatted(organization, week));
  }

  void leftOut(UUID organization, LocalDate day) {
    superuser
        .sql(
            """
            insert into release.left_out (org_id, on_day, field, reason, times)
            values (:org, :day, 'unlisted', 'dropped', 1)
            """)
        .param("org", organization)
        .param("day", day)
        .update();
  }

  List<@Nullable LocalDate> daysOfCounts(UUID organization) {
    return superuser
        .sql("select on_day from release.left_out where org_id = :org order by on_day")
        .param("org", organization)
        .query(LocalDate.class)
        .list();
  }

  void markDirty(UUID organization, LocalDate day) {
    superuser
        .sql("insert into release.dirty_day (org_id, occurred_on) values (:org, :day)")
        .param("org", organization)
        .param("day", day)
        .update();
  }

  List<@Nullable LocalDate> days(UUID organization) {
    return superuser
        .sql("select occurred_on from capture.event where org_id = :org order by 1")
        .param("org", organization)
        .query(LocalDate.class)
        .list();
  }

  List<@Nullable LocalDate> weeks(UUID organization) {
    return superuser
        .sql("select week from release.person_week where org_id = :org order by 1")
        .param("org", organization)
        .query(LocalDate.class)
        .list();
  }

  /// What the log of the organization says, oldest first.
  List<@Nullable String> log(UUID organization) {
    return superuser
        .sql("select convert_from(leaf, 'UTF8') from audit.entry where org_id = :org order by id")
        .param("org", organization)
        .query(String.class)
        .list();
  }

  boolean isOpen(LocalDate day) {
    return superuser
        .sql("select to_regclass('capture.event_' || to_char(:day::date, 'YYYYMMDD')) is not null")
        .param("day", day)
        .query(Boolean.class)
        .single();
  }

  /// How many rows a role sees or touches for an organization and its person.
  int as(DatabaseRole role, UUID organization, String sql) {
    return TenantScope.callAs(
        new Tenant(organization, organization),
        () -> {
          var door = database.as(role);
          var receipt = door.inTransaction(jdbc -> onRecord(role, organization, jdbc));
          return door.inTransaction(jdbc -> {
            if (receipt != null) {
              AuditLog.readUnder(jdbc, receipt);
            }
            return sql.startsWith("delete")
                ? jdbc.sql(sql).update()
                : jdbc.sql(sql).query(Integer.class).single();
          });
        });
  }

  /// Whoever reads as an engineer is on record first.
  private static @Nullable Receipt onRecord(DatabaseRole role, UUID organization, JdbcClient jdbc) {
    return role == DatabaseRole.ENGINEER_API
        ? new AuditLog(Clock.systemUTC())
            .append(
                jdbc,
                new AuditEntry(
                    organization,
                    Actor.person(organization),
                    "own.read",
                    "own-page",
                    Outcome.DONE,
                    Map.of()))
        : null;
  }

  /// Moves on the day before which everything is let go, as the worker does.
  void moveOn(UUID organization) {
    TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database
                .as(DatabaseRole.RETENTION)
                .inTransaction(jdbc ->
                    jdbc.sql("select release.let_go_of_what_is_past()").query().listOfRows()));
  }

  /// Sets the day that it is for every window. Only a test's database has such a function.
  void itIs(LocalDate day) {
    weaken(
        "create or replace function capture.today() returns date language sql stable parallel safe"
            + " return date '%s'".formatted(day));
  }

  void keepFor(int days, UUID organization) {
    superuser
        .sql("update identity.organization set retention_days = :days where id = :org")
        .param("days", days)
        .param("org", organization)
        .update();
  }

  /// Changes what the schema says, to show that nothing else keeps the attack out.
  void weaken(String ddl) {
    new JdbcTemplate(database.superuser())
        .execute("set sourceblind.amendment = 'A twin in a test';" + ddl);
  }

  Clock clockAhead(int days) {
    return Clock.fixed(today.plusDays(days).atTime(1, 0).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
  }

  @Override
  public void close() {
    database.close();
  }
}
