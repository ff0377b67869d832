// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.ingest.allowlist.Reason;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class BatchReaderTest {
  private static final BatchReader READER =
      new BatchReader(
          new IngestSettings(3, DataSize.ofMegabytes(1), Duration.ofSeconds(1), 1, 1, 1, 1));

  @Test
  void eachLineIsAnEvent() {
    var items = READER.lines("{\"a\":1}\n\n \t\r\n{\"a\":2}\r\n{\"a\":3}".getBytes(UTF_8));

    assertThat(items).hasSize(3).allMatch(item -> item instanceof BatchReader.Item.Event);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "{'a':1}x NOT_JSON",
        "{'a':1}{'a':2} SAID_TWICE",
        "{'a':01} NOT_JSON",
        "{'a':NaN} NOT_JSON",
        "{a:1} NOT_JSON",
        "{'a':1,} NOT_JSON",
        "{'a':1,'a':1} SAID_TWICE",
        "{'b':{'a':1,'a':1}} SAID_TWICE",
        "{'a':11111111111111111111111111111111111111111} TOO_DEEP_OR_TOO_LONG",
        "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]] TOO_DEEP_OR_TOO_LONG"
      })
  void aBrokenLineIsOne(String line, Reason reason) {
    var items = READER.lines((line.replace('\'', '"') + "\n{}\n").getBytes(UTF_8));

    assertThat(items.getFirst()).isEqualTo(new BatchReader.Item.Broken(reason));
    assertThat(items.getLast()).isInstanceOf(BatchReader.Item.Event.class);
  }

  @Test
  void invalidUtf8IsNoJson() {
    var line = new byte[] {'"', (byte) 0xc3, '(', '"', '\n'};

    assertThat(READER.lines(line)).containsExactly(new BatchReader.Item.Broken(Reason.NOT_JSON));
  }

  @Test
  void invalidUtf8IsNoJsonEvenInANameThatLooksLikeOneFromBefore() {
    // Found by fuzzing: Jackson keeps names by fours of their bytes and fills up the last one with
    // 0xff.
    var known = "{\"model\":1}";
    var disguised = known.replace("model", "mode\u00ff\u00ff\u00ffl");

    assertThat(READER.lines((known + "\n" + disguised + "\n").getBytes(ISO_8859_1)))
        .element(1)
        .isEqualTo(new BatchReader.Item.Broken(Reason.NOT_JSON));
    assertThatThrownBy(
            () -> READER.array("[%s,%s]".formatted(known, disguised).getBytes(ISO_8859_1)))
        .isInstanceOf(Refusal.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
  void anotherEncodingThanUtf8IsNoJson(String charset) {
    var body = "[{}]".getBytes(Charset.forName(charset));

    assertThat(READER.lines(Arrays.copyOf(body, body.length + 1)))
        .containsExactly(new BatchReader.Item.Broken(Reason.NOT_JSON));
    assertThatThrownBy(() -> READER.array(body)).isInstanceOf(Refusal.class);
  }

  @Test
  void aByteOrderMarkIsNoJson() {
    assertThat(READER.lines("\ufeff{}\n".getBytes(UTF_8)))
        .containsExactly(new BatchReader.Item.Broken(Reason.NOT_JSON));
  }

  @Test
  void aBatchThatIsTooLongIsRefusedBeforeItIsRead() {
    assertThatThrownBy(() -> READER.lines("{}\n{}\n{}\n{}".getBytes(UTF_8)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("at most 3 events");
    assertThatThrownBy(() -> READER.array("[1,2,3,4,".getBytes(UTF_8)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("at most 3 events");
  }

  @Test
  void anyBytesAreEventsOrARefusal() {
    var random = new Random(11);
    var pieces = List.of("{", "}", "[", "]", "\"a\"", ":", ",", "1", "\n", "\\", "\"", "é", "null");
    for (var i = 0; i < 50_000; i++) {
      var text = new StringBuilder();
      for (var length = random.nextInt(12); length > 0; length--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      var body = text.toString().getBytes(UTF_8);
      if (body.length > 0 && random.nextInt(4) == 0) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }

      assertThat(readsOrRefuses(() -> READER.lines(body))).isTrue();
      assertThat(readsOrRefuses(() -> READER.array(body))).isTrue();
    }
  }

  private static boolean readsOrRefuses(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (Refusal refusal) {
      return refusal.problem().status() < 500;
    }
  }
}
