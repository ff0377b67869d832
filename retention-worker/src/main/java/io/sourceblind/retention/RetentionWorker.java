// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import java.time.Clock;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/// Lets data go.
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionSettings.class)
public class RetentionWorker {

  public static void main(String[] arguments) {
    var worker =
        new SpringApplicationBuilder(RetentionWorker.class)
            .properties("spring.config.name=retention-worker")
            .run(arguments);
    if (worker.getBean(RetentionSettings.class).once()) {
      worker.close();
    }
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

  @Bean(destroyMethod = "close")
  Jobs jobs(HikariDataSource connections, RetentionSettings settings, Clock clock) {
    var database = TenantDatabase.open(connections, DatabaseRole.RETENTION);
    var audit = new AuditLog(clock);
    var ledger = new Ledger(settings.ledger());
    var sweep =
        new Sweep(
            database,
            new Days(database, audit, settings, clock),
            new Window(database, audit, ledger, settings));
    return new Jobs(
        ofTheScheduler(connections),
        database,
        new Replay(database, audit, ledger),
        sweep,
        new Deletion(database, audit, ledger, settings),
        settings,
        clock);
  }

  /// The scheduler knows no roles, so its connections take theirs when they are opened.
  private static HikariDataSource ofTheScheduler(HikariDataSource connections) {
    var own = new HikariDataSource();
    own.setPoolName("scheduler");
    own.setJdbcUrl(connections.getJdbcUrl());
    own.setUsername(connections.getUsername());
    own.setPassword(connections.getPassword());
    own.setConnectionInitSql("set role " + DatabaseRole.RETENTION.sqlName());
    own.setMaximumPoolSize(2);
    return own;
  }
}
