// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.GapReason;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the model says: how much of it, what it cost, and which tools it calls.
final class ClaudeAssistantRow {

  /// What the tool writes as the model of an answer that it made up itself.
  private static final String MADE_UP = "<synthetic>";

  private final Session session;

  ClaudeAssistantRow(Session session) {
    this.session = session;
  }

  void take(JsonNode row) {
    JsonNode message = Json.object(row, "message");
    String model = Json.text(message, "model", "");
    if (!model.equals(MADE_UP)) {
      session.model(model);
    }
    session.start();
    if (!session.canTell()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    if (Json.isTrue(row, "isApiErrorMessage")) {
      Failures.tell(session, textOf(message), Json.number(row, "apiErrorStatus"), 0);
      return;
    }
    usage(row, message, model);
    JsonNode content = Json.array(message, "content");
    if (content == null) {
      return;
    }
    for (JsonNode block : content) {
      switch (Json.text(block, "type", "")) {
        case "text" ->
            session.turns().answered(session.isSubagent() ? 0 : Json.length(block, "text"));
        case "tool_use" -> call(block);
        case "thinking",
            "redacted_thinking",
            "server_tool_use",
            "web_search_tool_result",
            "fallback" -> {}
        default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
      }
    }
    if (!session.isSubagent()) {
      switch (Json.text(message, "stop_reason", "")) {
        case "end_turn", "stop_sequence" -> session.turns().outcome(TurnOutcome.COMPLETED);
        case "max_tokens", "refusal" -> session.turns().outcome(TurnOutcome.STOPPED);
        default -> {}
      }
    }
  }

  private static String textOf(@Nullable JsonNode message) {
    JsonNode content = Json.array(message, "content");
    StringBuilder text = new StringBuilder();
    if (content != null) {
      for (JsonNode block : content) {
        text.append(Json.text(block, "text", ""));
      }
    }
    return text.toString();
  }

  private void usage(JsonNode row, @Nullable JsonNode message, String model) {
    JsonNode usage = Json.object(message, "usage");
    String id = Json.text(message, "id");
    if (usage == null || id == null) {
      return;
    }
    session
        .usages()
        .see(
            id + "/" + Json.text(row, "requestId", ""),
            model,
            new Usages.Tokens(
                Json.number(usage, "input_tokens", 0),
                Json.number(usage, "output_tokens", 0),
                Json.number(usage, "cache_read_input_tokens", 0),
                Json.number(usage, "cache_creation_input_tokens", 0),
                0),
            null);
  }

  private void call(JsonNode block) {
    String id = Json.text(block, "id");
    String name = Json.text(block, "name");
    if (id == null || name == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    JsonNode input = Json.object(block, "input");
    if (name.startsWith("mcp__")) {
      String[] parts = name.split("__", 3);
      session
          .calls()
          .add(
              id,
              ToolInput.mcp(
                  session.rules().refs(), parts[1], parts.length > 2 ? parts[2] : null, input));
      return;
    }
    session.calls().add(id, ToolInput.call(ToolKind.of(Tool.CLAUDE_CODE, name), input));
  }
}
