// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Reads files of one record a line, which can be read on where they ended.
interface LineReader extends SourceReader {

  /// Begins to read a file; its lines are given to what this returns.
  Transcript open(Path file, Consumer<CapturedEvent> events) throws IOException;

  @Override
  default void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    Transcript rows = open(file, events);
    JsonLines.read(file, rows);
    rows.end();
  }
}
