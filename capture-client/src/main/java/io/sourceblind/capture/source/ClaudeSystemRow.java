// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PromptOrigin;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the tool says about itself.
final class ClaudeSystemRow {

  private static final Set<String> IGNORED_SUBTYPES =
      Set.of(
          "stop_hook_summary",
          "microcompact_boundary",
          "away_summary",
          "informational",
          "bridge_status",
          "session_start",
          "error",
          "api_refusal",
          "model_refusal_fallback",
          "agents_killed",
          "scheduled_task_fire",
          "memory_saved",
          "file_snapshot",
          "permission_retry");

  private final Session session;

  ClaudeSystemRow(Session session) {
    this.session = session;
  }

  void take(JsonNode row) {
    String subtype = Json.text(row, "subtype", "");
    if (!session.canTell()) {
      if (!IGNORED_SUBTYPES.contains(subtype)) {
        session.gap(GapReason.PARSE_ERROR, null);
      }
      return;
    }
    switch (subtype) {
      case "turn_duration" -> {
        if (!session.isSubagent()) {
          session.turns().completed(Bounds.millis(Json.number(row, "durationMs", -1)));
        }
      }
      case "compact_boundary" -> {
        JsonNode facts = Json.object(row, "compactMetadata");
        session.compacted(
            Json.text(facts, "trigger", "").equals("manual")
                ? CompactionTrigger.MANUAL
                : CompactionTrigger.AUTO,
            Json.number(facts, "preTokens"),
            Json.number(facts, "postTokens"));
      }
      case "api_error" -> {
        JsonNode error = Json.object(row, "error");
        Failures.tell(
            session,
            Json.text(Json.object(row, "cause"), "code", "")
                + Json.text(Json.object(error, "connection"), "code", ""),
            Json.number(error, "status"),
            Json.number(row, "retryAttempt", 0));
      }
      case "local_command" -> {
        PromptText text = PromptText.of(Json.text(row, "content", ""));
        if (!session.isSubagent() && text.command() != null) {
          session.turns().prompt(text, 0, 0, PromptOrigin.SLASH_COMMAND);
        }
      }
      default -> {
        if (!IGNORED_SUBTYPES.contains(subtype)) {
          session.gap(GapReason.UNKNOWN_TYPE, "system " + subtype);
        }
      }
    }
  }
}
