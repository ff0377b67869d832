// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import java.time.Instant;
import java.util.UUID;

/// Rows of a transcript of Claude Code and payloads of its hooks, to test with.
final class Rows {

  private Rows() {}

  private static String row(String session, String type, Instant at, String rest) {
    return "{\"type\":\"%s\",\"sessionId\":\"%s\",\"uuid\":\"%s\",\"timestamp\":\"%s\",\"cwd\":\"/work/shop\",%s}\n"
        .formatted(type, session, UUID.randomUUID(), at, rest);
  }

  static String prompt(String session, Instant at, String words) {
    return row(
        session, "user", at, "\"message\":{\"role\":\"user\",\"content\":\"" + words + "\"}");
  }

  static String call(String session, Instant at, String id) {
    return row(
        session,
        "assistant",
        at,
        "\"message\":{\"id\":\"m-%1$s\",\"model\":\"claude-opus-4-1\",\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"%1$s\",\"name\":\"Bash\",\"input\":{\"command\":\"git status\"}}]}"
            .formatted(id));
  }

  static String result(String session, Instant at, String id) {
    return row(
        session,
        "user",
        at,
        "\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"%s\",\"content\":\"clean\"}]},\"toolUseResult\":{\"stdout\":\"clean\",\"stderr\":\"\",\"interrupted\":false}"
            .formatted(id));
  }

  static String hook(String session, String id, int took) {
    return "{\"session_id\":\"%s\",\"hook_event_name\":\"PostToolUse\",\"cwd\":\"/work/shop\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"git status\"},\"tool_response\":{\"stdout\":\"clean\",\"stderr\":\"\",\"interrupted\":false},\"tool_use_id\":\"%s\",\"duration_ms\":%d}"
        .formatted(session, id, took);
  }

  static String ended(String session) {
    return "{\"session_id\":\"%s\",\"hook_event_name\":\"SessionEnd\",\"reason\":\"other\"}"
        .formatted(session);
  }

  static String asked(String session, String words) {
    return "{\"session_id\":\"%s\",\"hook_event_name\":\"UserPromptSubmit\",\"prompt\":\"%s\"}"
        .formatted(session, words);
  }
}
