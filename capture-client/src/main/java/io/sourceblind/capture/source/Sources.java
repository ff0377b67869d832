// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Files;
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

  /// From when to when a file was written whose records do not say when they happened; empty for
  /// any other.
  public Optional<Written> withoutTimes(Path file) throws IOException {
    Optional<SourceReader> reader = readerOf(file);
    return reader.isEmpty() || reader.get().hasTimes(file)
        ? Optional.empty()
        : Optional.of(
            new Written(Untimed.of(file).made(), Files.getLastModifiedTime(file).toInstant()));
  }

  /// Whether what a file tells depends on the files that were read before it. All others may be
  /// read at once, by several threads.
  public boolean dependsOnOthers(Path file) throws IOException {
    return readerOf(file).filter(SourceReader::dependsOnOthers).isPresent();
  }

  /// When a file was made, and written last.
  public record Written(Instant from, Instant to) {}

  /// Hands every event of a file to `events`, in the file's order; returns whether a reader knows
  /// the file.
  public boolean read(Path file, Consumer<CapturedEvent> events) throws IOException {
    Optional<SourceReader> reader = readerOf(file);
    if (reader.isEmpty()) {
      return false;
    }
    reader.get().read(file, events);
    return true;
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
