// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// The beginning of a file, by which a reader knows whether it is one of its own.
///
/// @param path the file
/// @param text its first bytes as text
/// @param rows the first lines of it that are JSON objects
/// @param keys the names at the top of it where it is one JSON object over several lines
record Head(Path path, String text, List<JsonNode> rows, Set<String> keys) {

  private static final int BYTES = 256 * 1024;
  private static final int MOST_ROWS = 20;

  Head {
    rows = List.copyOf(rows);
    keys = Set.copyOf(keys);
  }

  static Head of(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(BYTES);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return new Head(file, text, rows(text), keys(bytes));
  }

  String name() {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  boolean anyRow(Predicate<JsonNode> test) {
    return rows.stream().anyMatch(test);
  }

  private static List<JsonNode> rows(String text) {
    List<JsonNode> rows = new ArrayList<>();
    int start = 0;
    while (start < text.length() && rows.size() < MOST_ROWS) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      if (text.charAt(start) == '{') {
        JsonNode row = JsonLines.parsed(text.substring(start, end));
        if (row != null && row.isObject()) {
          rows.add(row);
        }
      }
      start = end + 1;
    }
    return rows;
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
    return keys;
  }
}
