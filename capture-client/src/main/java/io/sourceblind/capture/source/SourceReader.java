// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/// Reads the sessions of one AI tool.
public interface SourceReader {

  /// Whether this file looks like one of this tool's.
  boolean reads(Path file);

  /// Hands every event of a file to `events`, in the file's order. What cannot be read becomes a
  /// {@link CapturedEvent.CaptureGap}; only the disk may fail.
  void read(Path file, Consumer<CapturedEvent> events) throws IOException;

  /// The reader for transcripts of Claude Code.
  static SourceReader claudeCode(CaptureRules rules, Redactor redactor, Clock clock) {
    return new ClaudeCodeReader(rules, redactor, clock);
  }
}
