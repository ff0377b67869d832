// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/// The processes of the log, and the command that prints the key which customers pin.
///
/// `sequence`, `sign` and `forward` run until they are stopped, under a login each and in
/// production on a machine each; `key ORGANIZATION`, `key master` and `key receipts` print a public
/// key.
public final class AuditCommand {
  private static final String USAGE =
      """
      Usage: audit-log sequence | sign | forward | key ORGANIZATION | key master | key receipts
             | epoch ORGANIZATION REASON | epoch master REASON
        sequence  DATABASE_URL, AUDIT_SEQUENCER_DATABASE_PASSWORD
        sign      DATABASE_URL, AUDIT_SIGNER_DATABASE_PASSWORD, AUDIT_LOG_NAME,
                  AUDIT_SIGNER_KEY (openssl rand -base64 32), AUDIT_SIGNER_MEMORY (a file)
        forward   DATABASE_URL, AUDIT_FORWARDER_DATABASE_PASSWORD, AUDIT_FORWARD_ORGANIZATION,
                  AUDIT_FORWARD_TO (host:port of a syslog receiver with TLS),
                  AUDIT_FORWARD_MEMORY (a file), AUDIT_FORWARD_CA (PEM; default: the machine's)
        epoch     like sign, which must not be running; see docs/audit.md first
        key       AUDIT_LOG_NAME, AUDIT_SIGNER_KEY; for receipts AUDIT_RECEIPT_KEY\
      """;

  private static final Pattern FORWARD_TO = Pattern.compile("([A-Za-z0-9.-]{1,250}):([0-9]{1,5})");

  private static final int LARGEST_PORT = 65_535;

  private final Map<String, String> environment;
  private final Clock clock;

  private static final class UsedWrongly extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsedWrongly(String message) {
      super(message);
    }
  }

  private AuditCommand(Map<String, String> environment, Clock clock) {
    this.environment = environment;
    this.clock = clock;
  }

  static void main(String[] arguments) {
    var code = run(System.getenv(), Clock.systemUTC(), System.out, System.err, arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /// Exit code 2 if a setting is missing or unfit; it is named and not repeated.
  static int run(
      Map<String, String> environment,
      Clock clock,
      PrintStream out,
      PrintStream err,
      String... arguments) {
    var command = new AuditCommand(environment, clock);
    try {
      switch (String.join(" ", arguments)) {
        case "sequence" -> stopAtExit(command.sequence());
        case "sign" -> stopAtExit(command.sign());
        case "forward" -> stopAtExit(command.forward());
        case String line when line.startsWith("key ") && arguments.length == 2 ->
            out.println(command.key(arguments[1]));
        case String line when line.startsWith("epoch ") && arguments.length == 3 ->
            out.println(command.epoch(arguments[1], arguments[2]));
        default -> throw new UsedWrongly(USAGE);
      }
      return 0;
    } catch (UsedWrongly | IllegalArgumentException | IllegalStateException wrong) {
      err.println(wrong.getMessage());
      return 2;
    }
  }

  /// Begins anew, and gives the key that customers need from now on.
  private String epoch(String log, String reason) {
    var key = needed("AUDIT_SIGNER_KEY");
    var logs = new Logs(needed("AUDIT_LOG_NAME"));
    var organization = idOf(log);
    try (var connections = connections(Login.AUDIT_SIGNER);
        var signer =
            Signer.open(
                TenantDatabase.open(connections, DatabaseRole.AUDIT_SIGNER),
                key,
                Path.of(needed("AUDIT_SIGNER_MEMORY")),
                logs,
                clock)) {
      return logs.publicKey(key, organization, signer.beginEpoch(organization, reason));
    }
  }

  private static UUID idOf(String log) {
    return log.equals("master") ? Logs.INSTALLATION : id(log, "The log");
  }

  private static UUID id(String text, String what) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException unfit) {
      // Its own message repeats what was given.
      throw new UsedWrongly(
          what + " is not the id of an organization: 36 digits and hyphens, as a page shows it");
    }
  }

  private Keeping sequence() {
    var connections = connections(Login.AUDIT_SEQUENCER);
    return Keeping.order(TenantDatabase.open(connections, DatabaseRole.AUDIT_SEQUENCER), clock);
  }

  private Keeping sign() {
    var key = needed("AUDIT_SIGNER_KEY");
    var logs = new Logs(needed("AUDIT_LOG_NAME"));
    var memory = Path.of(needed("AUDIT_SIGNER_MEMORY"));
    var connections = connections(Login.AUDIT_SIGNER);
    return Keeping.signatures(
        TenantDatabase.open(connections, DatabaseRole.AUDIT_SIGNER), key, memory, logs, clock);
  }

  private Keeping forward() {
    var to = FORWARD_TO.matcher(needed("AUDIT_FORWARD_TO"));
    if (!to.matches() || Integer.parseInt(to.group(2)) > LARGEST_PORT) {
      throw new UsedWrongly(
          "AUDIT_FORWARD_TO is not a host and a port, such as siem.example.com:6514");
    }
    var authorities = environment.get("AUDIT_FORWARD_CA");
    var receiver =
        SyslogReceiver.at(
            to.group(1),
            Integer.parseInt(to.group(2)),
            authorities == null ? null : Path.of(authorities));
    var organization = id(needed("AUDIT_FORWARD_ORGANIZATION"), "AUDIT_FORWARD_ORGANIZATION");
    var memory = Path.of(needed("AUDIT_FORWARD_MEMORY"));
    var connections = connections(Login.AUDIT_FORWARDER);
    return Keeping.copies(
        new Forwarder(
            TenantDatabase.open(connections, DatabaseRole.REVIEWER_API),
            organization,
            receiver,
            memory,
            clock));
  }

  private String key(String log) {
    if (log.equals("receipts")) {
      return Receipts.signedWith(needed("AUDIT_RECEIPT_KEY"), new Logs(needed("AUDIT_LOG_NAME")))
          .publicKey();
    }
    return new Logs(needed("AUDIT_LOG_NAME")).publicKey(needed("AUDIT_SIGNER_KEY"), idOf(log));
  }

  private static void stopAtExit(Keeping work) {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(work::close));
  }

  private HikariDataSource connections(Login login) {
    var connections = new HikariDataSource();
    connections.setJdbcUrl(needed("DATABASE_URL"));
    connections.setUsername(login.sqlName());
    connections.setPassword(needed(login.name() + "_DATABASE_PASSWORD"));
    connections.setMaximumPoolSize(2);
    return connections;
  }

  private String needed(String name) {
    var value = environment.get(name);
    if (value == null || value.isBlank() || value.contains("${")) {
      throw new UsedWrongly(name + " is not set; without it nothing starts");
    }
    return value;
  }
}
