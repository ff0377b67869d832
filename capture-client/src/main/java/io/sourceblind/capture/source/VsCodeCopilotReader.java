// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/// Reads what Copilot keeps in VS Code: transcripts of its agent, and chat sessions, each one JSON
/// object or the changes to one, a change a line.
final class VsCodeCopilotReader implements SourceReader {

  private final Reading reading;

  VsCodeCopilotReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.VSCODE_COPILOT;
  }

  @Override
  public boolean reads(Head head) {
    return isChat(head)
        || isChangedChat(head)
        || (CopilotCliReader.isEventLog(head) && CopilotCliReader.isOfVsCode(head));
  }

  private static boolean isChat(Head head) {
    Set<String> keys = head.keys();
    return head.name().endsWith(".json")
        && keys.contains("requests")
        && (keys.contains("requesterUsername") || keys.contains("inputState"));
  }

  private static boolean isChangedChat(Head head) {
    return head.name().endsWith(".jsonl")
        && head.anyRow(row ->
            Json.number(row, "kind", -1) == 0 && Json.has(Json.object(row, "v"), "requests"));
  }

  @Override
  public void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    Head head = Head.of(file);
    if (isChat(head)) {
      VsCodeChat chat = new VsCodeChat(reading, file, events);
      chat.about(JsonDocument.head(file, "requests"));
      JsonDocument.elements(file, "requests", chat);
      chat.end();
    } else if (isChangedChat(head)) {
      VsCodeChat chat = new VsCodeChat(reading, file, events);
      JsonLines.read(file, chat.changes());
      chat.end();
    } else {
      CopilotEvents log = new CopilotEvents(Tool.VSCODE_COPILOT, reading, file, events);
      JsonLines.read(file, log);
      log.end();
    }
  }
}
