// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads the chats Gemini CLI keeps: one JSON object of messages, since 2026 a message a line.
final class GeminiReader implements SourceReader {

  private static final Set<String> TYPES = Set.of("user", "gemini");

  private final Reading reading;

  GeminiReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.GEMINI_CLI;
  }

  @Override
  public boolean reads(Head head) {
    if (head.name().endsWith(".json")) {
      return head.keys().contains("sessionId") && head.keys().contains("projectHash");
    }
    return head.name().endsWith(".jsonl") && head.anyRow(GeminiReader::isOwn);
  }

  private static boolean isOwn(JsonNode row) {
    return (row.has("projectHash") && row.has("sessionId"))
        || (TYPES.contains(Json.text(row, "type", ""))
            && row.has("id")
            && row.has("content")
            && !row.has("message")
            && !row.has("sessionId"));
  }

  @Override
  public void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    GeminiMessages messages = new GeminiMessages(reading, file, events);
    Path name = file.getFileName();
    if (name != null && name.toString().endsWith(".json")) {
      messages.about(JsonDocument.head(file, "messages"));
      JsonDocument.elements(file, "messages", messages);
    } else {
      JsonLines.read(file, messages);
    }
    messages.end();
  }
}
