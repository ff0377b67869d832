// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.scheduling.annotation.EnableScheduling;

/// Releases team aggregates and serves the pages.
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@ConfigurationPropertiesScan
@EnableScheduling
public class AnalyticsService {

  static void main(String[] args) {
    System.setProperty("spring.config.name", "analytics-service");
    SpringApplication.run(AnalyticsService.class, args);
  }
}
