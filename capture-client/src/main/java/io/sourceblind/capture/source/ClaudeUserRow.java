// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.GapReason;
import io.sourceblind.events.PromptOrigin;
import io.sourceblind.events.TurnOutcome;
import tools.jackson.databind.JsonNode;

/// What the engineer says, and what tools answer.
final class ClaudeUserRow {

  private final Session session;
  private final ClaudeToolResult results;

  ClaudeUserRow(Session session) {
    this.session = session;
    this.results = new ClaudeToolResult(session);
  }

  void take(JsonNode row) {
    JsonNode message = Json.object(row, "message");
    JsonNode content = message == null ? null : message.get("content");
    if (content == null) {
      return;
    }
    StringBuilder typed = new StringBuilder();
    int images = 0;
    int documents = 0;
    int answers = 0;
    if (content.isString()) {
      typed.append(content.asString());
    } else if (content.isArray()) {
      for (JsonNode block : content) {
        switch (Json.text(block, "type", "")) {
          case "text" ->
              typed.append(typed.isEmpty() ? "" : "\n").append(Json.text(block, "text", ""));
          case "image" -> images++;
          case "document" -> documents++;
          case "tool_result" -> answers++;
          default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
        }
      }
      if (answers > 0) {
        for (JsonNode block : content) {
          if (Json.text(block, "type", "").equals("tool_result")) {
            // Beside several results stands the detail of only one, and which is not said.
            results.take(block, answers == 1 ? row.get("toolUseResult") : null);
          }
        }
      }
    }
    boolean byTool =
        session.isSubagent() || Json.isTrue(row, "isMeta") || Json.isTrue(row, "isCompactSummary");
    if ((typed.isEmpty() && images + documents == 0) || byTool) {
      return;
    }
    PromptText text = PromptText.of(typed.toString());
    if (text.isInterruption()) {
      session.turns().outcome(TurnOutcome.INTERRUPTED);
    }
    if (answers > 0 || (text.isNotice() && images + documents == 0)) {
      return;
    }
    session.turns().prompt(text, images, documents, text.origin());
  }

  /// A prompt that was typed while the tool worked on the one before.
  void attachment(JsonNode row) {
    JsonNode attachment = Json.object(row, "attachment");
    String prompt = Json.text(attachment, "prompt");
    if (session.isSubagent()
        || prompt == null
        || !Json.text(attachment, "type", "").equals("queued_command")) {
      return;
    }
    session.start();
    PromptText text = PromptText.of(prompt);
    if (!text.isNotice()) {
      boolean notification = Json.text(attachment, "commandMode", "").equals("task-notification");
      session
          .turns()
          .prompt(text, 0, 0, notification ? PromptOrigin.SCHEDULED : PromptOrigin.QUEUED);
    }
  }
}
