// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import io.sourceblind.capture.redact.PlainProse;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Prose;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events that wait to be sent, one line each, in the order in which they came. A record is
/// there as a whole or not at all; one that was sent but not yet crossed off is sent again, which
/// is harmless, because the server knows it by its id.
public final class Outbox implements AutoCloseable {

  static final String QUEUE = "outbox.ndjson";
  static final String POSITION = "outbox.position";
  static final String QUARANTINE = "quarantine.ndjson";
  static final String LOCK = "outbox.lock";

  private final CaptureFolder folder;
  private final Disk disk;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final FileChannel queue;
  private long position;

  /// How bytes come to the disk, so that a test can run out of it.
  interface Disk {
    void append(FileChannel channel, ByteBuffer bytes) throws IOException;

    Disk REAL =
        (channel, bytes) -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
          channel.force(true);
        };
  }

  /// Opens the outbox, waiting for another process that has it open.
  public static Outbox open(CaptureFolder folder) throws IOException {
    return new Outbox(folder, Disk.REAL);
  }

  Outbox(CaptureFolder folder, Disk disk) throws IOException {
    this.folder = folder;
    this.disk = disk;
    this.lockFile = folder.open(LOCK);
    this.lock = lockFile.lock();
    this.queue = folder.open(QUEUE);
    dropHalfRecord(queue);
    this.position = savedPosition();
  }

  /// Adds events; all of them are on disk when this returns, or none of them is.
  public void add(List<CapturedEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (CapturedEvent event : events) {
      requireRedacted(event);
      lines.writeBytes(WireJson.line(event).getBytes(StandardCharsets.UTF_8));
      lines.write('\n');
    }
    append(queue, lines.toByteArray(), "The outbox cannot be written (" + folder.path() + ").");
  }

  /// Prose is what the redactor made; anything else that calls itself so is a defect of ours.
  private static void requireRedacted(CapturedEvent event) {
    Prose text =
        switch (event) {
          case CapturedEvent.PromptSubmitted prompt -> prompt.text();
          case CapturedEvent.RationaleRecorded rationale -> rationale.text();
          case CapturedEvent.SessionStarted _,
              CapturedEvent.SessionEnded _,
              CapturedEvent.TurnCompleted _,
              CapturedEvent.TurnFailed _,
              CapturedEvent.ToolCompleted _,
              CapturedEvent.CommandExecuted _,
              CapturedEvent.FileTouched _,
              CapturedEvent.CheckCompleted _,
              CapturedEvent.PermissionDecided _,
              CapturedEvent.ModelUsed _,
              CapturedEvent.ContextCompacted _,
              CapturedEvent.SubagentCompleted _,
              CapturedEvent.CaptureGap _ ->
              null;
        };
    if (text != null && !(text instanceof PlainProse)) {
      throw new IllegalArgumentException("The outbox takes only prose that the redactor made");
    }
  }

  private void append(FileChannel channel, byte[] bytes, String failure) {
    long before = -1;
    try {
      before = channel.size();
      channel.position(before);
      disk.append(channel, ByteBuffer.wrap(bytes));
    } catch (IOException full) {
      try {
        if (before >= 0) {
          channel.truncate(before);
        }
      } catch (IOException _) {
        // The half record is dropped when the outbox is opened next.
      }
      throw new OutboxFailure(
          failure + " Free some space and run the command again; nothing that was queued is lost.",
          full);
    }
  }

  /// One record that waits.
  ///
  /// @param json as it will be sent
  /// @param end where the record behind it begins
  record Waiting(String json, long end) {}

  /// The next records, at most so many and at most so many bytes with their line breaks.
  List<Waiting> next(int most, int mostBytes) throws IOException {
    List<Waiting> records = new ArrayList<>();
    long at = position;
    long size = queue.size();
    int room = (int) Math.min(mostBytes, size - at);
    ByteBuffer buffer = ByteBuffer.allocate(Math.max(room, 0));
    while (buffer.hasRemaining() && queue.read(buffer, at + buffer.position()) >= 0) {
      // Until the buffer is full or the file is at its end.
    }
    byte[] bytes = buffer.array();
    int start = 0;
    for (int i = 0; i < buffer.position() && records.size() < most; i++) {
      if (bytes[i] == '\n') {
        records.add(
            new Waiting(new String(bytes, start, i - start, StandardCharsets.UTF_8), at + i + 1));
        start = i + 1;
      }
    }
    return records;
  }

  /// How many records wait.
  public long waiting() throws IOException {
    return lines(queue, position);
  }

  /// How many records the server has refused so far.
  public long quarantined() throws IOException {
    if (!Files.exists(folder.file(QUARANTINE))) {
      return 0;
    }
    try (FileChannel channel = folder.open(QUARANTINE)) {
      return lines(channel, 0);
    }
  }

  private static long lines(FileChannel channel, long from) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    long count = 0;
    long at = from;
    while (true) {
      buffer.clear();
      int read = channel.read(buffer, at);
      if (read <= 0) {
        return count;
      }
      for (int i = 0; i < read; i++) {
        count += buffer.get(i) == '\n' ? 1 : 0;
      }
      at += read;
    }
  }

  /// Puts refused records aside, with what the server said; they do not come back by themselves.
  void quarantine(List<Refused> refused) throws IOException {
    if (refused.isEmpty()) {
      return;
    }
    try (FileChannel channel = folder.open(QUARANTINE)) {
      dropHalfRecord(channel);
      StringBuilder lines = new StringBuilder();
      for (Refused one : refused) {
        lines
            .append("{\"field\":")
            .append(WireJson.write(one.field()))
            .append(",\"reason\":")
            .append(WireJson.write(one.reason()))
            .append(",\"event\":")
            .append(one.json())
            .append("}\n");
      }
      append(
          channel,
          lines.toString().getBytes(StandardCharsets.UTF_8),
          "The quarantine file cannot be written (" + folder.path() + ").");
    }
  }

  /// @param field the field the server named, empty where it named none
  /// @param reason why, as a word of the server's
  record Refused(String json, String field, String reason) {}

  /// Crosses off everything before `end`.
  void done(long end) throws IOException {
    position = end;
    if (position >= queue.size()) {
      queue.truncate(0);
      queue.force(true);
      position = 0;
    }
    folder.replace(POSITION, Long.toString(position));
  }

  private long savedPosition() throws IOException {
    long saved =
        parsed(Files.exists(folder.file(POSITION)) ? Files.readString(folder.file(POSITION)) : "0");
    boolean believable = saved > 0 && saved <= queue.size() && byteAt(queue, saved - 1) == '\n';
    if (!believable && saved != 0) {
      // Emptied, but not noted before a crash. From the start is always right: twice is harmless.
      folder.replace(POSITION, "0");
    }
    return believable ? saved : 0;
  }

  private static long parsed(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text.strip());
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private static int byteAt(FileChannel channel, long at) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    return channel.read(one, at) == 1 ? one.get(0) : -1;
  }

  /// A crash can leave the beginning of a record behind; it was never acknowledged to anyone.
  private static void dropHalfRecord(FileChannel channel) throws IOException {
    long end = channel.size();
    while (end > 0 && byteAt(channel, end - 1) != '\n') {
      end--;
    }
    if (end < channel.size()) {
      channel.truncate(end);
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    queue.close();
    lock.release();
    lockFile.close();
  }
}
