// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.analytics.access.Readings;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Receipts;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Pepper;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What the pages are made of. Their data source can take four roles, and none of them reads what
/// is not its viewer's.
@Configuration(proxyBeanMethods = false)
class Wiring {
  private static final int CONNECTIONS = 8;

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  AuditLog audit(Clock clock) {
    return new AuditLog(clock);
  }

  @Bean
  DataSource pages(PagesLogin login) {
    return login.open(CONNECTIONS);
  }

  @Bean
  Credentials credentials(
      DataSource pages, IdentitySettings settings, AuditLog audit, Clock clock) {
    return new Credentials(
        TenantDatabase.open(pages, DatabaseRole.IDENTITY_API),
        Pepper.of(settings.pepper()),
        audit,
        clock);
  }

  @Bean
  Receipts receipts(AuditSettings settings) {
    return settings.receipts();
  }

  @Bean
  Readings readings(DataSource pages, AuditLog audit, Receipts receipts, Clock clock) {
    var manager = TenantDatabase.open(pages, DatabaseRole.MANAGER_API);
    return new Readings(
        Map.of(
            Role.ENGINEER,
            TenantDatabase.open(pages, DatabaseRole.ENGINEER_API),
            Role.MANAGER,
            manager,
            Role.REVIEWER,
            TenantDatabase.open(pages, DatabaseRole.REVIEWER_API),
            // Billing counts accounts, which a manager may as well; it needs no role of its own.
            Role.BILLING,
            manager),
        audit,
        receipts,
        clock);
  }
}
