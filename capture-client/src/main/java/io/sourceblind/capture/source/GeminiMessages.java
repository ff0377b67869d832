// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The messages of a chat of Gemini CLI. A later line may repeat a message, and the last one is
/// whole; so each waits until another follows.
final class GeminiMessages extends Transcript {

  private static final int MOST_MESSAGES = 100_000;

  private final Map<String, Boolean> seen = Session.bounded(MOST_MESSAGES);
  private @Nullable JsonNode waiting;
  private String waitingKey = "";
  private int waitingBytes;

  GeminiMessages(Reading reading, Path file, Consumer<CapturedEvent> events) {
    super(
        told -> new Session(Tool.GEMINI_CLI, Source.TRANSCRIPT, reading, Names.stem(file), told),
        events);
    session.entrypoint(Entrypoint.CLI);
  }

  void about(JsonNode head) {
    session.named(Json.text(head, "sessionId"));
    session.inProjectNamed(Json.text(head, "projectHash"));
    if (Json.text(head, "kind", "").equals("subagent")) {
      session.ofAgent();
    }
  }

  @Override
  public void row(JsonNode row, int number, int bytes) {
    if (row.has("projectHash")) {
      about(row);
      return;
    }
    if (row.has("$set") || row.has("$rewindTo")) {
      return;
    }
    String type = Json.text(row, "type");
    if (type == null) {
      session.gap(GapReason.UNKNOWN_TYPE, "without type");
      return;
    }
    String key = Json.text(row, "id", "message " + number);
    if (!key.equals(waitingKey)) {
      takeWaiting();
    }
    waiting = row;
    waitingKey = key;
    waitingBytes = bytes;
  }

  @Override
  void end() {
    takeWaiting();
    super.end();
  }

  private void takeWaiting() {
    JsonNode row = waiting;
    waiting = null;
    if (row == null || seen.put(waitingKey, true) != null) {
      return;
    }
    session.record(waitingKey, Json.moment(row, "timestamp"));
    session.leaving(row.size(), waitingBytes, 0);
    String type = Json.text(row, "type", "");
    switch (type) {
      case "user" -> said(row);
      case "gemini" -> answered(row);
      case "error" -> Failures.tell(session, Json.words(row.get("content")), null, 0);
      case "info", "warning" -> session.start();
      default -> session.gap(GapReason.UNKNOWN_TYPE, type);
    }
  }

  private void said(JsonNode row) {
    int images = 0;
    JsonNode content = row.get("content");
    if (content != null && content.isArray()) {
      for (JsonNode part : content) {
        images += part.has("inlineData") || part.has("fileData") ? 1 : 0;
      }
    }
    JsonNode shown = row.get("displayContent");
    session.turns().prompt(Json.words(shown == null ? content : shown), images, 0);
  }

  private void answered(JsonNode row) {
    session.model(Json.text(row, "model"));
    session.start();
    if (!session.isSubagent()) {
      session.turns().answered(Output.of(row.get("content")).characters());
    }
    JsonNode tokens = Json.object(row, "tokens");
    if (tokens != null) {
      long cached = Json.number(tokens, "cached", 0);
      session
          .usages()
          .see(
              session.name() + "/" + waitingKey,
              Objects.requireNonNullElse(session.model(), "gemini"),
              new Usages.Tokens(
                  Math.max(0, Json.number(tokens, "input", 0) - cached)
                      + Json.number(tokens, "tool", 0),
                  Json.number(tokens, "output", 0),
                  cached,
                  0,
                  Json.number(tokens, "thoughts", 0)),
              null);
    }
    JsonNode calls = Json.array(row, "toolCalls");
    if (calls != null) {
      int number = 0;
      for (JsonNode call : calls) {
        number++;
        ran(call, number);
      }
    }
    if (calls == null || calls.isEmpty()) {
      session.turns().outcome(TurnOutcome.COMPLETED);
    }
  }

  private void ran(JsonNode call, int number) {
    String name = Json.text(call, "name");
    if (name == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    ToolKind kind = ToolKind.of(Tool.GEMINI_CLI, name);
    String output = outputOf(call);
    Status status =
        switch (Json.text(call, "status", "")) {
          case "success" -> Status.OK;
          case "error" -> output.contains("timed out") ? Status.TIMEOUT : Status.ERROR;
          case "cancelled" -> Status.DENIED;
          default -> Status.UNKNOWN;
        };
    Answer answer = Answer.of(status, output);
    session
        .calls()
        .ran(
            Json.text(call, "id", waitingKey + " " + number),
            ToolInput.call(kind, Json.object(call, "args")),
            kind.runsCommands() ? answer.exited(ExitCodes.behind(output, "Exit Code: ")) : answer);
  }

  private static String outputOf(JsonNode call) {
    JsonNode results = Json.array(call, "result");
    StringBuilder output = new StringBuilder();
    if (results != null) {
      for (JsonNode result : results) {
        JsonNode response = Json.object(Json.object(result, "functionResponse"), "response");
        output.append(Json.text(response, "output", Json.text(response, "error", "")));
      }
    }
    return output.toString();
  }
}
