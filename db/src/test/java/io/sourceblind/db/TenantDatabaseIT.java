// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.TransactionSystemException;

class TenantDatabaseIT {
  private static EmbeddedDatabase database;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void workWithoutATenantIsRefused() {
    var identity = database.as(DatabaseRole.IDENTITY_API);

    assertThatThrownBy(
            () -> identity.inTransaction(jdbc -> jdbc.sql("select 1").query().listOfRows()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("TenantScope.callAs");
  }

  @Test
  void aTenantSeesOnlyItsOwnRows() {
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var ours = organization(identity, "Ours");
    var theirs = organization(identity, "Theirs");

    var names =
        TenantScope.callAs(
            Tenant.of(ours),
            () ->
                identity.inTransaction(jdbc ->
                    jdbc.sql("select name from identity.organization").query(String.class).list()));

    assertThat(names).containsExactly("Ours");
    assertThat(ours).isNotEqualTo(theirs);
  }

  @Test
  void anInsertForAnotherOrganizationIsRefused() {
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var ours = organization(identity, "Ours again");

    assertThatThrownBy(() ->
            TenantScope.callAs(
                Tenant.of(ours),
                () ->
                    identity.inTransaction(jdbc ->
                        jdbc.sql(
                                "insert into identity.team (org_id, id, name) values (:org, :id, 'x')")
                            .param("org", UUID.randomUUID())
                            .param("id", UUID.randomUUID())
                            .update())))
        .hasStackTraceContaining("row-level security");
  }

  @Test
  void theOwnerIsBoundByRowSecurityToo() {
    organization(database.as(DatabaseRole.IDENTITY_API), "Somebody");
    var owner = JdbcClient.create(database.owner());

    var seen = owner.sql("select count(*) from identity.organization").query(Long.class).single();

    assertThat(seen).isZero();
  }

  @Test
  void aServiceDoesNotRunAsSuperuserOrOwner() {
    assertThatThrownBy(() -> TenantDatabase.open(database.superuser(), DatabaseRole.MANAGER_API))
        .isInstanceOf(UnsafeLogin.class)
        .hasMessageContaining("goes around row security");
    assertThatThrownBy(() -> TenantDatabase.open(database.owner(), DatabaseRole.MANAGER_API))
        .isInstanceOf(UnsafeLogin.class)
        .hasMessageContaining("owns tables");
  }

  @Test
  void aLoginTakesOnlyItsOwnRoles() {
    try (var pool = database.pool(Login.INGEST)) {
      assertThatThrownBy(() -> TenantDatabase.open(pool, DatabaseRole.RELEASER))
          .isInstanceOf(UnsafeLogin.class)
          .hasMessageContaining("may not take the role releaser");
    }
  }

  @Test
  void noLoginReadsTheChecksOfEveryDayToPlan() {
    for (var login : Login.values()) {
      try (var pool = database.pool(login)) {
        assertThat(
                JdbcClient.create(pool)
                    .sql("show constraint_exclusion")
                    .query(String.class)
                    .single())
            .as(login.sqlName())
            .isEqualTo("off");
      }
    }
  }

  @Test
  void aTransactionInsideATransactionIsRefused() {
    var identity = database.as(DatabaseRole.IDENTITY_API);

    assertThatThrownBy(
            () -> identity.withoutTenant(_ -> identity.withoutTenant(jdbc -> jdbc.toString())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already open");
  }

  @Test
  void severalTenantsShareATransactionAndEachIsJudgedAlone() {
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var ours = organization(identity, "Ours, once more");
    var theirs = organization(identity, "Theirs, once more");

    var names =
        identity.inOneTransaction(
            Stream.of(ours, theirs)
                .map(organization ->
                    new TenantDatabase.Work<>(
                        Tenant.of(organization),
                        jdbc ->
                            jdbc.sql("select name from identity.organization")
                                .query(String.class)
                                .list()))
                .toList());

    assertThat(names).containsExactly(List.of("Ours, once more"), List.of("Theirs, once more"));
  }

  @Test
  void ofWorkInOneTransactionNothingStaysWhenOnePieceFails() {
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var ours = organization(identity, "Ours, together");
    var theirs = organization(identity, "Theirs, together");

    var works =
        Stream.of(ours, theirs)
            .map(owner -> new TenantDatabase.Work<>(Tenant.of(owner), jdbc -> addTeam(jdbc, ours)))
            .toList();

    assertThatThrownBy(() -> identity.inOneTransaction(works))
        .hasStackTraceContaining("row-level security");
    assertThat(teams()).isZero();
    assertThat(identity.inOneTransaction(works.subList(0, 1))).containsExactly(1);
    assertThat(teams()).isEqualTo(1);
  }

  @Test
  void noErrorNamesTheTenant() {
    var ours = Tenant.of(UUID.randomUUID());
    var named = "set local app.org_id = '%s'".formatted(ours.organization());
    try (var pool = oneConnection();
        var other = oneConnection()) {
      var identity = TenantDatabase.open(pool, DatabaseRole.IDENTITY_API);
      var plain = JdbcClient.create(other);
      plain.sql("select 1").query().listOfRows();
      cutOff(Login.IDENTITY);

      assertThatThrownBy(() ->
              TenantScope.callAs(
                  ours, () -> identity.inTransaction(jdbc -> jdbc.sql("select 1").query())))
          .satisfies(failed ->
              assertThat(everythingOf(failed))
                  .contains("TenantDatabase.bind")
                  .doesNotContain(ours.organization().toString()));
      assertThatThrownBy(() -> plain.sql(named).update())
          .satisfies(
              failed -> assertThat(everythingOf(failed)).contains(ours.organization().toString()));
    }
  }

  private static SingleConnectionDataSource oneConnection() {
    var pool = new SingleConnectionDataSource(database.url(), true);
    pool.setUsername(Login.IDENTITY.sqlName());
    pool.setPassword(database.password(Login.IDENTITY));
    return pool;
  }

  /// As a log would write it, with whatever it overrode.
  private static String everythingOf(Throwable failed) {
    var text = new StringWriter();
    failed.printStackTrace(new PrintWriter(text));
    if (failed instanceof TransactionSystemException system
        && system.getApplicationException() != null) {
      system.getApplicationException().printStackTrace(new PrintWriter(text));
    }
    return text.toString();
  }

  private static void cutOff(Login login) {
    JdbcClient.create(database.superuser())
        .sql(
            """
            select pg_terminate_backend(pid, 5000) from pg_stat_activity
             where usename = :login and datname = current_database()
            """)
        .param("login", login.sqlName())
        .query()
        .listOfRows();
  }

  private static int addTeam(JdbcClient jdbc, UUID organization) {
    return jdbc.sql("insert into identity.team (org_id, id, name) values (:org, :id, 'together')")
        .param("org", organization)
        .param("id", UUID.randomUUID())
        .update();
  }

  private static long teams() {
    return JdbcClient.create(database.superuser())
        .sql("select count(*) from identity.team where name = 'together'")
        .query(Long.class)
        .single();
  }

  private static UUID organization(TenantDatabase identity, String name) {
    var id = UUID.randomUUID();
    TenantScope.runAs(
        Tenant.of(id),
        () ->
            identity.inTransaction(jdbc ->
                jdbc.sql(
                        "insert into identity.organization (id, name, ref_key) values (:id, :name, :key)")
                    .param("id", id)
                    .param("name", name)
                    .param("key", new byte[32])
                    .update()));
    return id;
  }
}
