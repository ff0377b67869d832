// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The database login that pages run under.
@ConfigurationProperties("spring.datasource")
record PagesLogin(@Nullable String url, @Nullable String username, @Nullable String password) {

  HikariDataSource open(int connections) {
    return Settings.open("spring.datasource", "pages", connections, url, username, password);
  }

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "PagesLogin[]";
  }
}
