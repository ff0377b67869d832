// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Pepper;
import io.sourceblind.ingest.allowlist.Allowlist;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// What the service is put together from.
@Configuration(proxyBeanMethods = false)
class Parts {

  /// Before any other part is made, so that a missing setting is what the start ends with.
  @Bean
  static BeanFactoryPostProcessor settingsAreThere(Environment environment) {
    return _ -> {
      NeededSettings.demand(environment);
      // Says what is wrong with it, if something is.
      pepperIn(environment);
    };
  }

  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Allowlist allowlist(Clock clock) {
    return Allowlist.load(clock);
  }

  @Bean
  AllowlistHealth allowlistHealthIndicator(Allowlist allowlist) {
    return new AllowlistHealth(allowlist);
  }

  @Bean
  TenantDatabase database(DataSource dataSource) {
    return TenantDatabase.open(dataSource, DatabaseRole.INGEST_WRITER);
  }

  @Bean
  AuditLog auditLog(Clock clock) {
    return new AuditLog(clock);
  }

  @Bean
  Credentials credentials(
      TenantDatabase database, AuditLog audit, Clock clock, Environment environment) {
    return new Credentials(database, pepperIn(environment), audit, clock);
  }

  @Bean
  RateLimits rateLimits(IngestSettings settings) {
    return new RateLimits(settings);
  }

  @Bean
  GroupCommit groupCommit(TenantDatabase database, IngestSettings settings) {
    return new GroupCommit(
        new EventStore(database), Patience.again(), Patience.breaker(), settings.writers());
  }

  @Bean
  Intake intake(Allowlist allowlist, GroupCommit store, MeterRegistry meters) {
    return new Intake(allowlist, store, new Counters(meters));
  }

  private static Pepper pepperIn(Environment environment) {
    return Pepper.of(
        NeededSettings.valueOf("identity.pepper", environment),
        environment.getProperty("identity.previous-pepper", ""));
  }
}
