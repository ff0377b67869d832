// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The ingest API as it is shipped: its jar in a JVM of its own, set by the environment.
final class ApiProcess implements AutoCloseable {
  private static final int LAST_LINES = 100;
  private static final Duration LONGEST_END = Duration.ofSeconds(60);

  private final Path jar;
  private final Path folder;
  private final Path log;
  private final Path pid;
  private final int port;
  private final Map<String, String> settings;
  private @Nullable Process process;
  private boolean closed;

  /// @param project the project's root, with the jar built
  /// @param folder where its log, its process id and what it leaves go
  ApiProcess(Path project, Path folder, Map<String, String> settings) throws IOException {
    this.jar = jar(project.resolve("ingest-api").resolve("target"));
    this.folder = folder;
    this.log = folder.resolve("api.log");
    this.pid = folder.resolve("api.pid");
    this.settings = settings;
    try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
  }

  URI events() {
    return URI.create("http://127.0.0.1:%d/v1/events".formatted(port));
  }

  synchronized void start() throws IOException {
    if (closed) {
      throw new IllegalStateException("The drill is over");
    }
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + folder,
                "-XX:+UseSerialGC",
                // It starts often and does not live long.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(settings);
    builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
    builder.environment().put("SERVER_PORT", Integer.toString(port));
    process = builder.start();
    Files.writeString(pid, Long.toString(process.pid()));
  }

  /// `kill -9`.
  void kill() {
    running().destroyForcibly().onExit().join();
  }

  /// SIGTERM; returns once the API takes no more connections.
  void stop() {
    running().destroy();
    await().atMost(LONGEST_END).pollInterval(Duration.ofMillis(5)).until(() -> !isOpen());
  }

  /// Waits until a stopped API has ended.
  void awaitEnd() throws InterruptedException {
    if (!running().waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("The API did not end within a minute of SIGTERM");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (process != null) {
      kill();
    }
  }

  /// The end of its log.
  String log() throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  private boolean isOpen() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private synchronized Process running() {
    if (process == null) {
      throw new IllegalStateException("The API was not started");
    }
    return process;
  }

  private static Path jar(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder, "ingest-api-*-exec.jar")) {
      for (var file : files) {
        return file;
      }
    }
    throw new IOException(
        "There is no ingest-api-*-exec.jar in " + folder + "; bin/build makes it");
  }
}
