// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

class RowArrayIT {
  private static final int TEXT = 25;
  private static final int BIGINT = 20;

  private static EmbeddedDatabase database;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    jdbc = JdbcClient.create(database.superuser());
    jdbc.sql("create schema trial").update();
    jdbc.sql("create type trial.line as (said text, number bigint)").update();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void rowsArriveAsTheyWereWritten() {
    var said = "\"),(\\ {} né, '; null";

    var read = read(List.of(row(TEXT, said, 7), row(TEXT, "", -1)));

    assertThat(read).containsExactly("7 " + said, "-1 ");
    assertThat(read(List.of())).isEmpty();
  }

  @Test
  void aRowOfAnotherShapeIsRefusedAndNothingRepeatsIt() {
    var canary = "Canary7f3 = source(of, truth);";

    Stream.of(row(BIGINT, canary, 7), row(TEXT, canary, 7).put(3, (byte) 3))
        .forEach(row ->
            assertThatThrownBy(() -> read(List.of(row)))
                .isInstanceOf(DataAccessException.class)
                .hasMessageNotContaining(canary));

    assertThat(EmbeddedDatabase.serverLog()).doesNotContain(canary);
  }

  private static List<@Nullable String> read(List<ByteBuffer> rows) {
    return jdbc.sql("select number || ' ' || said from unnest(cast(:rows as trial.line[]))")
        .param("rows", new RowArray("trial.line", rows))
        .query(String.class)
        .list();
  }

  private static ByteBuffer row(int typeOfTheText, String said, long number) {
    var text = said.getBytes(UTF_8);
    return ByteBuffer.allocate(28 + text.length)
        .putInt(2)
        .putInt(typeOfTheText)
        .putInt(text.length)
        .put(text)
        .putInt(BIGINT)
        .putInt(Long.BYTES)
        .putLong(number)
        .flip();
  }
}
