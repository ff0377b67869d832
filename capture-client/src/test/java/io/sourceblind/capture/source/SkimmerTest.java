// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.capture.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

final class SkimmerTest {

  /// What is wanted of a record, in each of the ways there are.
  private static final List<Wanted> WANTED =
      List.of(
          Wanted.ALL,
          Wanted.allBut(Map.of("message", Wanted.NONE, "toolUseResult", Wanted.NONE)),
          Wanted.only(Set.of("type"), Map.of("message", Wanted.only(Set.of("role"), Map.of()))));

  private static final List<String> ODD =
      List.of(
          "\\",
          "\\u",
          "\\ud800",
          "\\udc00",
          "\\ud83d\\ude00",
          "\\u000a",
          "\\n",
          "\\\"",
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\u0000",
          "\u001f",
          "\t",
          "\u00e9",
          "\u20ac",
          "\ud83d\ude00",
          "\\q",
          "\\u12",
          "\\u12g4",
          "null",
          "tru",
          "1e999",
          "-",
          "01",
          "1.",
          "12345678901234567890",
          "NaN",
          " ",
          "/*x*/",
          "\ufeff",
          "\\/",
          "\"type\":\"twice\",",
          "[[[[",
          "1",
          "-0",
          "0.5");

  /// As no tool should write them: overlong forms, halves of pairs, bytes that begin nothing.
  private static final int[][] ODD_BYTES = {
    {0xC0, 0x80},
    {0xC3},
    {0x80},
    {0xE0, 0x80, 0x80},
    {0xED, 0xA0, 0x80},
    {0xED, 0x9F, 0xBF},
    {0xF0, 0x80, 0x80, 0x80},
    {0xF4, 0x8F, 0xBF, 0xBF},
    {0xF4, 0x90, 0x80, 0x80},
    {0xFF}
  };

  @Test
  void aRecordAsToolsWriteItIsReadAsTheParserReadsIt() {
    List<byte[]> lines = lines();

    List<byte[]> otherwise = new ArrayList<>();
    int gaveUp = 0;
    for (byte[] line : lines) {
      for (Wanted wanted : WANTED) {
        JsonNode skimmed = Skimmer.object(line, wanted);
        gaveUp += skimmed == null ? 1 : 0;
        if (skimmed != null && !said(skimmed).equals(said(parsed(line, wanted)))) {
          otherwise.add(line);
        }
      }
    }

    assertThat(otherwise).isEmpty();
    assertThat(gaveUp).isLessThan(WANTED.size() * lines.size() / 20);
  }

  /// What it takes, the parser takes, and both read the same in it.
  @Test
  void aRecordThatWasSpoiledIsReadAsTheParserReadsItOrNotAtAll() {
    List<byte[]> lines = lines().stream().filter(line -> line.length < 20_000).toList();
    Random random = new Random(7);

    int taken = 0;
    int refused = 0;
    int differentFromBefore = 0;
    List<String> otherwise = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      byte[] line = lines.get(random.nextInt(lines.size()));
      byte[] spoiled = spoiled(line, random);
      Wanted wanted = WANTED.get(i % WANTED.size());
      JsonNode skimmed = Skimmer.object(spoiled, wanted);
      JsonNode parsed = parsed(spoiled, wanted);
      taken += skimmed == null ? 0 : 1;
      refused += parsed == null ? 1 : 0;
      differentFromBefore += said(parsed).equals(said(parsed(line, wanted))) ? 0 : 1;
      if (skimmed != null && !said(skimmed).equals(said(parsed))) {
        otherwise.add(new String(spoiled, StandardCharsets.UTF_8));
      }
    }

