// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Reads the sessions of Factory's Droid, and the streams it prints when it is run without a
/// screen.
final class DroidReader implements LineReader {

  private final Reading reading;

  DroidReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.DROID;
  }

  @Override
  public boolean reads(Head head) {
    return head.name().endsWith(".jsonl")
        && head.anyRow(row ->
            Json.text(row, "type", "").equals("session_start")
                || (Json.text(row, "type", "").equals("tool_call") && row.has("toolName"))
                || (row.has("finalText") && Json.text(row, "type", "").equals("completion")));
  }

  @Override
  public Transcript open(Path file, Consumer<CapturedEvent> events) {
    return new DroidRows(reading, file, events);
  }
}
