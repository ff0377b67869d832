// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A session file that is read on while it grows. A file of lines is read where the last reading
/// ended; any other is read anew, and tells the same events by the same ids again.
public final class Following {

  private final Path file;
  private final SourceReader reader;
  private final Consumer<CapturedEvent> events;
  private final @Nullable Transcript rows;
  private long offset;
  private int number;

  Following(Path file, SourceReader reader, Consumer<CapturedEvent> events) throws IOException {
    this.file = file;
    this.reader = reader;
    this.events = events;
    this.rows = reader instanceof LineReader lines ? lines.open(file, events) : null;
  }

  /// Up to where the file is read.
  public long offset() {
    return offset;
  }

  /// Whether only what has come since is read, and not all of it again.
  public boolean readsOn() {
    return rows != null;
  }

  /// Whether the file's records say when they happened.
  public boolean hasTimes() throws IOException {
    return reader.hasTimes(file);
  }

  /// Reads what has come since; a line that is still being written waits for its end.
  public void readOn() throws IOException {
    Transcript open = rows;
    if (open == null) {
      reader.read(file, events);
    } else {
      readOn(open, false);
    }
  }

  private void readOn(Transcript open, boolean toTheEnd) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.position(offset);
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
      CappedLines lines = new CappedLines(in, JsonLines.LONGEST_LINE);
      for (CappedLines.Found line = lines.next();
          line != null && (toTheEnd || !lines.endedWithoutBreak());
          line = lines.next()) {
        // First, so that a consumer that fails behind the line does not get its events twice.
        offset += line.length() + 1;
        number++;
        JsonLines.take(line, number, open);
      }
    }
  }

  /// Nothing has come for long: tells what was held back in case the session went on.
  public void settle() throws IOException {
    if (rows == null) {
      reader.read(file, events);
    } else {
      // Nobody goes on writing the last line, so it is whole although nothing ends it.
      readOn(rows, true);
      rows.end();
    }
  }
}
