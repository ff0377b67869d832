// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.EnableScheduling;

/// Lets data go.
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionSettings.class)
@EnableScheduling
public class RetentionWorker {

  public static void main(String[] arguments) {
    new SpringApplicationBuilder(RetentionWorker.class)
        .properties("spring.config.name=retention-worker")
        .run(arguments);
  }

  /// Before anything is connected to.
  @Bean
  static BeanFactoryPostProcessor neededSettings(Environment environment) {
    return _ -> NeededSettings.demand(environment);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Nightly nightly(DataSource dataSource, RetentionSettings settings, Clock clock) {
    var database = TenantDatabase.open(dataSource, DatabaseRole.RETENTION);
    var audit = new AuditLog(clock);
    return new Nightly(
        new Sweep(
            database,
            new Days(database, audit, settings, clock),
            new Window(database, audit, settings)));
  }
}
