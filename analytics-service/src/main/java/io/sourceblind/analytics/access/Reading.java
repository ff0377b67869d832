// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Receipt;
import io.sourceblind.audit.Receipts;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Principal;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One request's way to data. It first commits an audit entry of who is about to read what, and
/// only then reads; without the entry there is no data.
public final class Reading {
  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

  /// Checkpoints are ten seconds apart.
  private static final Duration STALLED = Duration.ofMinutes(10);

  private final Principal principal;
  private final TenantDatabase database;
  private final AuditLog audit;
  private final Receipts receipts;
  private final Clock clock;
  private final Route route;
  private final HttpServletResponse response;

  Reading(
      Principal principal,
      TenantDatabase database,
      AuditLog audit,
      Receipts receipts,
      Clock clock,
      Route route,
      HttpServletResponse response) {
    this.principal = principal;
    this.database = database;
    this.audit = audit;
    this.receipts = receipts;
    this.clock = clock;
    this.route = route;
    this.response = response;
  }

  /// The organization of whoever asks.
  public UUID organization() {
    return principal.organization();
  }

  /// The team of whoever asks, if they are in one.
  public @Nullable UUID team() {
    return principal.team();
  }

  /// Reads, in the database role of whoever asks.
  ///
  /// @param target what is read, such as `team:<id>`
  public <T extends @Nullable Object> T read(String target, Function<JdbcClient, T> work) {
    var receipt = announce(target);
    return inRole(jdbc -> {
      AuditLog.readUnder(jdbc, receipt);
      return work.apply(jdbc);
    });
  }

  /// Reads what takes long to hand out, and says under which entry.
  public Receipt begin(String target, Function<JdbcClient, ?> work) {
    var receipt = announce(target);
    inRole(jdbc -> {
      AuditLog.readUnder(jdbc, receipt);
      return work.apply(jdbc);
    });
    return receipt;
  }

  /// Changes something that is the organization's, and writes it down in the same transaction.
  ///
  /// @param target what is changed
  public void change(String target, Consumer<JdbcClient> work) {
    var entry = entry(action(), target);
    handOut(
        inRole(jdbc -> {
          work.accept(jdbc);
          return audit.append(jdbc, entry);
        }));
  }

  private Receipt announce(String target) {
    // An answer that carries this header was written down; what it shows was read afterwards.
    var receipt = record(action(), target);
    handOut(receipt);
    if (!route.isEvidence()) {
      demandThatTheLogGoesOn();
    }
    return receipt;
  }

  /// An entry in a log that nobody orders or signs any more proves nothing, so nothing is read. The
  /// evidence itself stays open: whoever looks for the reason needs it.
  private void demandThatTheLogGoesOn() {
    inRole(AuditLog::unsignedSince)
        .filter(since -> since.isBefore(clock.instant().minus(STALLED)))
        .ifPresent(since -> {
          LOG.error(
              "The log of organization {} has not been signed since {}, so nothing was read;"
                  + " look at sequencer and signer",
              organization(),
              since);
          throw new AuditUnavailable();
        });
  }

  private void handOut(Receipt receipt) {
    response.setHeader("Audit-Receipt", receipts.line(organization(), receipt));
  }

  private String action() {
    return Objects.requireNonNull(route.action());
  }

  private AuditEntry entry(String action, String target) {
    return new AuditEntry(
        principal.organization(),
        principal.actor(),
        action,
        target,
        Outcome.DONE,
        Map.of("credential", principal.credential().toString()));
  }

  /// Writes down what else whoever asks has done.
  public Receipt record(String action, String target) {
    var entry = entry(action, target);
    try {
      return inRole(jdbc -> audit.append(jdbc, entry));
    } catch (RuntimeException failed) {
      // Whoever asked is told that it did not work, and not why.
      LOG.error("An audit entry could not be written, so nothing was read", failed);
      throw new AuditUnavailable(failed);
    }
  }

  private <T extends @Nullable Object> T inRole(Function<JdbcClient, T> work) {
    return TenantScope.callAs(principal.tenant(), () -> database.inTransaction(work));
  }
}
