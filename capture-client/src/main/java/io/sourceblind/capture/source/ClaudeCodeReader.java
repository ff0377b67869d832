// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the transcripts Claude Code keeps, one JSON record a line. The format is the tool's own
/// affair and changes often, so every record is looked at with suspicion and none can stop the
/// read.
final class ClaudeCodeReader implements SourceReader {

  static final int LONGEST_LINE = 16 * 1024 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxStringLength(LONGEST_LINE)
                          .build())
                  .build())
          .build();

  private final CaptureRules rules;
  private final Redactor redactor;
  private final Clock clock;

  ClaudeCodeReader(CaptureRules rules, Redactor redactor, Clock clock) {
    this.rules = rules;
    this.redactor = redactor;
    this.clock = clock;
  }

  @Override
  public boolean reads(Path file) {
    Path name = file.getFileName();
    // The prompts typed anywhere, which the transcripts hold as well.
    return name != null
        && name.toString().endsWith(".jsonl")
        && !name.toString().equals("history.jsonl");
  }

  @Override
  public void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    // Handed on between rows: what fails behind them must stop the read, not pass for a misread
    // row.
    List<CapturedEvent> told = new ArrayList<>();
    Transcript transcript = new Transcript(rules, redactor, clock, stem(file), told::add);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      CappedLines lines = new CappedLines(in, LONGEST_LINE);
      CappedLines.Found line = lines.next();
      while (line != null) {
        byte[] bytes = line.bytes();
        if (bytes == null) {
          transcript.gap(GapReason.DROPPED_OVERFLOW, null);
        } else if (!isBlank(bytes)) {
          take(bytes, transcript);
        }
        handOn(told, events);
        line = lines.next();
      }
    }
    transcript.end();
    handOn(told, events);
  }

  private static void handOn(List<CapturedEvent> told, Consumer<CapturedEvent> events) {
    told.forEach(events);
    told.clear();
  }

  private static void take(byte[] bytes, Transcript transcript) {
    JsonNode row = parsed(bytes);
    if (row == null || !row.isObject()) {
      transcript.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    try {
      transcript.row(row, bytes.length);
    } catch (RuntimeException surprise) {
      // A record we misread must not cost the rest of the session; its content is in no message.
      transcript.gap(GapReason.PARSE_ERROR, null);
    }
  }

  private static @Nullable JsonNode parsed(byte[] bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return JSON.readTree(text);
    } catch (CharacterCodingException | JacksonException unreadable) {
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

  private static String stem(Path file) {
    Path name = file.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.indexOf('.');
    return dot > 0 ? text.substring(0, dot) : text;
  }
}
