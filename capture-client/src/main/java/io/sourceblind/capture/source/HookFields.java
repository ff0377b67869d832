// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a hook was given, under whichever of the names that tools have for the same thing.
record HookFields(JsonNode payload) {

  /// The name of what happened, in letters only: `PostToolUse` and `post_tool_use` are one.
  String event(String named) {
    String told = first("hook_event_name", "hookEventName", "agent_action_name");
    return letters(told == null ? named : told);
  }

  private static String letters(String name) {
    return name.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
  }

  @Nullable String session() {
    return first("session_id", "sessionId", "conversation_id", "trajectory_id");
  }

  @Nullable String transcript() {
    return first("transcript_path", "transcriptPath");
  }

  @Nullable String folder() {
    String named = first("cwd");
    JsonNode roots = Json.array(payload, "workspace_roots");
    return named == null && roots != null && roots.size() > 0 && roots.get(0).isString()
        ? roots.get(0).asString()
        : named;
  }

  @Nullable String prompt() {
    return first("prompt", "user_prompt");
  }

  @Nullable String promptId() {
    return first("prompt_id", "turn_id", "generation_id", "execution_id");
  }

  @Nullable String toolName() {
    return first("tool_name", "toolName");
  }

  @Nullable String callId() {
    return first("tool_use_id", "toolUseId", "toolCallId", "call_id");
  }

  @Nullable JsonNode input() {
    return object("tool_input", "toolArgs", "tool_info");
  }

  /// The result, which some tools write as JSON within a text.
  @Nullable JsonNode result() {
    return object("tool_response", "tool_output", "toolResult", "tool_result");
  }

  String output() {
    for (String name : new String[] {"tool_response", "tool_output", "toolResult", "error"}) {
      JsonNode value = payload.get(name);
      if (value != null) {
        String words = Json.words(value);
        return words.isEmpty() && value.isObject() ? value.toString() : words;
      }
    }
    return Json.text(payload, "error_message", "");
  }

  @Nullable Long took() {
    Long millis = Json.number(payload, "duration_ms");
    return millis == null ? Json.number(payload, "duration") : millis;
  }

  private @Nullable JsonNode object(String... names) {
    for (String name : names) {
      JsonNode value = Json.object(payload, name);
      if (value != null) {
        return value;
      }
      JsonNode written = JsonLines.parsed(Json.text(payload, name));
      if (written != null && written.isObject()) {
        return written;
      }
    }
    return null;
  }

  private @Nullable String first(String... names) {
    for (String name : names) {
      String value = Json.text(payload, name);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }
}
