// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Reads what OpenCode keeps: a database, formerly a folder of small JSON files.
final class OpenCodeReader implements SourceReader {

  private final Reading reading;

  OpenCodeReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.OPENCODE;
  }

  @Override
  public boolean reads(Head head) throws IOException {
    if (Database.isOne(head)) {
      return Database.has(head.path(), "part", "message_id", "session_id", "data");
    }
    return OpenCodeFolder.isFirstMessage(head);
  }

  @Override
  public void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    if (Database.isOne(Head.of(file))) {
      OpenCodeDatabase.read(reading, file, events);
    } else {
      OpenCodeFolder.read(reading, file, events);
    }
  }
}
