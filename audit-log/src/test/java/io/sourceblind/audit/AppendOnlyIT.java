// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Nobody changes or removes an entry: no service, nor the owner, nor a superuser, until one of
/// them drops a trigger, which is loud. Every attack runs in a transaction that is rolled back.
class AppendOnlyIT {
  private static final UUID ORGANIZATION = UUID.randomUUID();
  private static final String UNTOUCHED =
      """
      select count(*) = 1
        from audit.entry
       where octet_length(leaf) > 100 and action = 'thing.done'
      """;

  enum Attack {
    UPDATE_OF_THE_LEAF("update audit.entry set leaf = '{}'"),
    UPDATE_OF_ANOTHER_COLUMN("update audit.entry set action = 'other.thing'"),
    DELETE("delete from audit.entry"),
    TRUNCATE("truncate audit.entry");

    private final String sql;

    Attack(String sql) {
      this.sql = sql;
    }
  }

  enum Attacker {
    // Row security alone would hide the rows from the owner, who may switch it off.
    OWNER("alter table audit.entry no force row level security"),
    SUPERUSER("select 1"),
    SUPERUSER_AS_REPLICA("set session_replication_role = replica");

    private final String first;

    Attacker(String first) {
      this.first = first;
    }

    DataSource of(EmbeddedDatabase database) {
      return this == OWNER ? database.owner() : database.superuser();
    }
  }

  private static EmbeddedDatabase database;

  @BeforeAll
  static void oneEntry() {
    database = EmbeddedDatabase.fresh();
    var audit = new AuditLog(Clock.systemUTC());
    TenantScope.runAs(
        Tenant.of(ORGANIZATION),
        () ->
            database
                .as(DatabaseRole.RETENTION)
                .inTransaction(jdbc ->
                    audit.append(
                        jdbc,
                        new AuditEntry(
                            ORGANIZATION,
                            Actor.job("test"),
                            "thing.done",
                            "thing",
                            Outcome.DONE,
                            Map.of()))));
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @AfterEach
  void theEntryIsStillThereForTheNextAttack() throws SQLException {
    try (var superuser = Attacker.SUPERUSER.of(database).getConnection()) {
      assertThat(answer(superuser, UNTOUCHED)).isTrue();
    }
  }

  static Stream<Arguments> attacks() {
    return Arrays.stream(Attacker.values())
        .flatMap(attacker ->
            Arrays.stream(Attack.values()).map(attack -> Arguments.of(attacker, attack)));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void anEntryIsNeitherChangedNorRemoved(Attacker attacker, Attack attack) throws SQLException {
    try (var connection = transaction(attacker)) {
      execute(connection, attacker.first);

      assertThatThrownBy(() -> execute(connection, attack.sql))
          .hasMessageContaining("the log is append-only");
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void theTwinWithoutTheTriggersLosesIt(Attacker attacker, Attack attack) throws SQLException {
    try (var connection = transaction(attacker)) {
      execute(connection, "drop trigger no_change on audit.entry");
      execute(connection, "drop trigger no_truncate on audit.entry");
      execute(connection, attacker.first);

      execute(connection, attack.sql);

      assertThat(answer(connection, UNTOUCHED)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTwinWithOrdinaryTriggersLosesItToAReplica(Attack attack) throws SQLException {
    try (var connection = transaction(Attacker.SUPERUSER_AS_REPLICA)) {
      execute(connection, "alter table audit.entry enable trigger no_change");
      execute(connection, "alter table audit.entry enable trigger no_truncate");
      execute(connection, Attacker.SUPERUSER_AS_REPLICA.first);

      execute(connection, attack.sql);

      assertThat(answer(connection, UNTOUCHED)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noServiceMayTry(DatabaseRole role) {
    var service = database.as(role);

    for (var attack : Attack.values()) {
      assertThatThrownBy(() ->
              TenantScope.runAs(
                  Tenant.of(ORGANIZATION),
                  () -> service.inTransaction(jdbc -> jdbc.sql(attack.sql).update())))
          .hasStackTraceContaining("permission denied for table entry");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTwinWithTheGrantsStillMeetsRowSecurity(DatabaseRole role) throws SQLException {
    try (var connection = transaction(Attacker.SUPERUSER)) {
      execute(connection, "grant select, update, delete on audit.entry to " + role.sqlName());
      become(connection, role);

      execute(connection, Attack.UPDATE_OF_THE_LEAF.sql);
      execute(connection, Attack.DELETE.sql);

      execute(connection, "reset role");
      assertThat(answer(connection, UNTOUCHED)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTwinWithTheGrantsAndNoRowSecurityMeetsTheTriggers(DatabaseRole role) throws SQLException {
    for (var attack : Attack.values()) {
      try (var connection = transaction(Attacker.SUPERUSER)) {
        execute(connection, "grant all on audit.entry to " + role.sqlName());
        execute(connection, "alter table audit.entry disable row level security");
        become(connection, role);

        assertThatThrownBy(() -> execute(connection, attack.sql))
            .hasMessageContaining("the log is append-only");
      }
    }
  }

  /// Closing it rolls back.
  private static Connection transaction(Attacker attacker) throws SQLException {
    var connection = attacker.of(database).getConnection();
    connection.setAutoCommit(false);
    execute(connection, "set local sourceblind.amendment = 'A twin in a test'");
    return connection;
  }

  private static void become(Connection connection, DatabaseRole role) throws SQLException {
    execute(connection, "set local role " + role.sqlName());
    execute(connection, "set local app.org_id = '%s'".formatted(ORGANIZATION));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean answer(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var answer = statement.executeQuery(question)) {
      return answer.next() && answer.getBoolean(1);
    }
  }
}
