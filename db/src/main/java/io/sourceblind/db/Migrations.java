// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Brings the schema up to date, as its owner, before any service starts. Services never do.
public final class Migrations {
  private static final String EXAMPLE = "DATABASE_URL=jdbc:postgresql://localhost/sourceblind";

  private Migrations() {}

  /// Reads `DATABASE_URL`, `DATABASE_OWNER`, `DATABASE_OWNER_PASSWORD` and one
  /// `<LOGIN>_DATABASE_PASSWORD` per login from the environment. Exit code 2 if one is missing.
  static void main() {
    var environment = System.getenv();
    try {
      var owner =
          new DriverManagerDataSource(
              needed(environment, "DATABASE_URL"),
              needed(environment, "DATABASE_OWNER"),
              needed(environment, "DATABASE_OWNER_PASSWORD"));
      var passwords = new EnumMap<Login, String>(Login.class);
      for (var login : Login.values()) {
        passwords.put(login, needed(environment, login.name() + "_DATABASE_PASSWORD"));
      }
      System.out.println(
          "%d migrations applied. The schema is up to date.".formatted(migrate(owner, passwords)));
    } catch (MissingSetting missing) {
      System.err.println(missing.getMessage());
      System.exit(2);
    }
  }

  /// Applies what is missing and makes the logins.
  ///
  /// @param passwords the password of each login, kept by the caller
  /// @return how many migrations were applied
  public static int migrate(DataSource owner, Map<Login, String> passwords) {
    var result =
        Flyway.configure()
            .dataSource(owner)
            .locations("classpath:db/migrations")
            .schemas("migration")
            .validateMigrationNaming(true)
            .cleanDisabled(true)
            .load()
            .migrate();
    Logins.create(owner, passwords);
    return result.migrationsExecuted;
  }

  private static String needed(Map<String, String> environment, String name) {
    var value = environment.get(name);
    if (value == null || value.isBlank() || value.contains("${")) {
      throw new MissingSetting(name);
    }
    return value;
  }

  private static final class MissingSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingSetting(String name) {
      super("%s is not set; for example %s".formatted(name, EXAMPLE));
    }
  }
}
