// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class JsonTest {

  private static @Nullable Instant read(String value) {
    return Json.instant(JsonNodeFactory.instance.objectNode().put("at", value), "at");
  }

  @Test
  void aValueHasAsManyBytesAsItWouldBeWrittenWith() {
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      ObjectNode value = JsonNodeFactory.instance.objectNode();
      for (int field = 0; field < i % 4; field++) {
        value.put(any(random), any(random));
      }
      value.put("number", random.nextDouble()).put("true", random.nextBoolean());
      value
          .putArray("list")
          .add(any(random))
          .add(random.nextInt())
          .add(random.nextLong())
          .addNull()
          .addObject();

      assertThat(Json.bytes(value))
          .as(value.toString())
          .isEqualTo(value.toString().getBytes(StandardCharsets.UTF_8).length);
    }
  }

  private static String any(Random random) {
    String signs = "ab/\\\"\n\t\b\f\r\u0001\u001f\u007f\u0080\u00e9\u2028\ud83d\ude00\ud83d";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(signs.charAt(random.nextInt(signs.length())));
    }
    return text.toString();
  }

  @Test
  void aMomentIsReadAsTheLibraryReadsIt() {
    Random random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      Instant moment = Instant.ofEpochMilli(946_684_801_000L + random.nextLong(3_155_000_000_000L));
      String value = moment.toString();

      assertThat(read(value)).as(value).isEqualTo(moment);
    }
    for (int i = 0; i < 5_000; i++) {
      Instant moment =
          Instant.ofEpochSecond(
              946_684_801L + random.nextLong(3_155_000_000L), random.nextInt(1_000_000_000));
      // Of each length: tools write none, three, six or nine digits, and some cut the zeros.
      String value = moment.toString().replaceAll("0*Z$", "Z").replace(".Z", "Z");

      assertThat(read(value))
          .as(value)
          .isEqualTo(Instant.parse(value).truncatedTo(ChronoUnit.MILLIS));
    }
    assertThat(read("2026-02-29T10:11:12.000Z")).isNull();
    assertThat(read("2028-02-29T10:11:12.345Z"))
        .isEqualTo(Instant.parse("2028-02-29T10:11:12.345Z"));
    assertThat(read("2026-11-22T10:11:12.345678Z"))
        .isEqualTo(Instant.parse("2026-11-22T10:11:12.345Z"));
    assertThat(read("2026-11-22T10:11:12Z")).isEqualTo(Instant.parse("2026-11-22T10:11:12Z"));
    assertThat(read("2026-11-22T10:11:12.345+02:00"))
        .isEqualTo(Instant.parse("2026-11-22T08:11:12.345Z"));
  }

  @Test
  void whatIsNoMomentIsNone() {
    for (String value :
        new String[] {
          "",
          "soon",
          "2026-13-01T10:11:12.000Z",
          "2026-11-22T25:11:12.000Z",
          "2026-11-22T10:61:12.000Z",
          "2026-11-31T10:11:12.000Z",
          "2026-11-22T10:11:12.12x4Z",
          "2026-11-22T10:11:12.0000000001Z",
          "1999-11-22T10:11:12.000Z",
          "2026-11-22 10:11:12.000Z"
        }) {
      assertThat(read(value)).as(value).isNull();
    }
  }
}
