// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.capture.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class RowParserTest {

  @Test
  void ofWhatIsWantedWholeItMakesTheTreeThatJacksonMakes() {
    List<byte[]> lines = new ArrayList<>(lines(Samples.of("claude-code")));
    Samples.fixtures().ifPresent(folder -> lines.addAll(lines(folder)));
    lines.add(
        bytes("{\"a\":[1,-2,3000000000,12345678901234567890123,0.5,1e300,true,null,\"\",{}]}"));

    List<byte[]> otherwise =
        lines.stream().filter(line -> !alike(line, JsonLines.parsed(line, Wanted.ALL))).toList();

    assertThat(lines).hasSizeGreaterThan(20);
    assertThat(otherwise).isEmpty();
  }

  @Test
  void whatIsNoObjectOrHasSomethingBehindItIsNoRecord() {
    List<String> broken =
        List.of("[]", "1", "", "{", "{\"a\":1} x", "{} {}", "{\"a\":\"\\x\"}", "{\"a\":}");

    assertThat(broken)
        .allSatisfy(text -> assertThat(JsonLines.parsed(bytes(text), Wanted.ALL)).isNull());
  }

  @Test
  void whatIsNotWantedMustBeWellFormedAllTheSame() {
    Wanted nothing = Wanted.allBut(Map.of("a", Wanted.NONE));

    assertThat(JsonLines.parsed(bytes("{\"a\":{\"b\":[}}"), nothing)).isNull();
    assertThat(JsonLines.parsed(bytes("{\"a\":\"\\x\"}"), nothing)).isNull();
    assertThat(JsonLines.parsed(bytes("{\"text\":\"\\x\"}"), Wanted.ALL)).isNull();
    assertThat(JsonLines.parsed(bytes("{\"text\":\"\u0001\"}"), Wanted.ALL)).isNull();
  }

  @Test
  void onlyTheNameStaysOfWhatIsNotWanted() {
    Wanted little = Wanted.only(Set.of("kept"), Map.of("part", Wanted.only(Set.of("n"), Map.of())));
    String row =
        "{\"kept\":[\"x\"],\"part\":{\"n\":1,\"secret\":\"s\"},\"gone\":{\"b\":\"secret\"}}";

    JsonNode left = JsonLines.parsed(bytes(row), little);

    assertThat(String.valueOf(left))
        .isEqualTo("{\"kept\":[\"x\"],\"part\":{\"n\":1,\"secret\":null},\"gone\":null}");
  }

  @Test
  void aTextIsCountedAsItWouldBeAsAText() {
    List<String> texts =
        List.of(
            "",
            "plain",
            "a\\\"b\\\\c\\n\\t\\/",
            "\\u0041\\u00e9\\u20ac",
            "\u00e9\u20ac\ud83d\ude00",
            "\\ud83d\\ude00",
            "\\ud83d",
            "\\ud83dx\\ude00");

    for (String text : texts) {
      byte[] row = bytes("{\"x\":1,\"text\":\"" + text + "\"}");

      Integer counted = Json.size(JsonLines.parsed(row, Wanted.ALL), "text");

      assertThat(counted).as(text).isEqualTo(Json.size(JsonLines.parsed(row), "text"));
    }
  }

  /// Overlong forms and halves of pairs, as no tool should write them.
  @Test
  void aTextOfOddBytesIsCountedAsItWouldBeAsAText() {
    int[][] odd = {
      {0xC0, 0x80},
      {0xC1, 0xBF},
      {0xE0, 0x80, 0x80},
      {0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80},
      {0xF0, 0x80, 0x80, 0x80},
      {0xF4, 0x90, 0x80, 0x80},
      {0xC3},
      {0x80},
      {0xFF}
    };

    for (int[] text : odd) {
      byte[] head = bytes("{\"text\":\"a");
      byte[] row = java.util.Arrays.copyOf(head, head.length + text.length + 2);
      for (int i = 0; i < text.length; i++) {
        row[head.length + i] = (byte) text[i];
      }
      row[row.length - 2] = '"';
      row[row.length - 1] = '}';

      Integer counted = Json.size(JsonLines.parsed(row, Wanted.ALL), "text");

      assertThat(counted).isEqualTo(Json.size(JsonLines.parsed(row), "text"));
    }
  }

  private static boolean alike(byte[] line, @Nullable JsonNode row) {
    JsonNode known = JsonLines.parsed(line);
    return (known == null || !known.isObject())
        ? row == null
        : row != null && known.toString().equals(row.toString());
  }

  private static List<byte[]> lines(Path folder) {
    List<byte[]> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".jsonl")).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          CappedLines found = new CappedLines(in, JsonLines.LONGEST_LINE);
          for (CappedLines.Found line = found.next(); line != null; line = found.next()) {
            byte[] bytes = line.bytes();
            if (bytes != null && bytes.length > 0) {
              lines.add(bytes);
            }
          }
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return lines;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
