// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// The records of Droid. In its session store a message holds blocks; in its stream every call and
/// result is a record.
final class DroidRows extends Transcript {

  DroidRows(Reading reading, Path file, Consumer<CapturedEvent> events) {
    super(
        told -> new Session(Tool.DROID, Source.TRANSCRIPT, reading, Names.stem(file), told),
        events);
    session.entrypoint(Entrypoint.CLI);
  }

  @Override
  public void row(JsonNode row, int number, int bytes) {
    String type = Json.text(row, "type", "");
    Instant at = Json.moment(row, "timestamp");
    session.record(Json.text(row, "id", "line") + " " + number, at);
    session.leaving(row.size(), bytes, 0);
    session.in(Json.text(row, "cwd"));
    session.named(Json.text(row, "session_id"));
    session.named(Json.text(row, "sessionId"));
    switch (type) {
      case "session_start" -> {
        session.named(Json.text(row, "id"));
        session.version(Json.text(row, "version"));
      }
      case "system" -> session.model(Json.text(row, "model"));
      case "message" -> message(row);
      case "tool_call" -> called(row);
      case "tool_result" -> returned(row);
      case "completion" -> completed(row, number);
      case "error" -> Failures.tell(session, Json.text(row, "message", ""), null, 0);
      case "compaction_state", "compaction" -> {
        session.start();
        session.compacted(CompactionTrigger.AUTO, null, null);
      }
      case "todo_state", "session_end" -> {}
      default -> session.gap(GapReason.UNKNOWN_TYPE, type);
    }
  }

  private void message(JsonNode row) {
    JsonNode message = Json.object(row, "message");
    boolean asked = Json.text(message == null ? row : message, "role", "").equals("user");
    JsonNode content = message == null ? row.get("text") : message.get("content");
    if (content == null || content.isString()) {
      said(asked, Json.words(content), 0);
      return;
    }
    StringBuilder typed = new StringBuilder();
    int images = 0;
    for (JsonNode block : content) {
      switch (Json.text(block, "type", "")) {
        case "text" -> {
          String text = Json.text(block, "text", "");
          // The tool adds the files that were named as further blocks.
          if (!text.startsWith("Contents of /")) {
            typed.append(typed.isEmpty() ? "" : "\n").append(text);
          }
        }
        case "image" -> images++;
        case "tool_use" -> called(block);
        case "tool_result" -> returned(block);
        case "thinking", "redacted_thinking" -> {}
        default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
      }
    }
    if (!typed.isEmpty() || images > 0) {
      said(asked, typed.toString(), images);
    }
  }

  private void said(boolean asked, String text, int images) {
    if (asked) {
      session.turns().prompt(text, images, 0);
    } else {
      session.start();
      session.turns().answered(text.length());
    }
  }

  private void called(JsonNode call) {
    String id = Json.text(call, "toolCallId", Json.text(call, "id", ""));
    String name = Json.text(call, "toolName", Json.text(call, "name", ""));
    if (id.isEmpty() || name.isEmpty()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    session.start();
    JsonNode input = Json.object(call, "input");
    session
        .calls()
        .add(
            id,
            ToolInput.call(
                ToolKind.of(Tool.DROID, name),
                input == null ? Json.object(call, "parameters") : input));
  }

  private void returned(JsonNode result) {
    String id =
        Json.text(
            result, "tool_use_id", Json.text(result, "toolCallId", Json.text(result, "id", "")));
    JsonNode value = result.get("value");
    String output;
    Integer exit = null;
    if (value != null && value.isObject()) {
      output = Json.text(value, "stdout", "") + Json.text(value, "stderr", "");
      Long code = Json.number(value, "exitCode");
      exit = code == null ? null : code.intValue();
    } else {
      output = Json.words(value == null ? result.get("content") : value);
    }
    boolean failed =
        Json.isTrue(result, "is_error")
            || Json.isTrue(result, "isError")
            || output.startsWith("Error: ");
    Call call = session.calls().pending(id);
    boolean runs = call != null && call.tool().runsCommands();
    if (runs && exit == null) {
      exit = ExitCodes.behind(output.substring(0, Math.min(300, output.length())), "(exit code: ");
    }
    Answer answer = Answer.of(failed ? Status.ERROR : Status.OK, output);
    session.calls().answer(id, runs ? answer.exited(exit) : answer);
  }

  private void completed(JsonNode row, int number) {
    session.start();
    JsonNode usage = Json.object(row, "usage");
    Usages.Tokens tokens =
        new Usages.Tokens(
            Json.number(usage, "input_tokens", 0),
            Json.number(usage, "output_tokens", 0),
            Json.number(usage, "cache_read_input_tokens", 0),
            Json.number(usage, "cache_creation_input_tokens", 0),
            0);
    if (!tokens.isNone()) {
      session
          .usages()
          .see(
              session.name() + "/" + number,
              session.model() == null ? "other" : session.model(),
              tokens,
              null);
    }
    session.turns().outcome(TurnOutcome.COMPLETED);
    session.turns().finish(null);
  }
}
