// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A migrated database of its own on a real Postgres, for tests and for trying things out.
///
/// The server is one per JVM: the embedded one, or with `-Dsourceblind.postgres=testcontainers` a
/// container, or with `-Dsourceblind.postgres=jdbc:postgresql://...` a given one (as superuser).
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String OWNER = "sourceblind_owner";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<Login, String> PASSWORDS = passwords();
  private static final String OWNER_PASSWORD = password();

  private final PostgresServer server;
  private final String name;

  private EmbeddedDatabase(PostgresServer server, String name) {
    this.server = server;
    this.name = name;
  }

  /// A fresh database with the schema and nothing in it.
  public static EmbeddedDatabase fresh() {
    var name =
        "sourceblind_%d_%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());
    var template = Template.NAME;
    var server = PostgresServer.shared();
    JdbcClient.create(server.superuser("postgres"))
        .sql("create database %s template %s owner %s".formatted(name, template, OWNER))
        .update();
    return new EmbeddedDatabase(server, name);
  }

  /// Does the work when the JVM ends, before the server goes: hooks of the JVM have no order.
  public static void beforeServerStops(Runnable work) {
    PostgresServer.beforeStop(work);
  }

  /// What the server has logged, for tests that look for what must not be there; empty for a server
  /// that is not ours.
  public static String serverLog() {
    return PostgresServer.shared().log();
  }

  /// The JDBC address, without a login.
  public String url() {
    return server.url(name);
  }

  /// The password of a login.
  public String password(Login login) {
    return Objects.requireNonNull(PASSWORDS.get(login));
  }

  /// The owner's name, and its password.
  public Map.Entry<String, String> ownerLogin() {
    return Map.entry(OWNER, OWNER_PASSWORD);
  }

  /// A small pool under a service's login; the caller closes it.
  public HikariDataSource pool(Login login) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url());
    pool.setUsername(login.sqlName());
    pool.setPassword(password(login));
    pool.setMaximumPoolSize(4);
    return pool;
  }

  /// The door for one role, over plain connections of the login that may take it.
  public TenantDatabase as(DatabaseRole role) {
    for (var login : Login.values()) {
      if (login.roles().contains(role)) {
        return TenantDatabase.open(
            new DriverManagerDataSource(url(), login.sqlName(), password(login)), role);
      }
    }
    throw new IllegalStateException("No login may take " + role.sqlName());
  }

  /// Connections of the schema's owner, whom row security binds as well.
  public DataSource owner() {
    return new DriverManagerDataSource(url(), OWNER, OWNER_PASSWORD);
  }

  /// Connections that nothing binds, to set up and to attack with.
  public DataSource superuser() {
    return server.superuser(name);
  }

  /// Switches the DDL guard of this database off, for the twin of a test: what is shown to be
  /// refused must get through once its guard is gone.
  public EmbeddedDatabase withoutDdlGuard() {
    JdbcClient.create(superuser())
        .sql(
            """
            alter event trigger capture_stays_closed disable;
            alter event trigger capture_keeps_its_guards disable
            """)
        .update();
    return this;
  }

  /// What a service needs to run on this database under its login.
  public Map<String, Object> propertiesFor(Login login) {
    return Map.of(
        "spring.datasource.url", url(),
        "spring.datasource.username", login.sqlName(),
        "spring.datasource.password", password(login));
  }

  /// Drops the database; whoever is still connected is cut off.
  @Override
  public void close() {
    JdbcClient.create(server.superuser("postgres"))
        .sql("drop database if exists %s with (force)".formatted(name))
        .update();
  }

  private static Map<Login, String> passwords() {
    var passwords = new EnumMap<Login, String>(Login.class);
    for (var login : Login.values()) {
      passwords.put(login, password());
    }
    return passwords;
  }

  private static String password() {
    var bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Migrated once per JVM; copying it takes a fraction of migrating again.
  private static final class Template {
    static final String NAME = create();

    private static String create() {
      var server = PostgresServer.shared();
      var jdbc = JdbcClient.create(server.superuser("postgres"));
      var verb =
          jdbc.sql("select exists (select from pg_roles where rolname = :owner)")
                  .param("owner", OWNER)
                  .query(Boolean.class)
                  .single()
              ? "alter"
              : "create";
      jdbc.sql(
              "%s role %s login createrole nosuperuser nobypassrls password '%s'"
                  .formatted(verb, OWNER, OWNER_PASSWORD))
          .update();
      var name = "sourceblind_%d_template".formatted(ProcessHandle.current().pid());
      jdbc.sql("drop database if exists " + name).update();
      jdbc.sql("create database %s owner %s".formatted(name, OWNER)).update();
      new JdbcTemplate(server.superuser(name)).execute(bootstrap());
      Migrations.migrate(
          new DriverManagerDataSource(server.url(name), OWNER, OWNER_PASSWORD), PASSWORDS);
      return name;
    }

    private static String bootstrap() {
      try (var script = EmbeddedDatabase.class.getResourceAsStream("/db/bootstrap.sql")) {
        return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
