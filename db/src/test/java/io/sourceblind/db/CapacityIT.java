// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The capacity certificate is computed from the catalogue, so it follows whatever the schema says.
class CapacityIT {
  private static EmbeddedDatabase database;
  private static JdbcClient superuser;

  private record Column(String columnName, double bits) {}

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    superuser = JdbcClient.create(database.superuser());
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void everyColumnHasABound() {
    var capacity = capacity();

    assertThat(capacity.values()).isNotEmpty().allMatch(bits -> bits < 100_000);
  }

  @Test
  void knownColumnsCarryWhatOneCanWorkOutByHand() {
    var capacity = capacity();

    assertThat(capacity.get("is_subagent")).isEqualTo(1);
    assertThat(capacity.get("session_ref")).isEqualTo(128);
    assertThat(capacity.get("source")).isCloseTo(log2(5), within(0.1));
    assertThat(capacity.get("http_status")).isCloseTo(log2(500), within(0.1));
    assertThat(capacity.get("org_id")).isZero();
    assertThat(capacity.get("extension")).isCloseTo(16 * log2(36), within(0.1));
    assertThat(capacity.get("exit_code")).isEqualTo(32);
    assertThat(capacity.get("flags")).isCloseTo(16 * 34 * log2(63), within(0.1));
  }

  @Test
  void aKindWithoutProseCarriesLittle() {
    var bits =
        superuser
            .sql("select bits::float8 from capture.capacity_of_kind where kind = 'turn_failed'")
            .query(Double.class)
            .single();
    var kinds =
        superuser.sql("select count(*) from capture.capacity_of_kind").query(Long.class).single();

    assertThat(bits).isLessThan(2_500);
    assertThat(kinds).isEqualTo(15);
  }

  @Test
  void aWiderDomainShowsAtOnce() {
    try (var other = EmbeddedDatabase.fresh()) {
      var jdbc = JdbcClient.create(other.withoutDdlGuard().superuser());
      jdbc.sql(
              "alter domain capture.extension drop constraint extension_length;"
                  + " alter domain capture.extension add constraint extension_length check (octet_length(value) <= 32)")
          .update();

      var bits =
          jdbc.sql("select bits from capture.capacity where column_name = 'extension'")
              .query(Double.class)
              .single();

      assertThat(bits).isCloseTo(32 * log2(36), within(0.1));
    }
  }

  private static double log2(double values) {
    return Math.log(values) / Math.log(2);
  }

  private static Map<String, Double> capacity() {
    return superuser
        .sql("select column_name, bits::float8 as bits from capture.capacity")
        .query(Column.class)
        .list()
        .stream()
        .collect(Collectors.toMap(Column::columnName, Column::bits));
  }
}
