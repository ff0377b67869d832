// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Sends the signed entries of one organization to its syslog receiver, in order, each at least
/// once: RFC 5424 messages of facility "log audit" that hold CEF. What is read for it is itself an
/// entry. Not for several threads.
final class Forwarder implements AutoCloseable {
  private static final int PAGE = 2_000;

  private final TenantDatabase database;
  private final AuditLog audit;
  private final UUID organization;
  private final SyslogReceiver receiver;
  private final Path memory;

  /// Entries about our own reading. Were they a reason to read, there would always be one.
  private final Set<UUID> own = new HashSet<>();

  /// The log of which they are.
  private String ownOf = "";

  /// What was signed, and how much of it was sent.
  private record Signed(String origin, long size) {}

  /// @param database as `reviewer_api`
  /// @param memory a file that says of which log and up to where everything was sent; made if it is
  ///   not there
  Forwarder(
      TenantDatabase database,
      UUID organization,
      SyslogReceiver receiver,
      Path memory,
      Clock clock) {
    this.database = database;
    this.audit = new AuditLog(clock);
    this.organization = organization;
    this.receiver = receiver;
    this.memory = memory;
  }

  /// Sends what has been signed by now. A log that began anew after a loss is another log, under
  /// another name: all of it is sent, because nobody knows from where on it differs.
  ///
  /// @return how many entries were sent
  long runOnce() {
    var signed = signed();
    if (signed.isEmpty()) {
      return 0;
    }
    var origin = signed.get().origin();
    if (!origin.equals(ownOf)) {
      own.clear();
      ownOf = origin;
    }
    var next = next(origin);
    var sent = 0L;
    while (signed.get().size() - next > own.size()) {
      var page = page(origin, next);
      if (page.isEmpty()) {
        return sent;
      }
      receiver.send(page.stream().map(SiemExport.Row::line).toList());
      next = page.getLast().index() + 1;
      remember(origin, next);
      page.forEach(row -> own.remove(row.uid()));
      sent += page.size();
    }
    return sent;
  }

  @Override
  public void close() {
    receiver.close();
  }

  private Optional<Signed> signed() {
    return TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc ->
                SiemExport.of(jdbc, organization)
                    .map(export -> new Signed(export.origin(), export.size()))));
  }

  private List<SiemExport.Row> page(String origin, long next) {
    var reading =
        new AuditEntry(
            organization, Actor.job("forwarder"), "audit.read", "syslog", Outcome.DONE, Map.of());
    return TenantScope.callAs(
        Tenant.of(organization),
        () -> {
          var receipt = database.inTransaction(jdbc -> audit.append(jdbc, reading));
          own.add(receipt.uid());
          return database.inTransaction(jdbc -> {
            AuditLog.readUnder(jdbc, receipt);
            var rows = new ArrayList<SiemExport.Row>();
            SiemExport.of(jdbc, organization)
                .filter(export -> export.origin().equals(origin))
                .ifPresent(export -> export.page(SiemForm.SYSLOG, next, PAGE, rows::add));
            return rows;
          });
        });
  }

  private long next(String origin) {
    try {
      var words =
          Files.exists(memory) ? Files.readString(memory).strip().split(" ") : new String[0];
      return words.length == 2 && words[0].equals(origin) ? Long.parseLong(words[1]) : 0;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("It cannot be read what was sent", unreadable);
    }
  }

  private void remember(String origin, long next) {
    try {
      var beside = memory.resolveSibling(memory.getFileName() + ".new");
      Files.writeString(beside, "%s %d\n".formatted(origin, next));
      Files.move(beside, memory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException("It cannot be written what was sent", failed);
    }
  }
}
