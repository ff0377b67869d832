// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

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
}
