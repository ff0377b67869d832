// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.time.ZoneOffset.UTC;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.analytics.release.ReleaseKey;
import io.sourceblind.analytics.release.Releaser;
import io.sourceblind.analytics.rollup.RollUp;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Receipt;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Organizations with windows from 1 to 90 days live through simulated days: events come in time,
/// late and too late, the clock jumps, the worker is away for ten days and comes back twice. At
/// every step every role that may read is asked for its oldest row. The days lie in the past,
/// because what is released must be over for the database's own clock too.
final class RetentionSimulation implements AutoCloseable {
  // Fewer are no group of their own.
  private static final int PEOPLE = 7;
  private static final int LONGEST_DELAY = 95;
  private static final RetentionSettings SETTINGS =
      new RetentionSettings(8, Duration.ofMillis(20), 50, "", false);

  /// What a run has found.
  ///
  /// @param reads how often a role was asked
  /// @param past how many answers held something past the window
  /// @param changed how often a purge changed a sum that is visible, or a released cell
  /// @param purged how many events the purges let go of
  /// @param unlogged how many of them no entry of the log speaks of
  /// @param left how many events past their window are left when all is done
  record Found(int reads, int past, int changed, long purged, long unlogged, long left) {}

  private record Organization(UUID id, int window, List<UUID> people) {}

  private final EmbeddedDatabase database = EmbeddedDatabase.fresh();
  private final JdbcClient superuser = JdbcClient.create(oneConnection(database.superuser()));
  private final List<HikariDataSource> pools = new ArrayList<>();
  private final Map<DatabaseRole, TenantDatabase> doors = new EnumMap<>(DatabaseRole.class);
  private final ReleaseKey key = freshKey();
  private final Random random;
  private final int days;
  private final int recount;
  private final LocalDate first;
  private final List<Organization> organizations = new ArrayList<>();
  private LocalDate today;
  private int reads;
  private int past;
  private int changed;
  private long added;

  /// @param recount after how many days all that is visible is rolled up anew and compared
  RetentionSimulation(int days, int organizations, int recount, long seed) {
    this.days = days;
    this.recount = recount;
    this.random = new Random(seed);
    this.first = LocalDate.now(Clock.systemUTC()).minusDays(days + 20L);
    this.today = first;
    // Pools, because a fresh connection has to plan anew for all the days; and one plan for all who
    // ask the same, because a question takes much less time than a plan over a hundred days.
    for (var login : List.of(Login.ANALYTICS, Login.RELEASER, Login.INGEST, Login.RETENTION)) {
      var pool = database.pool(login);
      pool.setConnectionInitSql("set plan_cache_mode = force_generic_plan");
      pools.add(pool);
      login.roles().forEach(role -> doors.put(role, TenantDatabase.open(pool, role)));
    }
    // The days of the true calendar only take time.
    new JdbcTemplate(database.superuser())
        .execute(
            """
            do $$ declare leaf record; begin
              for leaf in select relname from capture.days() where of_day > date '%s' loop
                execute format('drop table capture.%%I', leaf.relname);
              end loop;
            end $$
            """
                .formatted(first.plusDays(days)));
    for (var number = 0; number < organizations; number++) {
      this.organizations.add(found(1 + 89 * number / Math.max(1, organizations - 1)));
    }
  }

  /// `DAYS ORGANIZATIONS`: prints what was found, for `bin/figures`.
  static void main(String[] arguments) {
    var days = Integer.parseInt(arguments[0]);
    var organizations = Integer.parseInt(arguments[1]);
    try (var simulation = new RetentionSimulation(days, organizations, 10, 7)) {
      var found = simulation.run();
      System.out.printf(
          "value simulated_days %d%nvalue organizations %d%nvalue reads %d%nvalue reads_past_window"
              + " %d%nvalue aggregates_changed %d%nvalue events_purged %d%nvalue"
              + " purged_without_entry %d%nvalue events_left_past_window %d%n",
          days,
          organizations,
          found.reads(),
          found.past(),
          found.changed(),
          found.purged(),
          found.unlogged(),
          found.left());
    }
  }

  Found run() {
    for (var day = 0; day < days; day++) {
      // Now and then a clock goes back a few days, or ahead, and is right again the day after.
      var jump = day % 23 == 11 ? -random.nextInt(1, 6) : day % 37 == 30 ? 2 : 0;
      live(first.plusDays(day + jump), day);
    }
    live(first.plusDays(days), 1);
    var left = left();
    var purged = added - count("select count(*) from capture.event");
    return new Found(reads, past, changed, purged, purged - logged(), left);
  }

