// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.GapReason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads files that hold a JSON record a line. Formats are the tools' own affair and change often,
/// so every record is looked at with suspicion and none can stop the read.
final class JsonLines {

  static final int LONGEST_LINE = 16 * 1024 * 1024;

  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxStringLength(LONGEST_LINE)
                          .build())
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .build();

  private JsonLines() {}

  /// What is done with one record.
  interface Rows {

    /// What is looked at in a record.
    default Wanted wanted() {
      return Wanted.ALL;
    }

    /// Takes one record.
    ///
    /// @param number of its line, from 1
    /// @param bytes how long it is
    void row(JsonNode row, int number, int bytes);

    /// Something that is no record, or one that was misread.
    void gap(GapReason reason);

    /// Between two records: what was told so far may be handed on.
    void between();
  }

  static void read(Path file, Rows rows) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      CappedLines lines = new CappedLines(in, LONGEST_LINE);
      CappedLines.Found line = lines.next();
      for (int number = 1; line != null; number++) {
        take(line, number, rows);
        line = lines.next();
      }
    }
  }

  /// Takes one line, whatever it holds.
  static void take(CappedLines.Found line, int number, Rows rows) {
    byte[] bytes = line.bytes();
    if (bytes == null) {
      rows.gap(GapReason.DROPPED_OVERFLOW);
    } else if (!isBlank(bytes)) {
      take(bytes, number, rows);
    }
    rows.between();
  }

  private static void take(byte[] bytes, int number, Rows rows) {
    JsonNode row = parsed(bytes, rows.wanted());
    if (row == null) {
      rows.gap(GapReason.PARSE_ERROR);
      return;
    }
    try {
      rows.row(row, number, bytes.length);
    } catch (RuntimeException surprise) {
      // A record we misread must not cost the rest of the session; its content is in no message.
      rows.gap(GapReason.PARSE_ERROR);
    }
  }

  /// Of the object that stands in a line, what is wanted.
  static @Nullable JsonNode parsed(byte[] bytes, Wanted wanted) {
    try {
      return RowParser.object(bytes, wanted);
    } catch (JacksonException unreadable) {
      return null;
    }
  }

  static @Nullable JsonNode parsed(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException unreadable) {
      return null;
    }
  }

  static @Nullable JsonNode parsed(@Nullable String text) {
    try {
      return text == null ? null : JSON.readTree(text);
    } catch (JacksonException unreadable) {
      return null;
    }
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
