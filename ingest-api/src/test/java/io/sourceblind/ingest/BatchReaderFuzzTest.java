// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sourceblind.ingest.BatchReader.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Any bytes as a batch: events or a refusal, and each line what it would be alone.
class BatchReaderFuzzTest {
  private static final int MOST = 24;
  private static final int DEEPEST = 16;
  private static final Pattern BLANK = Pattern.compile("[ \t\r]*");
  private static final BatchReader READER =
      new BatchReader(
          new IngestSettings(MOST, DataSize.ofKilobytes(64), Duration.ofSeconds(30), 1, 1, 1, 1));

  static Stream<byte[]> batches() throws IOException {
    var samples = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(Checkout.path("docs/wire"), "*.json")) {
      for (var file : files) {
        samples.add(Files.readString(file).replaceAll("\\s*\\n\\s*", ""));
      }
    }
    var together = samples.subList(0, 3);
    var odd =
        Stream.of(
            String.join("\n", together) + "\n",
            together.stream().collect(Collectors.joining(",", "[", "]")),
            "[]",
            "[1,{}]",
            "[{}]{}",
            "[".repeat(20) + "]".repeat(20) + "\n",
            "{}\n\n \t\r\n{}\r\n",
            "{}\n".repeat(MOST + 1),
            "{\"a\":1,\"a\":1}\n{}",
            "{\"a\":{\"b\":[]}}x\n",
            "1e5\n-0.1\n\"\\ud800\\u0000\"\ntrue\nnull\n",
            "\ufeff{}");
    var disguised = "{\"model\":1}\n{\"mode\u00ff\u00ff\u00ffl\":1}\n".getBytes(ISO_8859_1);
    return Stream.concat(
        Stream.concat(samples.stream(), odd).map(text -> text.getBytes(UTF_8)),
        Stream.of(disguised));
  }

  @MethodSource("batches")
  @FuzzTest
  void anyBytesAreEventsOrARefusal(byte[] body) {
    assertThat(objections(body, READER::lines, READER::array)).isEmpty();
  }

  @Test
  void aReaderThatTakesTooManyOrTooDeepEventsIsFound() throws IOException {
    var loose =
        new BatchReader(
            new IngestSettings(1_000, DataSize.ofKilobytes(64), Duration.ofSeconds(1), 1, 1, 1, 1));
    Function<byte[], List<Item>> anyDepth =
        body -> List.of(new Item.Event(JsonMapper.shared().readTree(body)));

    assertThat(findings(loose::lines, loose::array)).contains("more items than a batch may have");
    assertThat(
            objections("[".repeat(17).concat("]".repeat(17)).getBytes(UTF_8), anyDepth, anyDepth))
        .contains("an event is deeper than an event gets");
  }

  @Test
  void aReaderInWhichLinesMeetIsFound() throws IOException {
    Function<byte[], List<Item>> losesTheLast =
        body -> READER.lines(body).reversed().stream().skip(1).toList().reversed();

    assertThat(findings(losesTheLast, READER::array))
        .contains("a line says something else beside its neighbours than alone");
  }

  @Test
  void aReaderThatReadsArraysOtherwiseThanLinesIsFound() throws IOException {
    assertThat(findings(READER::lines, _ -> List.of()))
        .contains(
            "an array of the same events says something else",
            "something that is no array was read as one");
  }

  @Test
  void aReaderThatBlamesUsIsFound() throws IOException {
    Function<byte[], List<Item>> busy =
        _ -> {
          throw Refusal.busy();
        };

    assertThat(findings(busy, READER::array)).contains("a refusal that blames us");
  }

  private static List<String> findings(
      Function<byte[], List<Item>> lines, Function<byte[], List<Item>> array) throws IOException {
    return batches().flatMap(body -> objections(body, lines, array).stream()).toList();
  }

  private static List<String> objections(
      byte[] body, Function<byte[], List<Item>> lines, Function<byte[], List<Item>> array) {
    var objections = new ArrayList<String>();
    var asLines = read(body, lines, objections);
    if (asLines != null) {
      if (!asLines.equals(alone(body, lines, objections))) {
        objections.add("a line says something else beside its neighbours than alone");
      }
      var again = arrayOf(body, asLines);
      if (again != null && !asLines.equals(read(again, array, objections))) {
        objections.add("an array of the same events says something else");
      }
    }
    if (read(body, array, objections) != null && !beginsLikeAnArray(body)) {
      objections.add("something that is no array was read as one");
    }
    return objections;
  }

  private static @Nullable List<Item> read(
      byte[] body, Function<byte[], List<Item>> reader, List<String> objections) {
    try {
      var items = reader.apply(body);
      if (items.size() > MOST) {
        objections.add("more items than a batch may have");
      }
      for (var item : items) {
        if (item instanceof Item.Event(var tree) && depth(tree) > DEEPEST) {
          objections.add("an event is deeper than an event gets");
        }
      }
      return items;
    } catch (Refusal refusal) {
      if (refusal.problem().status() / 100 != 4) {
        objections.add("a refusal that blames us");
      }
      return null;
    }
  }

  private static List<Item> alone(
      byte[] body, Function<byte[], List<Item>> reader, List<String> objections) {
    var alone = new ArrayList<Item>();
    for (var line : linesOf(body)) {
      var items = read(line.concat("\n").getBytes(ISO_8859_1), reader, objections);
      alone.addAll(items == null ? List.of() : items);
    }
    return alone;
  }

  /// The same events as one array; null where one is no event, or has no room for a further level.
  private static byte @Nullable [] arrayOf(byte[] body, List<Item> lines) {
    var haveRoom =
        lines.stream()
            .allMatch(item -> item instanceof Item.Event(var tree) && depth(tree) < DEEPEST);
    return haveRoom
        ? String.join(",", linesOf(body)).transform("[%s]"::formatted).getBytes(ISO_8859_1)
        : null;
  }

  /// The lines that are not blank, each byte as one character.
  private static List<String> linesOf(byte[] body) {
    return Stream.of(new String(body, ISO_8859_1).split("\n", -1))
        .filter(line -> !BLANK.matcher(line).matches())
        .toList();
  }

  private static boolean beginsLikeAnArray(byte[] body) {
    return new String(body, ISO_8859_1).stripLeading().startsWith("[");
  }

  private static int depth(JsonNode tree) {
    return tree.isContainer()
        ? 1 + tree.valueStream().mapToInt(BatchReaderFuzzTest::depth).max().orElse(0)
        : 0;
  }
}
