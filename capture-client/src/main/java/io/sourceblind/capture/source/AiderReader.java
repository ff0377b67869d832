// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads what aider keeps: the history of its chats, and the log of its analytics where someone
/// asked for one.
final class AiderReader implements SourceReader {

  private final Reading reading;

  AiderReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.AIDER;
  }

  @Override
  public boolean reads(Head head) {
    return isLog(head)
        || (head.name().endsWith(".md") && head.text().contains("# aider chat started at "));
  }

  private static boolean isLog(Head head) {
    return head.name().endsWith(".jsonl") && head.anyRow(AiderReader::isEvent);
  }

  private static boolean isEvent(JsonNode row) {
    return row.has("event") && row.has("properties") && row.has("user_id") && row.has("time");
  }

  @Override
  public boolean hasTimes(Path file) throws IOException {
    return isLog(Head.of(file));
  }

  @Override
  public void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    if (isLog(Head.of(file))) {
      AiderLog log = new AiderLog(reading, file, events);
      JsonLines.read(file, log);
      log.end();
    } else {
      new AiderHistory(reading, file, events).read();
    }
  }
}
