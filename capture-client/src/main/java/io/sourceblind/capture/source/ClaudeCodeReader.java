// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads the transcripts Claude Code keeps, one JSON record a line.
final class ClaudeCodeReader implements LineReader {

  private static final Set<String> OWN_TYPES =
      Set.of(
          "user",
          "assistant",
          "system",
          "summary",
          "progress",
          "attachment",
          "file-history-snapshot",
          "queue-operation",
          "custom-title",
          "ai-title",
          "permission-mode",
          "mode",
          "last-prompt",
          "agent-name",
          "agent-setting",
          "worktree-state",
          "pr-link");

  private final Reading reading;

  ClaudeCodeReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.CLAUDE_CODE;
  }

  @Override
  public boolean reads(Head head) {
    // history.jsonl holds the prompts typed anywhere, which the transcripts hold as well.
    return head.name().endsWith(".jsonl")
        && !head.name().equals("history.jsonl")
        && head.anyRow(ClaudeCodeReader::isOwn);
  }

  private static boolean isOwn(JsonNode row) {
    String type = Json.text(row, "type");
    if (type == null || !OWN_TYPES.contains(type)) {
      return false;
    }
    JsonNode message = Json.object(row, "message");
    return switch (type) {
      case "user", "assistant" ->
          message != null && message.has("content") && row.has("sessionId") && !row.has("payload");
      case "summary" -> row.has("leafUuid");
      case "system" -> row.has("subtype") && row.has("uuid") && !row.has("systemPayload");
      default -> row.has("sessionId") || row.has("messageId");
    };
  }

  @Override
  public Transcript open(Path file, Consumer<CapturedEvent> events) {
    return new ClaudeCodeRows(reading, file, events);
  }
}
