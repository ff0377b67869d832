// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Organizations;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Trees;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionSystemException;
import tools.jackson.databind.node.ObjectNode;

/// Many requests, few transactions.
class GroupCommitIT {
  private static final Allowlist ALLOWLIST = Allowlist.load(Clock.systemUTC());

  private final CircuitBreaker breaker = Patience.breaker();
  private EmbeddedDatabase database;
  private HikariDataSource pool;
  private JdbcClient superuser;
  private Tenant ours;
  private Tenant theirs;

  @BeforeEach
  void start() {
    database = EmbeddedDatabase.fresh();
    pool = database.pool(Login.INGEST);
    superuser = JdbcClient.create(database.superuser());
    ours = tenant("Ours");
    theirs = tenant("Theirs");
  }

  @AfterEach
  void stop() {
    pool.close();
    database.close();
  }

  @Test
  void whatComesWhileTheWriterIsBusyIsCommittedTogether()
      throws SQLException, ExecutionException, InterruptedException {
    var answers = new ArrayList<Future<List<Fate>>>();
    try (var commit = groupCommit(1);
        var senders = Executors.newVirtualThreadPerTaskExecutor();
        var events = lockedEvents()) {
      answers.add(senders.submit(() -> commit.add(ours, events(5), List.of())));
      await().until(() -> commit.waiting() == 0 && somebodyWaits());
      for (var sender : IntStream.range(0, 19).mapToObj(i -> i % 2 == 0 ? ours : theirs).toList()) {
        answers.add(senders.submit(() -> commit.add(sender, events(5), List.of())));
      }
      await().until(() -> commit.waiting() == 19);
      events.rollback();
    }

    for (var answer : answers) {
      assertThat(answer.get()).hasSize(5).containsOnly(new Fate.Added());
    }
    assertThat(number("select count(distinct xmin::text) from capture.event")).isEqualTo(2);
    assertThat(number("select count(*) from capture.event where org_id = :org", ours))
        .isEqualTo(55);
    assertThat(number("select count(*) from capture.event where org_id = :org", theirs))
        .isEqualTo(45);
  }

  @Test
  void oneSendersBadEventDoesNotTakeAnothersWithIt() throws Exception {
    try (var commit = groupCommit(1);
        var senders = Executors.newVirtualThreadPerTaskExecutor();
        var events = lockedEvents()) {
      var first = senders.submit(() -> commit.add(ours, events(1), List.of()));
      var bad = List.of(events(1).getFirst().put("error_class", "exit_code"));
      await().until(() -> commit.waiting() == 0 && somebodyWaits());
      var refused = senders.submit(() -> commit.add(ours, bad, List.of()));
      var good = senders.submit(() -> commit.add(theirs, events(3), List.of()));
      await().until(() -> commit.waiting() == 2);
      events.rollback();

      assertThat(first.get()).containsOnly(new Fate.Added());
      assertThat(refused.get()).containsExactly(new Fate.Refused("words_of_the_kind"));
      assertThat(good.get()).hasSize(3).containsOnly(new Fate.Added());
    }
  }

