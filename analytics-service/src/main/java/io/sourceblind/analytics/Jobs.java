// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.analytics.narrator.Notes;
import io.sourceblind.analytics.narrator.Providers;
import io.sourceblind.analytics.release.ReleaseKey;
import io.sourceblind.analytics.release.Releaser;
import io.sourceblind.analytics.rollup.RollUp;
import io.sourceblind.analytics.trust.ClientHealth;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Domains;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The nightly work, under a login of its own. Its connections are nobody else's: they are no bean,
/// so no page can be given one.
@Component
class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  private static final int CONNECTIONS = 2;

  private final HikariDataSource connections;
  private final TenantDatabase database;
  private final RollUp rollUp;
  private final Releaser releaser;
  private final ClientHealth clients;
  private final Notes notes;
  private final Domains domains;

  Jobs(
      JobsLogin login,
      ReleaseSettings settings,
      Providers providers,
      Domains domains,
      AuditLog audit,
      Clock clock,
      JsonMapper json) {
    var key = ReleaseKey.of(settings.key());
    connections = login.open(CONNECTIONS);
    database = TenantDatabase.open(connections, DatabaseRole.RELEASER);
    rollUp = new RollUp(database);
    releaser = new Releaser(database, audit, key, clock, json);
    clients = new ClientHealth(database, audit, new SecureRandom(), clock);
    this.domains = domains;
    notes = new Notes(database, audit, providers, clock, json);
  }

  /// Whatever was missed while nobody ran is made up for now.
  @EventListener(ApplicationReadyEvent.class)
  void makeUp() {
    forEachOrganization(organization -> {
      rollUp.runFor(organization);
      releaser.runFor(organization);
      clients.runFor(organization);
    });
  }

  @Scheduled(cron = "0 0 6 * * *", zone = "UTC")
  void runOnce() {
    makeUp();
    // Last: a provider that takes its time keeps no number waiting.
    tell();
  }

  /// The notes that are missing: not before the start is over, which waits for nobody's model.
  @Scheduled(initialDelay = 1, timeUnit = TimeUnit.SECONDS)
  void tell() {
    forEachOrganization(notes::runFor);
  }

  /// Not with the rest: name servers take their time.
  @Scheduled(cron = "0 30 6 * * *", zone = "UTC")
  void lookForDomains() {
    forEachOrganization(domains::lookAgain);
  }

  /// A session of this morning is in its engineer's own week before noon. Only what has changed is
  /// made anew, so a quiet minute costs one query.
  @Scheduled(fixedDelay = 60, timeUnit = TimeUnit.SECONDS)
  void rollUp() {
    forEachOrganization(rollUp::runFor);
  }

  @Override
  public void close() {
    connections.close();
  }

  private void forEachOrganization(Consumer<UUID> work) {
    var organizations =
        database.withoutTenant(jdbc ->
            jdbc.sql("select id from identity.organization order by id").query(UUID.class).list());
    for (var organization : organizations) {
      try {
        work.accept(organization);
      } catch (RuntimeException failed) {
        // One organization's trouble must not keep the others waiting; tomorrow it is tried again.
        LOG.error("The nightly work of organization {} failed", organization, failed);
      }
    }
  }
}
