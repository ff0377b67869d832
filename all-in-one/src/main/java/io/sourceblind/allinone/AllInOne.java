// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.allinone.demo.Demo;
import io.sourceblind.analytics.AnalyticsService;
import io.sourceblind.audit.Keeping;
import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Receipts;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Pepper;
import io.sourceblind.ingest.IngestApi;
import io.sourceblind.retention.RetentionWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/// Every service in one process over an embedded Postgres, with a demo organization in it.
///
/// For trying things out and for tests only: in production each service is its own process.
public final class AllInOne implements AutoCloseable {
  private static final String LOG_NAME = "localhost";
  private static final Logs LOGS = new Logs(LOG_NAME);

  private final EmbeddedDatabase database;
  private final Deque<ConfigurableApplicationContext> services = new ArrayDeque<>();
  private final Deque<AutoCloseable> log = new ArrayDeque<>();
  private final String pepper = secret();
  private final String releaseKey = secret();
  private final String signerKey = secret();
  private final String receiptKey = secret();
  private final Ports ports;
  private final Path folder;

  /// @param pages port of the pages, 0 for any
  /// @param api port of the ingest API, 0 for any
  record Ports(int pages, int api) {

    /// Two in a row; 0 lets the machine choose both.
    static Ports from(int first) {
      return new Ports(first, first == 0 ? 0 : first + 1);
    }
  }

  AllInOne(Ports ports, Path folder) {
    this.database = EmbeddedDatabase.fresh();
    this.ports = ports;
    this.folder = folder;
  }

  /// Starts everything, prints where it is and how to get in, and runs until it is stopped.
  ///
  /// `--port N` puts the pages on N and the API on N + 1 (8480 and 8481 unless said otherwise);
  /// `--run-file FILE` also writes all addresses and tokens there, readable by the owner only.
  public static void main(String[] args) throws IOException, InterruptedException {
    var options = optionsOf(args);
    System.out.println("Starting Postgres ...");
    var stopped = new CountDownLatch(1);
    var folder = Files.createTempDirectory("sourceblind-demo");
    var all = new AllInOne(Ports.from(options.port()), folder);
    EmbeddedDatabase.beforeServerStops(() -> {
      all.close();
      stopped.countDown();
    });
    var access = startOf(all);
    var run = new RunFile(all, access);
    if (options.runFile() != null) {
      run.writeTo(options.runFile());
    }
    System.out.println(run.welcome());
    stopped.await();
  }

  /// Leaves nothing running where a part does not start: it would keep the process alive, and
  /// whoever waits for it waiting.
  private static Demo.Access startOf(AllInOne all) throws IOException, InterruptedException {
    try {
      return all.start();
    } catch (RuntimeException failed) {
      all.close();
      throw failed;
    }
  }

  /// Starts the services one after the other, and the demo's history between them: the pages come
  /// up last and release what is there.
  Demo.Access start() throws IOException, InterruptedException {
    keepTheLog();
    start(RetentionWorker.class, "retention-worker", Login.RETENTION, Map.of());
    start(
        IngestApi.class,
        "ingest-api",
        Login.INGEST,
        Map.of("server.port", ports.api(), "identity.pepper", pepper));
    System.out.println("Sending ten weeks of a demo organization through client and API ...");
    var access =
        new Demo(
                database.as(DatabaseRole.IDENTITY_API),
                Pepper.of(pepper),
                Clock.systemUTC(),
                folder)
            .create(apiUrl());
    System.out.println("Releasing its weeks ...");
    var release = database.propertiesFor(Login.RELEASER);
    start(
        AnalyticsService.class,
        "analytics-service",
        Login.ANALYTICS,
        Map.of(
            "server.port",
            ports.pages(),
            "identity.pepper",
            pepper,
            "audit.log-name",
            LOG_NAME,
            "audit.receipt-key",
            receiptKey,
            // Codes and invitations are printed here: this machine has no mail server for them.
            "mail.console",
            true,
            "release.key",
            releaseKey,
            "release.datasource.url",
            release.get("spring.datasource.url"),
            "release.datasource.username",
            release.get("spring.datasource.username"),
            "release.datasource.password",
            release.get("spring.datasource.password")));
    return access;
  }

  /// In production these are two processes, and the key is on the signer's machine only.
  private void keepTheLog() throws IOException {
    var clock = Clock.systemUTC();
    var memory = Files.createFile(folder.resolve("audit-signer.memory"));
    log.push(
        Keeping.order(
            TenantDatabase.open(pool(Login.AUDIT_SEQUENCER), DatabaseRole.AUDIT_SEQUENCER), clock));
    log.push(
        Keeping.signatures(
            TenantDatabase.open(pool(Login.AUDIT_SIGNER), DatabaseRole.AUDIT_SIGNER),
            signerKey,
            memory,
            LOGS,
            clock));
  }

  private HikariDataSource pool(Login login) {
    var pool = database.pool(login);
    log.push(pool);
    return pool;
  }

  private static Options optionsOf(String[] args) {
    try {
      return Options.parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      throw wrong;
    }
  }

  EmbeddedDatabase database() {
    return database;
  }

  /// What a customer would pin, one a line: the log's key, that of the tree over the trees, and
  /// that of receipts.
  String auditKeys(UUID organization) {
    return String.join(
        "\n",
        LOGS.publicKey(signerKey, organization),
        LOGS.publicKey(signerKey, Logs.INSTALLATION),
        Receipts.signedWith(receiptKey, LOGS).publicKey());
  }

  String apiUrl() {
    return url("ingest-api");
  }

  String pagesUrl() {
    return url("analytics-service");
  }

  @Override
  public void close() {
    while (!services.isEmpty()) {
      services.pop().close();
    }
    while (!log.isEmpty()) {
      close(log.pop());
    }
    database.close();
    deleteTheDemosLogs();
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception failed) {
      throw new IllegalStateException("The audit log could not be left as it should be", failed);
    }
  }

  private void deleteTheDemosLogs() {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void start(
      Class<?> service, String name, Login login, Map<String, ? extends Object> more) {
    var properties = new HashMap<String, Object>(database.propertiesFor(login));
    properties.put("spring.config.name", name);
    properties.put("spring.application.name", name);
    properties.put("server.address", "127.0.0.1");
    // One process, one log: lines are not the first service's.
    properties.put("logging.include-application-name", false);
    // Thymeleaf is on everyone's class path here, and has templates in one service.
    properties.put("spring.thymeleaf.check-template-location", false);
    properties.putAll(more);
    var arguments =
        properties.entrySet().stream()
            .map(property -> "--" + property.getKey() + "=" + property.getValue())
            .toArray(String[]::new);
    services.push(
        new SpringApplicationBuilder(service)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .registerShutdownHook(false)
            .run(arguments));
  }

  private String url(String name) {
    for (var service : services) {
      if (service instanceof WebServerApplicationContext web
          && name.equals(service.getEnvironment().getProperty("spring.application.name"))
          && web.getWebServer() != null) {
        return "http://127.0.0.1:" + web.getWebServer().getPort();
      }
    }
    throw new IllegalStateException(name + " is not running");
  }

  private static String secret() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
