// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Reads the sessions of one AI tool.
interface SourceReader {

  /// Whose sessions it reads.
  Tool tool();

  /// Whether a file that begins like this is one of this tool's.
  boolean reads(Head head) throws IOException;

  /// Whether the records of such a file say when they happened.
  default boolean hasTimes(Path file) throws IOException {
    return true;
  }

  /// Whether what a file of this tool tells depends on the files of this tool that were read before
  /// it.
  default boolean dependsOnOthers() {
    return false;
  }

  /// Hands every event of a file to `events`, in the file's order. What cannot be read becomes a
  /// {@link CapturedEvent.CaptureGap}; only the disk may fail.
  void read(Path file, Consumer<CapturedEvent> events) throws IOException;
}
