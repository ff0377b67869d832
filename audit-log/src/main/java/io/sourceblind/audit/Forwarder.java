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

  /// @param database as `reviewer_api`
  /// @param memory a file that says up to where everything was sent; made if it is not there
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

  /// Sends what has been signed by now.
  ///
  /// @return how many entries were sent
  long runOnce() {
    var sent = 0L;
    List<SiemExport.Row> page;
    do {
      page = signed() - next() > own.size() ? page() : List.of();
      if (!page.isEmpty()) {
        receiver.send(page.stream().map(SiemExport.Row::line).toList());
        remember(page.getLast().index() + 1);
        page.forEach(row -> own.remove(row.uid()));
        sent += page.size();
      }
    } while (page.size() == PAGE);
    return sent;
  }

  @Override
  public void close() {
    receiver.close();
  }

  private long signed() {
    return TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(
                jdbc -> SiemExport.of(jdbc, organization).map(SiemExport::size).orElse(0L)));
  }

  private List<SiemExport.Row> page() {
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
                .ifPresent(export -> export.page(SiemForm.SYSLOG, next(), PAGE, rows::add));
            return rows;
          });
        });
  }

  private long next() {
    try {
      return Files.exists(memory) ? Long.parseLong(Files.readString(memory).strip()) : 0;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("It cannot be read what was sent", unreadable);
    }
  }

  private void remember(long next) {
    try {
      var beside = memory.resolveSibling(memory.getFileName() + ".new");
      Files.writeString(beside, next + "\n");
      Files.move(beside, memory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException("It cannot be written what was sent", failed);
    }
  }
}
