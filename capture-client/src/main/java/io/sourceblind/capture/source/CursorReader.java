// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads the transcripts of Cursor's agent. They have no times and no results: a record happened
/// when its file was made, in the order of its lines, and how a call ended is not known.
final class CursorReader implements LineReader {

  private final Reading reading;

  CursorReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.CURSOR;
  }

  @Override
  public boolean hasTimes(Path file) {
    return false;
  }

  @Override
  public boolean reads(Head head) {
    return head.name().endsWith(".jsonl")
        && head.anyRow(row ->
            row.has("role")
                && !row.has("type")
                && !row.has("created")
                && Json.array(Json.object(row, "message"), "content") != null);
  }

  @Override
  public Transcript open(Path file, Consumer<CapturedEvent> events) throws IOException {
    return new Rows(reading, file, events);
  }

  private static final class Rows extends Transcript {

    private static final int START = "<user_query>".length();

    private final Untimed untimed;

    Rows(Reading reading, Path file, Consumer<CapturedEvent> events) throws IOException {
      super(
          told -> new Session(Tool.CURSOR, Source.TRANSCRIPT, reading, Names.stem(file), told),
          events);
      this.untimed = Untimed.of(file);
      session.entrypoint(Entrypoint.IDE);
      if (Names.isBelow(file, "subagents")) {
        session.ofAgent();
      }
    }

    @Override
    public void row(JsonNode row, int number, int bytes) {
      session.record("line " + number, untimed.at(number));
      session.leaving(row.size(), bytes, 0);
      session.model(Json.text(row, "model"));
      JsonNode content = Json.array(Json.object(row, "message"), "content");
      if (Json.text(row, "type", "").equals("turn_ended")) {
        boolean good = Json.text(row, "status", "").equals("success");
        session.turns().outcome(good ? TurnOutcome.COMPLETED : TurnOutcome.STOPPED);
        session.turns().finish(null);
      } else if (content == null) {
        session.gap(GapReason.UNKNOWN_TYPE, Json.text(row, "type", "without content"));
      } else if (Json.text(row, "role", "").equals("user")) {
        said(content);
      } else {
        answered(content, number);
      }
    }

    private void said(JsonNode content) {
      StringBuilder typed = new StringBuilder();
      int images = 0;
      boolean results = false;
      for (JsonNode block : content) {
        switch (Json.text(block, "type", "")) {
          case "text" -> typed.append(Json.text(block, "text", "")).append('\n');
          case "image" -> images++;
          case "tool_result", "tool-result" -> results = true;
          default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
        }
      }
      if (!results) {
        session.turns().prompt(query(typed.toString()), images, 0);
      }
    }

    /// What was typed stands in an element of its own; what stands around it, the tool added.
    private static String query(String text) {
      int start = text.indexOf("<user_query>");
      int end = text.lastIndexOf("</user_query>");
      return start >= 0 && end > start ? text.substring(start + START, end).strip() : text.strip();
    }

    private void answered(JsonNode content, int line) {
      session.start();
      int number = 0;
      for (JsonNode block : content) {
        number++;
        switch (Json.text(block, "type", "")) {
          case "text" -> {
            if (!session.isSubagent()) {
              session.turns().answered(Json.length(block, "text"));
            }
          }
          case "tool_use", "tool_call" ->
              session
                  .calls()
                  .ran(
                      session.name() + " " + line + " " + number,
                      ToolInput.call(
                          ToolKind.of(Tool.CURSOR, Json.text(block, "name", "")),
                          Json.object(block, "input")),
                      Answer.of(Status.UNKNOWN, ""));
          case "thinking" -> {}
          default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
        }
      }
    }
  }
}
