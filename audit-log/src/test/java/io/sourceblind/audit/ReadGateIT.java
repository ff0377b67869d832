// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a page gets from the database if its audit call is missing, comes too late or is about
/// somebody else. Each test reads exactly as a page would.
class ReadGateIT {
  private static final UUID ORGANIZATION = UUID.randomUUID();
  private static final UUID PERSON = UUID.randomUUID();
  private static final String REFUSAL =
      "nothing is read before a committed entry says who reads it";

  private static Ledger ledger;

  @BeforeAll
  static void somethingToRead() {
    ledger = new Ledger();
    for (var sql :
        new String[] {
          "insert into identity.organization (id, name, ref_key) values ('$org', 'Somewhere', sha256('x'))",
          "insert into identity.team (org_id, id, name) values ('$org', '$org', 'Team')",
          """
          insert into identity.person (org_id, id, team_id, name, email, role)
            values ('$org', '$person', '$org', 'Somebody', 'somebody@example.com', 'engineer')
          """,
          """
          insert into release.released_cell (org_id, team_id, metric, week, state, step, people, rules)
            values ('$org', '$org', 'prompts', date_trunc('week', now())::date - 28, 'withheld', 1, 1, 1)
          """,
          """
          insert into release.client_health (org_id, epoch, engineers, versions)
            values ('$org', release.epoch_of(current_date), 1, '{}')
          """,
          """
          insert into release.person_week (org_id, person_id, week, metric, value)
            values ('$org', '$person', date_trunc('week', now())::date, 'prompts', 1)
          """,
          """
          insert into capture.event (org_id, person_id, occurred_on, received_at, kind,
              schema_version, event_id, occurred_at, observed_at, seq, tool, client_version, source,
              session_ref, is_subagent, redaction_dropped_fields, redaction_dropped_bytes,
              redaction_unknown_keys, reason, count)
            select '$org', '$person', (at at time zone 'UTC')::date, at, 'capture.gap', 1, id, at, at,
              1, 'other', '1.0', 'log', gen_random_uuid(), false, 0, 0, 0, 'parse_error', 1
              from (select id, uuid_extract_timestamp(id) as at from (select uuidv7() as id) ids) times
          """
        }) {
      ledger
          .superuser
          .sql(sql.replace("$org", ORGANIZATION.toString()).replace("$person", PERSON.toString()))
          .update();
    }
    ledger.append(ORGANIZATION, 1);
    ledger.sequencer.runOnce();
  }

  @AfterAll
  static void stop() {
    ledger.close();
  }

