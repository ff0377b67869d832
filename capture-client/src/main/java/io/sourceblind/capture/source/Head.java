// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// The beginning of a file, by which a reader knows whether it is one of its own. No more of it is
/// parsed than the readers ask for: most know their files by the first row.
final class Head {

  private static final int BYTES = 256 * 1024;
  private static final int MOST_ROWS = 20;

  private final Path path;
  private final byte[] bytes;
  private @Nullable String text;
  private final List<JsonNode> rows = new ArrayList<>();
  private @Nullable Set<String> keys;

  /// How far the rows are read.
  private int readTo;

  private Head(Path path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  static Head of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new Head(file, in.readNBytes(BYTES));
    }
  }

  Path path() {
    return path;
  }

  String name() {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /// Its first bytes as text.
  String text() {
    String known = text;
    if (known == null) {
      known = new String(bytes, StandardCharsets.UTF_8);
      text = known;
    }
    return known;
  }

  /// The first lines of it that are JSON objects.
  List<JsonNode> rows() {
    while (readRow()) {
      // Each is kept as it is read.
    }
    return List.copyOf(rows);
  }

  /// The names at the top of it where it is one JSON object over several lines.
  Set<String> keys() {
    Set<String> known = keys;
    if (known == null) {
      known = keys(bytes);
      keys = known;
    }
    return known;
  }

  boolean anyRow(Predicate<JsonNode> test) {
    int next = 0;
    while (next < rows.size() || readRow()) {
      if (test.test(rows.get(next))) {
        return true;
      }
      next++;
    }
    return false;
  }

  private boolean readRow() {
    while (readTo < bytes.length && rows.size() < MOST_ROWS) {
      int start = readTo;
      int end = CappedLines.endOfLine(bytes, start, bytes.length);
      readTo = end + 1;
      if (bytes[start] == '{') {
        JsonNode row = Skimmer.object(Arrays.copyOfRange(bytes, start, end), Wanted.ALL);
        if (row == null) {
          row = JsonLines.parsed(new String(bytes, start, end - start, StandardCharsets.UTF_8));
        }
        if (row != null && row.isObject()) {
          rows.add(row);
          return true;
        }
      }
    }
    return false;
  }

  private static Set<String> keys(byte[] bytes) {
    Set<String> keys = new TreeSet<>();
    try (JsonParser parser = JsonLines.JSON.createParser(bytes)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          keys.add(parser.currentName());
          parser.nextToken();
          parser.skipChildren();
        }
      }
    } catch (JacksonException cut) {
      // The names so far are what the head holds.
    }
    return Set.copyOf(keys);
  }
}
