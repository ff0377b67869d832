// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Postgres that may be killed and started again on its data, and that waits for its disk.
///
/// The tests' own server runs with `-F`, without waiting; so only its binaries serve here.
final class PostgresProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STILL_THERE = "is still in use";

  private final List<String> command = new ArrayList<>();
  private final Path log;
  private final int port;
  private final String password;
  private @Nullable Process postmaster;
  private boolean closed;

  /// @param folder where its data go
  /// @param durable false leaves commits in memory for a while: a drill must find what that loses
  PostgresProcess(Path folder, boolean durable) throws IOException, SQLException {
    var data = folder.resolve("data");
    log = folder.resolve("postgres.log");
    password = HexFormat.of().formatHex(new SecureRandom().generateSeed(16));
    if (System.getProperty("user.name").equals("root")) {
      // It refuses to run as root; in a user namespace it does not know that it is.
      command.addAll(List.of("unshare", "-U"));
    }
    try (var first =
        EmbeddedPostgres.builder()
            .setLocaleConfig("locale", "C")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .start()) {
      port = first.getPort();
      var pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
      command.add(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow());
      try (var connection = first.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("alter role postgres password '%s'".formatted(password));
      }
    }
    Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
    command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
    set("listen_addresses", "127.0.0.1");
    set("unix_socket_directories", "");
    set("max_connections", "60");
    set("fsync", "on");
    set("full_page_writes", "on");
    // The machine itself did not fall: one call in place of one for each of some thousand files.
    set("recovery_init_sync_method", "syncfs");
    set("synchronous_commit", durable ? "on" : "off");
    if (!durable) {
      set("wal_writer_delay", "10s");
      set("wal_writer_flush_after", "1GB");
    }
    set("log_error_verbosity", "terse");
    set("log_min_error_statement", "panic");
    set("log_parameter_max_length_on_error", "0");
  }

  /// As superuser, without a database's name.
  String url() {
    return "jdbc:postgresql://127.0.0.1:%d/?user=postgres&password=%s".formatted(port, password);
  }

  /// `kill -9` of the postmaster. Its children end by themselves, some a little later.
  void kill() {
    running().destroyForcibly().onExit().join();
  }

  /// What `pg_ctl stop -m immediate` does: nobody finishes anything.
  void stopImmediately() throws IOException {
    var process = running();
    signal("QUIT", process.pid());
    process.onExit().join();
  }

  /// `kill -9` of one backend of the service. Postgres then ends all others and recovers by itself.
  void killABackend() throws IOException, SQLException {
    try (var sentinel = connect()) {
      try (var statement = sentinel.createStatement();
          var backends =
              statement.executeQuery(
                  """
                  select pid from pg_stat_activity
                   where usename = 'ingest_login'
                   order by state = 'active' desc, random()
                   limit 1
                  """)) {
        if (!backends.next()) {
          throw new IllegalStateException("The service has no connection that could be killed");
        }
        ProcessHandle.of(backends.getLong(1)).orElseThrow().destroyForcibly();
      }
      // Only when it is cut off too has the postmaster seen the crash.
      await().atMost(PATIENCE).until(() -> !sentinel.isValid(1));
    }
    awaitReady();
  }

  /// Starts it on the data that are there, without waiting until it is ready.
  synchronized void launch() throws IOException {
    if (closed) {
      throw new IllegalStateException("The drill is over");
    }
    postmaster =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /// Returns once it answers. While children of a killed postmaster hold its memory, a new one
  /// refuses to start; then it is started again.
  void awaitReady() throws IOException, SQLException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    do {
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> !running().isAlive() || answers());
      if (running().isAlive()) {
        return;
      }
      if (!Files.readString(log).contains(STILL_THERE)) {
        throw new IllegalStateException("Postgres did not start:\n" + Files.readString(log));
      }
      launch();
    } while (System.nanoTime() < end);
    throw new IllegalStateException("Children of a killed Postgres did not end");
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres?connectTimeout=5&socketTimeout=30".formatted(port),
        "postgres",
        password);
  }

  /// Kills it with all its children.
  @Override
  public synchronized void close() {
    closed = true;
    if (postmaster == null) {
      return;
    }
    var all = new ArrayList<>(postmaster.descendants().toList());
    all.add(postmaster.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  private void set(String name, String value) {
    command.add("-c");
    command.add(name + "=" + value);
  }

  private synchronized Process running() {
    if (postmaster == null) {
      throw new IllegalStateException("Postgres was not started");
    }
    return postmaster;
  }

  private boolean answers() {
    try (var connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException _) {
      return false;
    }
  }

  private static void signal(String name, long pid) throws IOException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().onExit().join();
  }
}
