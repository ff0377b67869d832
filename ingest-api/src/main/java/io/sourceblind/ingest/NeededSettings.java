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

  static void demand(Environment environment) {
    NEEDED.forEach((name, right) -> {
      var value = environment.getProperty(name, "");
      if (value.isBlank() || value.contains("${")) {
        throw new IllegalStateException("%s is not set; it is %s".formatted(name, right));
      }
      if (name.equals(PASSWORD) && value.length() < SHORTEST_PASSWORD) {
        throw new IllegalStateException("%s is too short; it has %s".formatted(name, right));
      }
    });
  }
}