  private void live(LocalDate now, int day) {
    itIs(now);
    look();
    organizations.forEach(this::send);
    organizations.forEach(organization -> rollUp().runFor(organization.id()));
    if (now.getDayOfWeek() == DayOfWeek.THURSDAY) {
      organizations.forEach(organization -> releaser().runFor(organization.id()));
    }
    look();
    // Ten days of thirty nobody lets anything go.
    if (day % 30 < 20) {
      var sums = sums();
      var cells = cells();
      sweep(day % 7 == 3 ? 2 : 1);
      if (day % recount == 0) {
        rollUpAllThatIsSeen();
      }
      if (!sums.equals(sums()) || !cells.equals(cells())) {
        changed++;
      }
      look();
    }
  }

  private Organization found(int window) {
    var id = new UUID(random.nextLong(), random.nextLong());
    var team = new UUID(random.nextLong(), random.nextLong());
    superuser
        .sql(
            """
            insert into identity.organization (id, name, retention_days, ref_key)
            values (:id, 'Simulated', :window, sha256('x'))
            """)
        .param("id", id)
        .param("window", window)
        .update();
    superuser
        .sql("insert into identity.team (org_id, id, name) values (:org, :id, 'Team')")
        .param("org", id)
        .param("id", team)
        .update();
    var people = new ArrayList<UUID>();
    for (var number = 0; number < PEOPLE; number++) {
      var person = new UUID(random.nextLong(), random.nextLong());
      people.add(person);
      superuser
          .sql(
              """
              insert into identity.person (org_id, id, team_id, name, email, role, joined_on)
              values (:org, :id, :team, 'Somebody', :email, 'engineer', :joined)
              """)
          .param("org", id)
          .param("id", person)
          .param("team", team)
          .param("email", number + "@example.com")
          .param("joined", first.minusDays(100))
          .update();
    }
    return new Organization(id, window, people);
  }

  private void itIs(LocalDate day) {
    today = day;
    new JdbcTemplate(database.superuser())
        .execute(
            "create or replace function capture.today() returns date language sql stable"
                + " parallel safe return date '%s'".formatted(day));
    superuser
        .sql("select capture.open_days(:first, :last)")
        .param("first", day.minusDays(LONGEST_DELAY))
        .param("last", day.plusDays(1))
        .query()
        .listOfRows();
  }

  /// Everybody does something on most days; one event in five is late. The API refuses what is past
  /// the window; now and then one slips by it, as from a transaction that was open at midnight.
  private void send(Organization organization) {
    for (var person : organization.people()) {
      var late = random.nextInt(5) == 0 ? random.nextInt(LONGEST_DELAY) : 0;
      var refused = random.nextInt(20) > 0;
      if (random.nextInt(4) > 0) {
        added +=
            superuser
                .sql(
                    """
                    with asked as (
                      select set_config('app.org_id', :org, false)),
                    stored as (
                      insert into capture.event (org_id, person_id, occurred_on, received_at, kind,
                        schema_version, event_id, occurred_at, observed_at, seq, tool,
                        client_version, source, session_ref, is_subagent,
                        redaction_dropped_fields, redaction_dropped_bytes,
                        redaction_unknown_keys, chars, lines, code_blocks, code_chars,
                        attachments, images, file_mentions, origin)
                      select cast(:org as uuid), :person, :day, at, 'prompt.submitted', 1,
                        (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
                          || substr(md5(random()::text), 1, 3) || '8'
                          || substr(md5(random()::text), 1, 15))::uuid,
                        at, at, 1, 'other', '1.0', 'log', gen_random_uuid(), false, 0, 0, 0, 9, 1,
                        0, 0, 0, 0, 0, 'typed'
                        from (select (cast(:day as timestamp) + interval '12 h') at time zone 'UTC'
                                as at from asked) d
                       where not :refused or :day >= capture.horizon()
                      returning org_id, occurred_on),
                    marked as (
                      insert into release.dirty_day (org_id, occurred_on)
                      select org_id, occurred_on from stored)
                    select count(*) from stored
                    """)
                .param("org", organization.id().toString())
                .param("person", person)
                .param("day", today.minusDays(late))
                .param("refused", refused)
                .query(Integer.class)
                .single();
      }
    }
  }

  /// Asks every role that reads events, sums or counts for what lies past the window.
  private void look() {
    for (var organization : organizations) {
      var oldest = today.minusDays(organization.window());
      var person = organization.people().get(random.nextInt(PEOPLE));
      for (var role : List.of(DatabaseRole.RELEASER, DatabaseRole.ENGINEER_API)) {
        ask(role, organization.id(), person, "capture.event where occurred_on < :oldest", oldest);
        ask(role, organization.id(), person, "release.person_week where week < :oldest", oldest);
      }
      // All that a sender may see of an event is its id, which begins with its time.
      ask(
          DatabaseRole.INGEST_WRITER,
          organization.id(),
          person,
          "capture.event where uuid_extract_timestamp(event_id) < cast(:oldest as timestamp) at time zone 'UTC'",
          oldest);
      ask(
          DatabaseRole.REVIEWER_API,
          organization.id(),
          person,
          "release.left_out where on_day < :oldest",
          oldest);
    }
  }

