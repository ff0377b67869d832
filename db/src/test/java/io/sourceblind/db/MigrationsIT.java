// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MigrationsIT {

  @Test
  void migratingAgainAppliesNothingAndSetsThePasswords() {
    try (var database = EmbeddedDatabase.fresh()) {
      var passwords =
          Arrays.stream(Login.values()).collect(toMap(login -> login, database::password));

      var applied = Migrations.migrate(database.owner(), passwords);

      assertThat(applied).isZero();
      assertThatCode(() -> database.as(DatabaseRole.INGEST_WRITER)).doesNotThrowAnyException();
    }
  }

  /// What an operator starts: the jar alone, with nothing of the tests beside it.
  @Test
  void theJarMigratesByItself() throws Exception {
    try (var database = EmbeddedDatabase.fresh();
        var jars = Files.newDirectoryStream(Path.of("target"), "db-*-exec.jar")) {
      var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var migrate = new ProcessBuilder(java, "-jar", jars.iterator().next().toString());
      var environment = migrate.environment();
      environment.put("DATABASE_URL", database.url());
      environment.put("DATABASE_OWNER", database.ownerLogin().getKey());
      environment.put("DATABASE_OWNER_PASSWORD", database.ownerLogin().getValue());
      for (var login : Login.values()) {
        environment.put(login.name() + "_DATABASE_PASSWORD", database.password(login));
      }

      var process = migrate.redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(said).contains("0 migrations applied. The schema is up to date.");
      assertThat(process.waitFor()).isZero();
    }
  }
}
