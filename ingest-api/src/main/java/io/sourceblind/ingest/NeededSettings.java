// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import java.util.Map;
import org.springframework.core.env.Environment;

/// Settings that have no default. An unset variable does not stop the framework: it takes the text
/// `${...}` for the value.
final class NeededSettings {
  private static final String PASSWORD = "spring.datasource.password";
  private static final int SHORTEST_PASSWORD = 12;

  private static final Map<String, String> NEEDED =
      Map.of(
          "spring.datasource.url",
          "jdbc:postgresql://localhost/sourceblind",
          "spring.datasource.username",
          "ingest_login",
          PASSWORD,
          "at least %d characters".formatted(SHORTEST_PASSWORD));

  private NeededSettings() {}

  /// The setting's value; what cannot be resolved is as good as missing.
  static String valueOf(String name, Environment environment) {
    try {
      return environment.getProperty(name, "");
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  static void demand(Environment environment) {
    NEEDED.forEach((name, right) -> {
      var value = valueOf(name, environment);
      if (value.isBlank() || value.contains("${")) {
        throw new IllegalStateException("%s is not set; it is %s".formatted(name, right));
      }
      if (name.equals(PASSWORD) && value.length() < SHORTEST_PASSWORD) {
        throw new IllegalStateException("%s is too short; it has %s".formatted(name, right));
      }
    });
  }
}
