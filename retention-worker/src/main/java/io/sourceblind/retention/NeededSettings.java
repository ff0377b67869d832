// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import java.util.Map;
import org.springframework.core.env.Environment;
import org.springframework.util.PlaceholderResolutionException;

/// Settings that have no default: without one of them the worker does not start.
final class NeededSettings {
  private static final String PASSWORD = "spring.datasource.password";
  private static final int SHORTEST_PASSWORD = 12;

  private static final Map<String, String> NEEDED =
      Map.of(
          "spring.datasource.url",
          "jdbc:postgresql://localhost/sourceblind (DATABASE_URL)",
          "spring.datasource.username",
          "retention_login",
          PASSWORD,
          "at least 12 characters (RETENTION_DATABASE_PASSWORD)");

  private NeededSettings() {}

  static void demand(Environment environment) {
    NEEDED.forEach((name, right) -> {
      var value = value(environment, name);
      if (value.isBlank() || value.contains("${")) {
        throw new IllegalStateException("%s is not set; it is %s".formatted(name, right));
      }
      if (name.equals(PASSWORD) && value.length() < SHORTEST_PASSWORD) {
        throw new IllegalStateException("%s is too short; it is %s".formatted(name, right));
      }
    });
  }

  private static String value(Environment environment, String name) {
    try {
      return environment.getProperty(name, "");
    } catch (PlaceholderResolutionException _) {
      return "";
    }
  }
}
