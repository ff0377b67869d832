// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// A file of sessions, with the reader that knows it.
public final class SessionFile {

  private final Path file;
  private final SourceReader reader;

  SessionFile(Path file, SourceReader reader) {
    this.file = file;
    this.reader = reader;
  }

  /// Whether what it tells depends on the files of its tool that were read before it. All others
  /// may be read at once, by several threads.
  public boolean dependsOnOthers() {
    return reader.dependsOnOthers();
  }

  /// From when to when it was written, where its records do not say when they happened; empty for
  /// any other.
  public Optional<Sources.Written> withoutTimes() throws IOException {
    return reader.hasTimes(file)
        ? Optional.empty()
        : Optional.of(
            new Sources.Written(
                Untimed.of(file).made(), Files.getLastModifiedTime(file).toInstant()));
  }

  /// Hands every event of it to `events`, in its order.
  public void read(Consumer<CapturedEvent> events) throws IOException {
    reader.read(file, events);
  }
}
