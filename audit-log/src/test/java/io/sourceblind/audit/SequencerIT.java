// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequencerIT {
  private final UUID ours = UUID.randomUUID();
  private final UUID theirs = UUID.randomUUID();
  private Ledger ledger;

  @BeforeEach
  void start() {
    ledger = new Ledger();
    ledger.sequencer.runOnce();
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void eachOrganizationHasATreeOfItsOwnWithoutGaps() {
    ledger.append(ours, 3);
    ledger.append(theirs, 5);
    ledger.append(ours, 4);

    assertThat(ledger.sequencer.runOnce()).isEqualTo(12);
    assertThat(ledger.sequencer.runOnce()).isZero();

    assertThat(places(ours)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(places(theirs)).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(ledger.storedRoot(ours)).isEqualTo(ledger.rootOfLeaves(ours));
    assertThat(ledger.storedRoot(theirs)).isEqualTo(ledger.rootOfLeaves(theirs));
  }

  @Test
  void completeSubtreesOf256AreKeptAndGiveTheSameRoot() {
    ledger.append(ours, 700);
    ledger.sequencer.runOnce();
    ledger.append(ours, 100);
    ledger.newSequencer().runOnce();

    assertThat(
            ledger
                .superuser
                .sql("select count(*) from audit.node where org_id = :org and level = 1")
                .param("org", ours)
                .query(Long.class)
                .single())
        .isEqualTo(3);
    assertThat(ledger.storedRoot(ours)).isEqualTo(ledger.rootOfLeaves(ours));
  }

  @Test
  void moreThanOneBatchIsPlacedInOneRun() {
    ledger
        .superuser
        .sql(
            """
            insert into audit.entry (entry_uid, org_id, action, leaf)
            select gen_random_uuid(), :org, 'thing.done', convert_to('{"n":' || n || '}', 'UTF8')
              from generate_series(1, 20001) n
            """)
        .param("org", ours)
        .update();

    assertThat(ledger.sequencer.runOnce()).isEqualTo(20_001);

    assertThat(ledger.size(ours)).isEqualTo(20_001);
    assertThat(ledger.storedRoot(ours)).isEqualTo(ledger.rootOfLeaves(ours));
  }

  @Test
  void anEntryThatCommitsLateIsPlacedThoughYoungerOnesWere() throws SQLException {
    try (var slow = ledger.database.superuser().getConnection()) {
      slow.setAutoCommit(false);
      insert(slow, ours);
      ledger.append(ours, 3);

      // Nobody waits for whoever is slow.
      assertThat(ledger.sequencer.runOnce()).isEqualTo(3);
      ledger.append(ours, 1);
      assertThat(ledger.sequencer.runOnce()).isOne();
      slow.commit();

      assertThat(ledger.sequencer.runOnce()).isOne();
    }
    assertThat(places(ours)).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void whatFailsAtTheCommitIsPlacedInTheNextRun() {
    amend(
        """
        create function audit.fail() returns trigger language plpgsql as
          $f$ begin raise 'The disk is full'; end $f$;
        create constraint trigger fails after insert on audit.leaf
          deferrable initially deferred for each row execute function audit.fail()
        """);
    ledger.append(ours, 3);

    assertThatThrownBy(ledger.sequencer::runOnce).hasStackTraceContaining("The disk is full");
    ledger.append(theirs, 1);
    amend("drop trigger fails on audit.leaf");

    ledger.sequencer.runOnce();

    assertThat(places(ours)).containsExactly(0L, 1L, 2L);
    assertThat(places(theirs)).containsExactly(0L);
    assertThat(ledger.storedRoot(ours)).isEqualTo(ledger.rootOfLeaves(ours));
  }

  @Test
  void whatWasRolledBackLeavesNoGap() {
    ledger.append(ours, 1);
    assertThatThrownBy(() ->
            ledger.inTransaction(
                ours,
                jdbc -> {
                  ledger.audit.append(jdbc, Ledger.entry(ours, 7));
                  throw new IllegalStateException("The act itself fails");
                }))
        .hasMessage("The act itself fails");
    ledger.append(ours, 1);

    ledger.sequencer.runOnce();

    assertThat(places(ours)).containsExactly(0L, 1L);
  }

  @Test
  void sixteenWritersAtEveryLevelOfIsolationLoseNothing() throws Exception {
    var levels =
        new int[] {
          Connection.TRANSACTION_READ_COMMITTED,
          Connection.TRANSACTION_REPEATABLE_READ,
          Connection.TRANSACTION_SERIALIZABLE
        };
    var committed = 0L;
    try (var writers = Executors.newFixedThreadPool(16)) {
      var running = new ArrayList<Future<Integer>>();
      for (var writer = 0; writer < 16; writer++) {
        var level = levels[writer % levels.length];
        var random = new Random(writer);
        running.add(writers.submit(() -> write(level, random)));
      }
      while (!running.stream().allMatch(Future::isDone)) {
        ledger.sequencer.runOnce();
      }
      for (var writer : running) {
        committed += writer.get();
      }
    }

    ledger.sequencer.runOnce();

    assertThat(committed).isPositive();
    assertThat(places(ours)).hasSize((int) committed);
    assertThat(places(ours).getLast()).isEqualTo(committed - 1);
    assertThat(ledger.storedRoot(ours)).isEqualTo(ledger.rootOfLeaves(ours));
  }

  private int write(int level, Random random) throws SQLException {
    var committed = 0;
    try (var connection = ledger.database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(level);
      for (var round = 0; round < 25; round++) {
        var entries = 1 + random.nextInt(3);
        for (var entry = 0; entry < entries; entry++) {
          insert(connection, ours);
        }
        if (random.nextInt(4) == 0) {
          connection.rollback();
        } else {
          connection.commit();
          committed += entries;
        }
      }
    }
    return committed;
  }

  @Test
  void aSequencerThatIsKilledLosesNothingAndPlacesNothingTwice() throws Exception {
    for (var round = 0; round < 100; round++) {
      ledger.append(ours, 3);
      if (round % 10 == 9) {
        ledger.newSequencer().runOnce();
      } else {
        killedBeforeItsCommit();
      }
    }

    assertThat(ledger.size(ours)).isEqualTo(300);
    assertThat(places(ours).getLast()).isEqualTo(299);
    assertThat(ledger.storedRoot(ours)).isEqualTo(ledger.rootOfLeaves(ours));
  }

  /// The backend is cut off in the middle of its work, as it is when its client is killed.
  private void killedBeforeItsCommit() {
    var sequencer = ledger.newSequencer();
    ledger
        .superuser
        .sql(
            """
            set sourceblind.amendment = 'An attack in a test';
            create or replace function public.cut_off() returns trigger language plpgsql security definer as
              $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create trigger cut_off after insert on audit.leaf
              for each statement execute function public.cut_off()
            """)
        .update();
    assertThatThrownBy(sequencer::runOnce).hasStackTraceContaining("connection has been closed");
    ledger
        .superuser
        .sql("set sourceblind.amendment = 'And away'; drop trigger cut_off on audit.leaf")
        .update();
  }

  @Test
  void twoSequencersTakeTurns() throws Exception {
    try (var both = Executors.newFixedThreadPool(2)) {
      var one = both.submit(() -> rounds(ledger.newSequencer()));
      var other = both.submit(() -> rounds(ledger.newSequencer()));
      for (var round = 0; round < 60; round++) {
        ledger.append(ours, 7);
      }
      one.get();
      other.get();
    }

    ledger.sequencer.runOnce();

    assertThat(ledger.size(ours)).isEqualTo(420);
    assertThat(ledger.storedRoot(ours)).isEqualTo(ledger.rootOfLeaves(ours));
  }

  private static long rounds(Sequencer sequencer) {
    var placed = 0L;
    for (var round = 0; round < 60; round++) {
      placed += sequencer.runOnce();
    }
    return placed;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select leaf from audit.entry",
        "select action from audit.entry",
        "update audit.leaf set idx = 7",
        "delete from audit.leaf",
        "truncate audit.node",
        "insert into audit.checkpoint default values"
      })
  void theSequencerReadsNoEntryAndChangesNothing(String attack) {
    assertThatThrownBy(() ->
            ledger
                .database
                .as(DatabaseRole.AUDIT_SEQUENCER)
                .withoutTenant(jdbc -> jdbc.sql(attack).query().listOfRows()))
        .hasStackTraceContaining("permission denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"audit.leaf", "audit.node", "audit.checkpoint", "audit.blinding"})
  void noTreeIsChangedEvenByASuperuserAsReplica(String table) throws SQLException {
    try (var connection = ledger.database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "set session_replication_role = replica");
      fill(connection, table);

      for (var attack : new String[] {"update %s set org_id = org_id", "delete from %s"}) {
        execute(connection, "savepoint before");
        assertThatThrownBy(() -> execute(connection, attack.formatted(table)))
            .hasMessageContaining("the log is append-only");
        execute(connection, "rollback to before");
      }
      assertThatThrownBy(() -> execute(connection, "truncate " + table))
          .hasMessageContaining("the log is append-only");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"audit.leaf", "audit.node", "audit.checkpoint", "audit.blinding"})
  void theTwinWithOrdinaryTriggersIsChangedByAReplica(String table) throws SQLException {
    try (var connection = ledger.database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "set local sourceblind.amendment = 'A twin in a test'");
      execute(connection, "alter table %s enable trigger no_change".formatted(table));
      execute(connection, "set session_replication_role = replica");
      fill(connection, table);

      execute(connection, "delete from " + table);

      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("select count(*) from " + table)) {
        rows.next();
        assertThat(rows.getLong(1)).isZero();
      }
    }
  }

  private static void fill(Connection connection, String table) throws SQLException {
    var row =
        switch (table) {
          case "audit.leaf" -> "0, -1, sha256('x')";
          case "audit.node" -> "1, 0, sha256('x')";
          case "audit.checkpoint" -> "1, sha256('x'), repeat('x', 100), now()";
          default -> "sha256('x')";
        };
    execute(connection, "insert into %s values (gen_random_uuid(), %s)".formatted(table, row));
  }

  @Test
  void nobodySeesTheTreeOfAnotherOrganization() {
    ledger.append(ours, 2);
    ledger.append(theirs, 3);
    ledger.sequencer.runOnce();

    var seen =
        ledger.asReviewer(
            ours,
            jdbc ->
                // The tree over the trees is for every reviewer: its leaves are hashes.
                jdbc.sql("select count(*) from audit.leaf where org_id <> :master")
                    .param("master", new UUID(0, 0))
                    .query((row, _) -> row.getLong(1))
                    .single());

    assertThat(seen).isEqualTo(2);
  }

  private void amend(String ddl) {
    ledger
        .superuser
        .sql("set sourceblind.amendment = 'test'; " + ddl + "; reset sourceblind.amendment")
        .update();
  }

  private List<Long> places(UUID organization) {
    return ledger
        .superuser
        .sql("select idx from audit.leaf where org_id = :org order by idx")
        .param("org", organization)
        .query((row, _) -> row.getLong(1))
        .list();
  }

  private static void insert(Connection connection, UUID organization) throws SQLException {
    execute(
        connection,
        "insert into audit.entry (entry_uid, org_id, action, leaf) values (gen_random_uuid(), '%s', 'thing.done', '{}')"
            .formatted(organization));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