  static Stream<Arguments> paths() {
    return Stream.of(
        Arguments.of(DatabaseRole.MANAGER_API, "identity.team"),
        Arguments.of(DatabaseRole.MANAGER_API, "identity.person"),
        Arguments.of(DatabaseRole.MANAGER_API, "release.released_cell"),
        Arguments.of(DatabaseRole.MANAGER_API, "release.client_health"),
        Arguments.of(DatabaseRole.ENGINEER_API, "release.client_health"),
        Arguments.of(DatabaseRole.ENGINEER_API, "identity.team"),
        Arguments.of(DatabaseRole.ENGINEER_API, "identity.person"),
        Arguments.of(DatabaseRole.ENGINEER_API, "release.released_cell"),
        Arguments.of(DatabaseRole.ENGINEER_API, "release.person_week"),
        Arguments.of(DatabaseRole.ENGINEER_API, "capture.event"),
        Arguments.of(DatabaseRole.ENGINEER_API, "capture.capture_gap"),
        Arguments.of(DatabaseRole.REVIEWER_API, "release.released_cell"),
        Arguments.of(DatabaseRole.REVIEWER_API, "audit.leaf"));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void whoeverIsOnRecordReads(DatabaseRole role, String table) {
    var receipt = record(role, PERSON, "own.read");

    assertThat(read(role, PERSON, receipt, table)).isPositive();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aReadPathWithoutItsAuditCallGetsAnErrorAndNoRow(DatabaseRole role, String table) {
    assertThatThrownBy(() -> read(role, PERSON, null, table)).hasStackTraceContaining(REFUSAL);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void theTwinWithoutTheGateReadsWithoutATrace(DatabaseRole role, String table) {
    var base = table.equals("capture.capture_gap") ? "capture.event" : table;
    try (var weakened = new Weakened(base)) {
      assertThat(read(role, PERSON, null, table)).isPositive();
      assertThat(weakened.table()).isEqualTo(base);
    }
  }

  @Test
  void anEntryOfTheSameTransactionIsNotEnoughBecauseItCanBeRolledBack() {
    assertThatThrownBy(() ->
            inRole(
                DatabaseRole.MANAGER_API,
                PERSON,
                jdbc -> {
                  var receipt = ledger.audit.append(jdbc, entry(PERSON, "team.read"));
                  AuditLog.readUnder(jdbc, receipt);
                  return count(jdbc, "identity.team");
                }))
        .hasStackTraceContaining(REFUSAL);
  }

  @Test
  void anEntryThatWasRolledBackIsNotEnough() {
    var receipt = new Receipt[1];
    assertThatThrownBy(() ->
            inRole(
                DatabaseRole.MANAGER_API,
                PERSON,
                jdbc -> {
                  receipt[0] = ledger.audit.append(jdbc, entry(PERSON, "team.read"));
                  throw new IllegalStateException("Never mind");
                }))
        .hasMessage("Never mind");

    assertThatThrownBy(() -> read(DatabaseRole.MANAGER_API, PERSON, receipt[0], "identity.team"))
        .hasStackTraceContaining(REFUSAL);
  }

  @Test
  void anEntryOfSomebodyElseIsNotEnough() {
    var receipt = record(DatabaseRole.ENGINEER_API, UUID.randomUUID(), "own.read");

    assertThatThrownBy(() -> read(DatabaseRole.ENGINEER_API, PERSON, receipt, "capture.event"))
        .hasStackTraceContaining(REFUSAL);
  }

  @Test
  void anEntryAboutSomethingElseIsNotEnough() {
    var receipt = record(DatabaseRole.MANAGER_API, PERSON, "credential.used");

    assertThatThrownBy(() -> read(DatabaseRole.MANAGER_API, PERSON, receipt, "identity.team"))
        .hasStackTraceContaining(REFUSAL);
  }

  @Test
  void anEntryOfAnotherOrganizationIsNotEnough() {
    var receipt =
        TenantScope.callAs(
            new Tenant(UUID.randomUUID(), PERSON),
            () ->
                ledger
                    .database
                    .as(DatabaseRole.MANAGER_API)
                    .inTransaction(jdbc ->
                        ledger.audit.append(
                            jdbc,
                            new AuditEntry(
                                UUID.fromString(setting(jdbc, "app.org_id")),
                                Actor.person(PERSON),
                                "team.read",
                                "team",
                                Outcome.DONE,
                                Map.of()))));

    assertThatThrownBy(() -> read(DatabaseRole.MANAGER_API, PERSON, receipt, "identity.team"))
        .hasStackTraceContaining(REFUSAL);
  }

  @Test
  void anOldEntryIsNotEnough() {
    var receipt = record(DatabaseRole.MANAGER_API, PERSON, "team.read");
    ledger.asIntruder(
        "update audit.entry set recorded_at = now() - interval '61 seconds' where entry_uid = '%s'"
            .formatted(receipt.uid()));

    assertThatThrownBy(() -> read(DatabaseRole.MANAGER_API, PERSON, receipt, "identity.team"))
        .hasStackTraceContaining(REFUSAL);
  }

  @Test
  void readingAndRollingBackLeavesTheEntry() {
    var receipt = record(DatabaseRole.MANAGER_API, PERSON, "team.read");
    assertThatThrownBy(() ->
            inRole(
                DatabaseRole.MANAGER_API,
                PERSON,
                jdbc -> {
                  AuditLog.readUnder(jdbc, receipt);
                  assertThat(count(jdbc, "identity.team")).isOne();
                  throw new IllegalStateException("I saw nothing");
                }))
        .hasMessage("I saw nothing");

    assertThat(
            ledger
                .superuser
                .sql("select count(*) from audit.entry where entry_uid = :uid")
                .param("uid", receipt.uid())
                .query(Long.class)
                .single())
        .isOne();
  }

  @Test
  void theGateIsAskedOncePerPartitionAndNotForEachRow() {
    assertThat(planOfReading(DatabaseRole.ENGINEER_API, "capture.event"))
        .contains("One-Time Filter: (audit.read_is_recorded() AND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity.team", "identity.person"})
  void theGateBeforeNamesIsAskedOnce(String table) {
    assertThat(planOfReading(DatabaseRole.MANAGER_API, table))
        .contains("Filter: (InitPlan 1).col1")
        .doesNotContain("Filter: audit.read_is_recorded()");
  }

  private static String planOfReading(DatabaseRole role, String table) {
    var receipt = record(role, PERSON, "own.read");
    return inRole(
        role,
        PERSON,
        jdbc -> {
          AuditLog.readUnder(jdbc, receipt);
          return String.join(
              "\n",
              jdbc.sql(
                      "explain select org_id from %s where org_id = '%s'"
                          .formatted(table, ORGANIZATION))
                  .query((row, _) -> row.getString(1))
                  .list());
        });
  }

  /// Takes the gate of one table away for as long as it is open.
  private record Weakened(String table, String gate) implements AutoCloseable {
    Weakened(String table) {
      this(
          table,
          ledger
              .superuser
              .sql(
                  """
                  select pg_get_expr(polqual, polrelid) from pg_policy
                   where polrelid = cast(:table as regclass) and polname = 'read_is_recorded'
                  """)
              .param("table", table)
              .query(String.class)
              .single());
      change("alter policy read_is_recorded on %s using (true)".formatted(table));
    }

    @Override
    public void close() {
      change("alter policy read_is_recorded on %s using (%s)".formatted(table, gate));
    }

    private static void change(String ddl) {
      new org.springframework.jdbc.core.JdbcTemplate(ledger.database.superuser())
          .execute("set sourceblind.amendment = 'A twin in a test';" + ddl);
    }
  }

  private static Receipt record(DatabaseRole role, UUID person, String action) {
    return inRole(role, person, jdbc -> ledger.audit.append(jdbc, entry(person, action)));
  }

  private static AuditEntry entry(UUID person, String action) {
    return new AuditEntry(
        ORGANIZATION, Actor.person(person), action, "something", Outcome.DONE, Map.of());
  }

  private static long read(
      DatabaseRole role, UUID person, @Nullable Receipt receipt, String table) {
    return inRole(
        role,
        person,
        jdbc -> {
          if (receipt != null) {
            AuditLog.readUnder(jdbc, receipt);
          }
          return count(jdbc, table);
        });
  }

  private static <T> T inRole(DatabaseRole role, UUID person, Function<JdbcClient, T> work) {
    return TenantScope.callAs(
        new Tenant(ORGANIZATION, person), () -> ledger.database.as(role).inTransaction(work));
  }

  private static long count(JdbcClient jdbc, String table) {
    return jdbc.sql("select count(*) from " + table).query((row, _) -> row.getLong(1)).single();
  }

  private static String setting(JdbcClient jdbc, String name) {
    return jdbc.sql("select current_setting('%s')".formatted(name))
        .query((row, _) -> row.getString(1))
        .single();
  }
}
