// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.StatementCallback;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The only door to the database: each piece of work gets one transaction, in one role, for one
/// organization, and row security does the rest.
public final class TenantDatabase {
  private final DatabaseRole role;
  private final JdbcTemplate plain;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  private TenantDatabase(DataSource dataSource, DatabaseRole role) {
    this.role = role;
    this.plain = new JdbcTemplate(dataSource);
    this.jdbc = JdbcClient.create(plain);
    this.transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
  }

  /// Opens the door for one role.
  ///
  /// @throws UnsafeLogin if the data source's login could go around row security, or may not take
  ///   the role
  public static TenantDatabase open(DataSource dataSource, DatabaseRole role) {
    var database = new TenantDatabase(dataSource, role);
    LoginCheck.demand(database.jdbc, role);
    return database;
  }

  /// Does the work for the bound tenant in a transaction of its own, and commits.
  ///
  /// @throws IllegalStateException if no tenant is bound, or a transaction is already open
  public <T extends @Nullable Object> T inTransaction(Function<JdbcClient, T> work) {
    return run("; " + settings(TenantScope.current()), work);
  }

  /// Does several pieces of work in one transaction, each under the settings of its own tenant, so
  /// that row security judges every one alone. All of it is committed, or none.
  ///
  /// @throws IllegalStateException if a transaction is already open
  public <T extends @Nullable Object> List<T> inOneTransaction(List<Work<T>> works) {
    return run(
        "",
        jdbc -> {
          var results = new ArrayList<T>();
          for (var work : works) {
            bind(settings(work.tenant()));
            results.add(work.task().apply(jdbc));
          }
          return results;
        });
  }

  /// One piece of work, and for whom it is done.
  public record Work<T extends @Nullable Object>(Tenant tenant, Function<JdbcClient, T> task) {}

  /// Does work that comes before a tenant is known: opening a credential, listing organizations.
  /// Row security then shows only what a policy gives to the role without an organization.
  ///
  /// @throws IllegalStateException if a transaction is already open
  public <T extends @Nullable Object> T withoutTenant(Function<JdbcClient, T> work) {
    return run("", work);
  }

  private static String settings(Tenant tenant) {
    // "set local" and not set_config: the latter does not reach the workers of a distributed
    // Postgres.
    // A UUID cannot carry a quote.
    var person = tenant.person();
    return "set local app.org_id = '%s'; set local app.person_id = '%s'"
        .formatted(tenant.organization(), person == null ? "" : person);
  }

  private <T extends @Nullable Object> T run(String settings, Function<JdbcClient, T> work) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("A transaction is already open: pass its JdbcClient on");
    }
    return transactions.execute(_ -> {
      bind("set local role " + role.sqlName() + settings);
      return work.apply(jdbc);
    });
  }

  /// Not through `JdbcClient`: its errors repeat the statement, and these name an organization and
  /// a person.
  private void bind(String settings) {
    plain.execute((StatementCallback<Boolean>) statement -> statement.execute(settings));
  }
}
