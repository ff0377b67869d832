// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads the event logs of Copilot CLI.
final class CopilotCliReader implements LineReader {

  private final Reading reading;

  CopilotCliReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.COPILOT_CLI;
  }

  @Override
  public boolean reads(Head head) {
    return isEventLog(head) && !isOfVsCode(head);
  }

  static boolean isEventLog(Head head) {
    return head.name().endsWith(".jsonl")
        && head.anyRow(row ->
            Json.text(row, "type", "").matches("(?:session|assistant|user|tool)\\.[a-z_]+")
                && row.has("data")
                && row.has("parentId"));
  }

  static boolean isOfVsCode(Head head) {
    JsonNode first = head.rows().isEmpty() ? null : Json.object(head.rows().get(0), "data");
    return Json.has(first, "vscodeVersion")
        || Names.isBelow(head.path(), "GitHub.copilot-chat")
        || Names.isBelow(head.path(), "workspaceStorage");
  }

  @Override
  public Transcript open(Path file, Consumer<CapturedEvent> events) {
    return new CopilotEvents(Tool.COPILOT_CLI, reading, file, events);
  }
}
