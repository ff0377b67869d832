// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

/// Settings without which nothing works.
final class Settings {
  private Settings() {}

  static HikariDataSource open(
      String prefix,
      String pool,
      int connections,
      @Nullable String url,
      @Nullable String username,
      @Nullable String password) {
    var source = new HikariDataSource();
    source.setPoolName(pool);
    source.setMaximumPoolSize(connections);
    source.setJdbcUrl(demand(prefix + ".url", url));
    source.setUsername(demand(prefix + ".username", username));
    source.setPassword(demand(prefix + ".password", password));
    return source;
  }

  /// The value, or an end of the boot that names the setting and not the value.
  static String demand(String name, @Nullable String value) {
    if (value == null || value.isBlank() || value.contains("${")) {
      throw new IllegalStateException(name + " is not set; the service does not start without it");
    }
    return value;
  }
}