  @Test
  void theSameEventsFromTwoSidesAtOnceAreAddedOnceEach() throws Exception {
    try (var commit = groupCommit(4);
        var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var round = 0; round < 20; round++) {
        var events = events(50);
        var one = senders.submit(() -> commit.add(ours, events, List.of()));
        var other = senders.submit(() -> commit.add(ours, events.reversed(), List.of()));

        var fates = Stream.concat(one.get().stream(), other.get().stream()).toList();

        assertThat(fates).filteredOn(new Fate.Added()::equals).hasSize(50);
        assertThat(fates).filteredOn(new Fate.Known()::equals).hasSize(50);
      }
    }
  }

  @Test
  void aDatabaseThatKeepsFailingIsLeftAloneForAWhile() {
    try (var commit = groupCommit(1)) {
      superuser.sql("revoke insert on release.dirty_day from ingest_writer").update();
      for (var call = 0; call < 10; call++) {
        assertThatThrownBy(() -> commit.add(ours, events(1), List.of()))
            .isInstanceOfAny(DataAccessException.class, CallNotPermittedException.class);
      }
      superuser
          .sql("grant insert (org_id, occurred_on) on release.dirty_day to ingest_writer")
          .update();

      assertThatThrownBy(() -> commit.add(ours, events(1), List.of()))
          .isInstanceOf(CallNotPermittedException.class);
      breaker.transitionToHalfOpenState();
      assertThat(commit.add(ours, events(1), List.of())).containsExactly(new Fate.Added());
    }
  }

  @Test
  void aConnectionThatDiedUnnoticedCostsNobodyAnAnswer() {
    try (var commit = groupCommit(1)) {
      commit.add(ours, events(1), List.of());
      superuser
          .sql(
              """
              select pg_terminate_backend(pid) from pg_stat_activity
               where usename = 'ingest_login' and datname = current_database()
              """)
          .query()
          .listOfRows();

      assertThat(commit.add(ours, events(1), List.of())).containsExactly(new Fate.Added());
    }
  }

  @Test
  void whatMayBeStoredAlreadyIsNotTriedAgain() {
    var tries = new AtomicInteger();
    var again = Patience.again();
    var commitFailed = new TransactionSystemException("the commit failed");
    var rollbackFailed = new TransactionSystemException("the rollback failed");
    rollbackFailed.initApplicationException(
        new DataAccessResourceFailureException("the statement"));

    assertThatThrownBy(() -> again.executeRunnable(() -> fail(tries, commitFailed)))
        .isSameAs(commitFailed);
    assertThat(tries.getAndSet(0)).isEqualTo(1);
    assertThatThrownBy(() -> again.executeRunnable(() -> fail(tries, rollbackFailed)))
        .isSameAs(rollbackFailed);
    assertThat(tries.get()).isEqualTo(2);
  }

  private static void fail(AtomicInteger tries, RuntimeException failure) {
    tries.incrementAndGet();
    throw failure;
  }

  @Test
  void whoeverWaitsIsAnsweredBeforeItCloses() throws Exception {
    var commit = groupCommit(1);
    Future<List<Fate>> waiting;
    try (var senders = Executors.newVirtualThreadPerTaskExecutor();
        var events = lockedEvents()) {
      waiting = senders.submit(() -> commit.add(ours, events(2), List.of()));
      await().until(this::somebodyWaits);
      var closing = senders.submit(commit::close);
      assertThat(closing.isDone()).isFalse();
      events.rollback();
      closing.get();
    }

    assertThat(waiting.get()).hasSize(2).containsOnly(new Fate.Added());
  }

  private GroupCommit groupCommit(int writers) {
    var store = new EventStore(TenantDatabase.open(pool, DatabaseRole.INGEST_WRITER));
    return new GroupCommit(store, Patience.again(), breaker, writers);
  }

  /// Nothing is written until it is rolled back.
  private Connection lockedEvents() throws SQLException {
    var connection = database.superuser().getConnection();
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("lock table capture.event in access exclusive mode");
    }
    return connection;
  }

  private boolean somebodyWaits() {
    return superuser
        .sql(
            """
            select exists (
              select from pg_locks where not granted and relation = 'capture.event'::regclass)
            """)
        .query(Boolean.class)
        .single();
  }

  private static List<ObjectNode> events(int count) {
    return Stream.generate(() -> Trees.needed(ALLOWLIST, "turn.failed", Site.now()))
        .limit(count)
        .toList();
  }

  private long number(String sql) {
    return superuser.sql(sql).query(Long.class).single();
  }

  private long number(String sql, Tenant tenant) {
    return superuser.sql(sql).param("org", tenant.organization()).query(Long.class).single();
  }

  private Tenant tenant(String name) {
    var clock = Clock.systemUTC();
    var organizations =
        new Organizations(
            database.as(DatabaseRole.IDENTITY_API), new AuditLog(clock), new SecureRandom(), clock);
    return new Tenant(organizations.create(name, Actor.operator("test")), UUID.randomUUID());
  }
}