  private void ask(
      DatabaseRole role, UUID organization, UUID person, String rows, LocalDate oldest) {
    var door = door(role);
    var seen =
        TenantScope.<Long, RuntimeException>callAs(
            new Tenant(organization, person),
            () -> {
              var receipt =
                  role == DatabaseRole.ENGINEER_API
                      ? door.inTransaction(jdbc -> onRecord(jdbc, organization, person))
                      : null;
              return door.inTransaction(jdbc -> {
                if (receipt != null) {
                  AuditLog.readUnder(jdbc, receipt);
                }
                return jdbc.sql("select count(*) from " + rows)
                    .param("oldest", oldest)
                    .query(Long.class)
                    .single();
              });
            });
    reads++;
    if (seen > 0) {
      past++;
    }
  }

  private static Receipt onRecord(JdbcClient jdbc, UUID organization, UUID person) {
    return new AuditLog(Clock.systemUTC())
        .append(
            jdbc,
            new AuditEntry(
                organization,
                Actor.person(person),
                "own.read",
                "own-page",
                Outcome.DONE,
                Map.of()));
  }

  private void sweep(int workers) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<java.util.concurrent.Future<Swept>>();
      for (var worker = 0; worker < workers; worker++) {
        all.add(threads.submit(() -> worker().runOnce()));
      }
      for (var one : all) {
        if (one.get().failures() > 0) {
          throw new IllegalStateException("A sweep did not end well; the log says why");
        }
      }
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  private Sweep worker() {
    var retention = door(DatabaseRole.RETENTION);
    var audit = new AuditLog(clock());
    return new Sweep(
        retention,
        new Days(retention, audit, SETTINGS, clock()),
        new Window(retention, audit, new Ledger(""), SETTINGS));
  }

  private RollUp rollUp() {
    return new RollUp(door(DatabaseRole.RELEASER));
  }

  private Releaser releaser() {
    return new Releaser(
        door(DatabaseRole.RELEASER), new AuditLog(clock()), key, clock(), JsonMapper.shared());
  }

  private void rollUpAllThatIsSeen() {
    superuser
        .sql(
            """
            insert into release.dirty_day (org_id, occurred_on)
            select distinct org_id, occurred_on from capture.event
            """)
        .update();
    organizations.forEach(organization -> rollUp().runFor(organization.id()));
  }

  /// The sums that are visible, as one word.
  private String sums() {
    var all = new StringBuilder();
    for (var organization : organizations) {
      all.append(
          TenantScope.<String, RuntimeException>callAs(
              Tenant.of(organization.id()),
              () ->
                  door(DatabaseRole.RELEASER)
                      .inTransaction(jdbc ->
                          jdbc.sql(
                                  """
                                  select coalesce(md5(string_agg(
                                           concat_ws('/', person_id, week, metric, value), ','
                                           order by person_id, week, metric)), 'none')
                                    from release.person_week
                                  """)
                              .query(String.class)
                              .single())));
    }
    return all.toString();
  }

  private String cells() {
    return superuser
        .sql(
            """
            select coalesce(md5(string_agg(to_json(c)::text, ','
                     order by org_id, team_id, metric, week)), 'none')
              from release.released_cell c
            """)
        .query(String.class)
        .single();
  }

  private long left() {
    return organizations.stream()
        .mapToLong(organization ->
            superuser
                .sql(
                    "select count(*) from capture.event where org_id = :org and occurred_on < :day")
                .param("org", organization.id())
                .param("day", today.minusDays(organization.window()))
                .query(Long.class)
                .single())
        .sum();
  }

  private long logged() {
    return count(
        """
        select coalesce(sum((convert_from(leaf, 'UTF8')::jsonb ->> 'events')::bigint), 0)
          from audit.entry
         where action like 'retention.%'
        """);
  }

  private long count(String sql) {
    return superuser.sql(sql).query(Long.class).single();
  }

  private static ReleaseKey freshKey() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return ReleaseKey.of(Base64.getEncoder().encodeToString(bytes));
  }

  private static DataSource oneConnection(DataSource connections) {
    try {
      return new SingleConnectionDataSource(connections.getConnection(), true);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private TenantDatabase door(DatabaseRole role) {
    return Objects.requireNonNull(doors.get(role));
  }

  private Clock clock() {
    return Clock.fixed(today.atTime(7, 0).toInstant(UTC), UTC);
  }

  /// Changes what the schema says, for a twin.
  void weaken(String ddl) {
    new JdbcTemplate(database.superuser())
        .execute("set sourceblind.amendment = 'A twin in a test';" + ddl);
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
    database.close();
  }
}
