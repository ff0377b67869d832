// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// The Postgres server that a JVM's databases live on.
final class PostgresServer {
  private static final String CHOICE = System.getProperty("sourceblind.postgres", "embedded");

  private static final Pattern GIVEN =
      Pattern.compile("(jdbc:postgresql://[^/?]+/)[^?]*\\?user=([^&]+)&password=([^&]+)");

  private static final Deque<Runnable> BEFORE_STOP = new ConcurrentLinkedDeque<>();

  private final String address;
  private final String user;
  private final String password;
  private final Path logs;

  private PostgresServer(String address, String user, String password, Path logs) {
    this.address = address;
    this.user = user;
    this.password = password;
    this.logs = logs;
  }

  static PostgresServer shared() {
    return Holder.SERVER;
  }

  String url(String database) {
    return address + database + "?logServerErrorDetail=false";
  }

  DataSource superuser(String database) {
    return new DriverManagerDataSource(url(database), user, password);
  }

  String log() {
    if (logs.toString().isEmpty()) {
      return "";
    }
    try (var files = Files.list(logs)) {
      var text = new StringBuilder();
      for (var file : files.sorted().toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static void beforeStop(Runnable work) {
    BEFORE_STOP.push(work);
  }

  private static void stop(EmbeddedPostgres server, Path logs) {
    while (!BEFORE_STOP.isEmpty()) {
      BEFORE_STOP.pop().run();
    }
    try {
      server.close();
      FileSystemUtils.deleteRecursively(logs);
    } catch (IOException failed) {
      System.err.println("The embedded Postgres did not stop cleanly: " + failed.getMessage());
    }
  }

  private static PostgresServer start() {
    try {
      return switch (CHOICE) {
        case "embedded" -> embedded();
        case "testcontainers" -> container();
        default -> given(CHOICE);
      };
    } catch (IOException | SQLException failed) {
      throw new IllegalStateException(
          "Postgres did not start; -Dsourceblind.postgres says which one to use", failed);
    }
  }

  private static PostgresServer embedded() throws IOException, SQLException {
    var logs = Files.createTempDirectory("sourceblind-postgres-log");
    // The server may run under another user than we do (it refuses to run as root).
    if (!logs.toFile().setWritable(true, false)) {
      throw new IOException("The folder for the log of Postgres cannot be made writable");
    }
    var password = HexFormat.of().formatHex(new SecureRandom().generateSeed(16));
    var server =
        EmbeddedPostgres.builder()
            // Nothing may depend on the language of the machine.
            .setLocaleConfig("locale", "C")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("logging_collector", "on")
            .setServerConfig("log_directory", logs.toString())
            // An error may name a rule, never a row or a parameter.
            .setServerConfig("log_error_verbosity", "terse")
            .setServerConfig("log_min_error_statement", "panic")
            .setServerConfig("log_parameter_max_length_on_error", "0")
            .setServerConfig("max_connections", "120")
            .setRegisterShutdownHook(false)
            .start();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(server, logs)));
    var address = "jdbc:postgresql://127.0.0.1:%d/".formatted(server.getPort());
    try (var connection = DriverManager.getConnection(address + "postgres", "postgres", "");
        var statement = connection.createStatement()) {
      // It comes up trusting everyone on this machine. From here on a password is needed.
      statement.execute("alter role postgres password '%s'".formatted(password));
      statement.execute(
          """
          copy (values
            ('host all all 127.0.0.1/32 scram-sha-256'))
          to program 'cat > pg_hba.conf'
          """);
      statement.execute("select pg_reload_conf()");
    }
    return new PostgresServer(address, "postgres", password, logs);
  }

  @SuppressWarnings("resource") // It lives as long as the JVM; Testcontainers removes it.
  private static PostgresServer container() {
    var container =
        new PostgreSQLContainer("postgres:18")
            .withCommand(
                "postgres",
                "-c",
                "log_error_verbosity=terse",
                "-c",
                "log_min_error_statement=panic",
                "-c",
                "log_parameter_max_length_on_error=0");
    container.start();
    var address =
        "jdbc:postgresql://%s:%d/".formatted(container.getHost(), container.getMappedPort(5432));
    return new PostgresServer(
        address, container.getUsername(), container.getPassword(), Path.of(""));
  }

  private static PostgresServer given(String url) {
    var given = GIVEN.matcher(url);
    if (!given.matches()) {
      throw new IllegalArgumentException(
          "-Dsourceblind.postgres is embedded, testcontainers or"
              + " jdbc:postgresql://host:port/?user=...&password=...");
    }
    return new PostgresServer(given.group(1), given.group(2), given.group(3), Path.of(""));
  }

  private static final class Holder {
    static final PostgresServer SERVER = start();
  }
}