    assertThat(otherwise).isEmpty();
    // The twin: the records were spoiled indeed, some so that they can still be read.
    assertThat(taken).isGreaterThan(10_000);
    assertThat(refused).isGreaterThan(10_000);
    assertThat(differentFromBefore).isGreaterThan(20_000);
  }

  @Test
  void aTextIsCountedInItsPlaceAsItWouldBeAsAString() {
    Random random = new Random(11);
    List<String> parts =
        List.of(
            "a",
            "plain words, eight and more",
            "\\n",
            "\\u000a",
            "\\u000A",
            "\\t",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b\\f\\r",
            "\\u0001",
            "\\u00e9",
            "\\u20AC",
            "\\ud83d\\ude00",
            "\u00e9",
            "\u20ac",
            "\ud83d\ude00",
            "\u007f",
            " ");

    for (int i = 0; i < 20_000; i++) {
      StringBuilder written = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        written.append(parts.get(random.nextInt(parts.size())));
      }
      byte[] record = bytes("{\"text\":\"" + written + "\"}");
      JsonNode row = Skimmer.object(record, Wanted.ALL);
      assertThat(row).as(written.toString()).isNotNull();
      RawText text = (RawText) Objects.requireNonNull(row).get("text");
      String said = JsonLines.JSON.readTree(record).get("text").asString();

      assertThat(text.asString()).isEqualTo(said);
      assertThat(text.measure())
          .as(written.toString())
          .isEqualTo(
              new RawText.Measure(
                  Bounds.bytes(said),
                  said.length(),
                  Lines.count(said),
                  bytes(JsonLines.JSON.writeValueAsString(said)).length - Bounds.bytes(said) - 2));
      assertThat(text.startsWith(' ')).isEqualTo(said.startsWith(" "));
      assertThat(text.startsWith('"')).isEqualTo(said.startsWith("\""));
    }
  }

  @Test
  void whatIsNotPlainIsLeftToTheParser() {
    List<String> odd =
        List.of(
            "",
            " ",
            "[]",
            "\"text\"",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{\"a\":1}x",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":1e5}",
            "{\"a\":1234567890123456789}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\ud800\\u0041\"}",
            "{\"a\":\"\\udc00\"}",
            "{\"a\":\"\t\"}",
            "{\"a\":truex}",
            "{\"\\u0061\":1}",
            "{\"\u00e9\":1}",
            "{\"a\":" + "[".repeat(120) + "]".repeat(120) + "}",
            "\ufeff{\"a\":1}");

    assertThat(odd)
        .allSatisfy(text -> assertThat(Skimmer.object(bytes(text), Wanted.ALL)).isNull());
    assertThat(Skimmer.object(bytes("{\"a\":1}"), Wanted.ALL)).isNotNull();
  }

  private static @Nullable JsonNode parsed(byte[] line, Wanted wanted) {
    try {
      return RowParser.parsed(line, wanted);
    } catch (JacksonException broken) {
      return null;
    }
  }

  private static String said(@Nullable JsonNode row) {
    return String.valueOf(row);
  }

  private static byte[] spoiled(byte[] line, Random random) {
    int at = random.nextInt(line.length);
    return switch (random.nextInt(5)) {
      case 0 -> bytes(line, 0, at);
      case 1 -> joined(bytes(line, 0, at), bytes(line, Math.min(at + 1, line.length), line.length));
      case 2 -> joined(bytes(line, 0, at), bytes(line, random.nextInt(line.length), line.length));
      case 3 -> {
        int[] bytes = ODD_BYTES[random.nextInt(ODD_BYTES.length)];
        byte[] odd = new byte[bytes.length];
        for (int i = 0; i < odd.length; i++) {
          odd[i] = (byte) bytes[i];
        }
        yield joined(bytes(line, 0, at), odd, bytes(line, at, line.length));
      }
      default ->
          joined(
              bytes(line, 0, at),
              bytes(ODD.get(random.nextInt(ODD.size()))),
              bytes(line, at, line.length));
    };
  }

  private static byte[] bytes(byte[] line, int from, int to) {
    return java.util.Arrays.copyOfRange(line, from, to);
  }

  private static byte[] joined(byte[]... parts) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Our own samples of every tool, and real sessions where the machine has some.
  private static List<byte[]> lines() {
    List<Path> folders = new ArrayList<>(List.of(Samples.of("claude-code"), Samples.of("sources")));
    Samples.fixtures().ifPresent(folders::add);
    List<byte[]> lines = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(one -> one.toString().endsWith(".jsonl")).toList()) {
          for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            if (!line.isBlank()) {
              lines.add(line.getBytes(StandardCharsets.ISO_8859_1));
            }
          }
        }
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return lines;
  }
}
