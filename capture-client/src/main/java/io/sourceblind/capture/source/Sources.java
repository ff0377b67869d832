// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The readers of every tool we know. Each file is read by the one that recognises it.
public final class Sources {

  private final List<SourceReader> readers;

  public Sources(CaptureRules rules, Redactor redactor, Clock clock) {
    Reading reading = new Reading(rules, redactor, clock);
    this.readers =
        List.of(
            new ClaudeCodeReader(reading),
            new CodexReader(reading),
            new GeminiReader(reading),
            new CursorReader(reading),
            new CopilotCliReader(reading),
            new VsCodeCopilotReader(reading),
            new OpenCodeReader(reading),
            new AiderReader(reading),
            new WindsurfReader(reading),
            new AmpReader(reading),
            new GooseReader(reading),
            new DroidReader(reading),
            new PiReader(reading),
            new SpecStoryReader(reading));
  }

  /// Whose session a file holds; empty where no reader knows it.
  public Optional<Tool> toolOf(Path file) throws IOException {
    return readerOf(file).map(SourceReader::tool);
  }

  /// Whether some reader knows the file.
  public boolean knows(Path file) throws IOException {
    return readerOf(file).isPresent();
  }

  /// A file and the reader that knows it; empty where none does.
  public Optional<SessionFile> find(Path file) throws IOException {
    return readerOf(file).map(reader -> new SessionFile(file, reader));
  }

  /// When a file was made, and written last.
  public record Written(Instant from, Instant to) {}

  /// Hands every event of a file to `events`, in the file's order; returns whether a reader knows
  /// the file.
  public boolean read(Path file, Consumer<CapturedEvent> events) throws IOException {
    Optional<SessionFile> found = find(file);
    if (found.isPresent()) {
      found.get().read(events);
    }
    return found.isPresent();
  }

  /// Begins to follow a file; empty where no reader knows it, which may change while it grows.
  public Optional<Following> follow(Path file, Consumer<CapturedEvent> events) throws IOException {
    Optional<SourceReader> reader = readerOf(file);
    return reader.isEmpty()
        ? Optional.empty()
        : Optional.of(new Following(file, reader.get(), events));
  }

  List<SourceReader> readers() {
    return readers;
  }

  private Optional<SourceReader> readerOf(Path file) throws IOException {
    Head head = Head.of(file);
    for (SourceReader reader : readers) {
      if (reader.reads(head)) {
        return Optional.of(reader);
      }
    }
    return Optional.empty();
  }
}
