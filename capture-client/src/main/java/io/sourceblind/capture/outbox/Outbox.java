// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import io.sourceblind.capture.redact.PlainProse;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Prose;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The events that wait to be sent, one line each, in the order in which they came. A record is
/// there as a whole or not at all; one that was sent but not yet crossed off is sent again, which
/// is harmless, because the server knows it by its id.
public final class Outbox implements AutoCloseable {

  static final String QUEUE = "outbox.ndjson";
  static final String POSITION = "outbox.position";
  static final String OWNER = "outbox-owner";
  static final String QUARANTINE = "quarantine.ndjson";
  static final String LOCK = "outbox.lock";
  static final String DROPPED = "outbox.dropped";

  /// Some half a million events.
  private static final long MOST_BYTES = 256L * 1024 * 1024;

  /// Another process may take some five seconds before one gives up.
  private static final int ATTEMPTS = 100;

  private static final Duration BETWEEN = Duration.ofMillis(50);

  /// As much of a line that is no record is kept for whoever looks into it.
  private static final int MOST_KEPT = 64 * 1024;

  private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([0-9a-f-]{36})\"");

  private static final int BLOCK = 64 * 1024;
  private static final int POSITION_BYTES = 20;

  private final CaptureFolder folder;
  private final Disk disk;
  private final long mostBytes;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final FileChannel queue;
  private long position;
  private long unreadable;
  private boolean droppedUnfinished;

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

  /// Opens the outbox, waiting a little for another process that has it open.
  ///
  /// @throws Unusable where the other process keeps it
  public static Outbox open(CaptureFolder folder, Uploader.Sleeper sleeper) throws IOException {
    return new Outbox(folder, Disk.REAL, sleeper, MOST_BYTES);
  }

  Outbox(CaptureFolder folder, Disk disk, Uploader.Sleeper sleeper, long mostBytes)
      throws IOException {
    this.folder = folder;
    this.disk = disk;
    this.mostBytes = mostBytes;
    this.lockFile = folder.open(LOCK);
    try {
      this.lock = lock(lockFile, sleeper);
      this.queue = folder.open(QUEUE);
      this.droppedUnfinished = dropHalfRecord(queue);
      this.position = savedPosition();
    } catch (IOException | RuntimeException failed) {
      lockFile.close();
      throw failed;
    }
  }

  private static FileLock lock(FileChannel file, Uploader.Sleeper sleeper) throws IOException {
    for (int attempt = 1; ; attempt++) {
      FileLock lock = tryLock(file);
      if (lock != null) {
        return lock;
      }
      if (attempt == ATTEMPTS) {
        throw new Unusable("Another capture is sending; try again later.");
      }
      try {
        sleeper.sleep(BETWEEN);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new Unusable("Waiting for another capture was interrupted.");
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  /// Whether the outbox ended with half a record, which was dropped.
  public boolean droppedUnfinished() {
    return droppedUnfinished;
  }

  /// How many lines that are no records were put aside since this was opened.
  public long unreadable() {
    return unreadable;
  }

  /// What lies in a folder, without waiting for whoever works on it.
  ///
  /// @param waiting how many records wait
  /// @param quarantined how many were put aside
  public record Contents(long waiting, long quarantined) {}

  public static Contents look(CaptureFolder folder) throws IOException {
    return new Contents(linesOf(folder, QUEUE, true), linesOf(folder, QUARANTINE, false));
  }

  /// The id of each record that waits, without waiting for whoever works on it.
  static void eachWaiting(CaptureFolder folder, Consumer<UUID> ids) throws IOException {
    if (!Files.exists(folder.file(QUEUE), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel channel =
            FileChannel.open(
                folder.file(QUEUE), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Channels.newInputStream(channel), StandardCharsets.ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher id = EVENT_ID.matcher(line);
        if (id.find()) {
          ids.accept(UUID.fromString(id.group(1)));
        }
      }
    }
  }

  private static long linesOf(CaptureFolder folder, String name, boolean waiting)
      throws IOException {
    if (!Files.exists(folder.file(name), LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    try (FileChannel channel =
        FileChannel.open(folder.file(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long saved = waiting ? parsed(folder.text(POSITION)) : 0;
      return lines(channel, isBelievable(channel, saved) ? saved : 0);
    }
  }

  /// Adds events; all of them are on disk when this returns, or none of them is.
  public void add(List<CapturedEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (CapturedEvent event : events) {
      requireRedacted(event);
      lines.add(WireJson.line(event));
    }
    addLines(lines);
  }

  /// Adds events that were held; they were redacted before they were.
  public void addHeld(List<HeldEvents.Held> events) {
    addLines(events.stream().map(HeldEvents.Held::json).toList());
  }

  /// What no longer fits is not kept, but counted: the oldest are dropped last.
  private void addLines(List<String> events) {
    if (events.isEmpty()) {
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    int kept = 0;
    try {
      long room = mostBytes - queue.size();
      for (String event : events) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        if (lines.size() + bytes.length + 1 > room) {
          break;
        }
        lines.writeBytes(bytes);
        lines.write('\n');
        kept++;
      }
      if (kept < events.size()) {
        noteDropped(new Overflow(events.size() - kept, timeOf(events.get(kept))));
      }
    } catch (IOException full) {
      throw new OutboxFailure(
          "The outbox cannot be read or written (" + folder.path() + ").", full);
    }
    append(queue, lines.toByteArray(), "The outbox cannot be written (" + folder.path() + ").");
  }

  private static Instant timeOf(String event) {
    return Instant.parse(WireJson.read(event).get("occurred_at").asString());
  }

  /// What did not fit.
  ///
  /// @param count how many events
  /// @param at when the first of them happened
  public record Overflow(long count, Instant at) {}

  /// Counts what was not kept, to be told once there is room.
  public void noteDropped(Overflow more) throws IOException {
    Overflow before = overflow();
    Instant first = before == null ? more.at() : before.at();
    long count = (before == null ? 0 : before.count()) + more.count();
    folder.replace(DROPPED, count + " " + first + "\n");
  }

  /// What did not fit since the last time that was told, or null.
  public @Nullable Overflow overflow() throws IOException {
    String text = folder.text(DROPPED);
    if (text == null) {
      return null;
    }
    String[] words = text.strip().split(" ", -1);
    try {
      return new Overflow(Long.parseLong(words[0]), Instant.parse(words[words.length - 1]));
    } catch (NumberFormatException | DateTimeException unreadable) {
      return null;
    }
  }

  /// Tells of what did not fit, by an event that is made of it, as soon as that fits.
  public void tellOverflow(Function<Overflow, CapturedEvent> gap) throws IOException {
    Overflow dropped = overflow();
    if (dropped != null && queue.size() == 0) {
      add(List.of(gap.apply(dropped)));
      // A crash before this tells it again by the same id.
      Files.deleteIfExists(folder.file(DROPPED));
    }
  }

  /// Prose is what the redactor made; anything else that calls itself so is a defect of ours.
  static void requireRedacted(CapturedEvent event) {
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
  /// @param id the event's id
  /// @param end where the record behind it begins
  record Waiting(String json, String id, long end) {}

  /// The next records, at most so many and at most so many bytes with their line breaks. A line
  /// that is none goes to the quarantine file when its turn comes, so that it blocks nothing.
  List<Waiting> next(int most, int mostBytes) throws IOException {
    while (position < queue.size()) {
      List<Waiting> records = new ArrayList<>();
      byte[] bytes = read(position, (int) Math.min(mostBytes, queue.size() - position));
      int start = 0;
      for (int i = 0; i < bytes.length && records.size() < most; i++) {
        if (bytes[i] == '\n') {
          if (!isBlank(bytes, start, i)) {
            Waiting record = record(bytes, start, i);
            if (record == null) {
              break;
            }
            records.add(record);
          }
          start = i + 1;
        }
      }
      if (!records.isEmpty()) {
        return records;
      }
      position += start;
      putAsideOne(mostBytes);
    }
    return List.of();
  }

  private byte[] read(long from, int most) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(most);
    while (buffer.hasRemaining() && queue.read(buffer, from + buffer.position()) >= 0) {
      // Until the buffer is full or the file is at its end.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private @Nullable Waiting record(byte[] bytes, int from, int to) {
    try {
      String json =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, to - from))
              .toString();
      JsonNode id = WireJson.read(json).get("event_id");
      return id == null || !id.isString()
          ? null
          : new Waiting(json, id.asString(), position + to + 1);
    } catch (CharacterCodingException | JacksonException _) {
      return null;
    }
  }

  /// Puts the line at the position aside, if there is one, and steps over it.
  private void putAsideOne(int mostBytes) throws IOException {
    long size = queue.size();
    if (position >= size) {
      done(size);
      return;
    }
    byte[] first = read(position, (int) Math.min(mostBytes, size - position));
    long end = endOfLine(position);
    if (end - position <= first.length && record(first, 0, (int) (end - position) - 1) != null) {
      return;
    }
    byte[] kept = Arrays.copyOf(first, (int) Math.min(MOST_KEPT, end - position - 1));
    quarantineLines(
        "{\"field\":\"\",\"reason\":\"unreadable\",\"bytes\":"
            + (end - position - 1)
            + ",\"base64\":\""
            + Base64.getEncoder().encodeToString(kept)
            + "\"}\n");
    unreadable++;
    done(end);
  }

  /// Where the line behind the one at `from` begins.
  private long endOfLine(long from) throws IOException {
    long at = from;
    while (at < queue.size()) {
      byte[] block = read(at, BLOCK);
      for (int i = 0; i < block.length; i++) {
        if (block[i] == '\n') {
          return at + i + 1;
        }
      }
      at += block.length;
    }
    return queue.size();
  }

  /// How many records wait.
  public long waiting() throws IOException {
    return lines(queue, position);
  }

  /// How many records lie aside.
  public long quarantined() throws IOException {
    return look(folder).quarantined();
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

  /// A batch is about to leave.
  void leaving(Instant at, String sent) {
    try {
      Journal.leaving(folder, disk, at, sent);
    } catch (IOException full) {
      throw new OutboxFailure(
          "What would be sent cannot be written down first (" + folder.path() + "), so it stays.",
          full);
    }
  }

  /// The server answered for what left last.
  void answered(Instant at) throws IOException {
    Journal.answered(folder, disk, at);
  }

  /// Deletes what waits, what was put aside, what was sent, and what the agent noted of it.
  public void purge() throws IOException {
    done(queue.size());
    for (String name :
        List.of(
            QUARANTINE,
            DROPPED,
            OWNER,
            HeldEvents.FILE,
            Told.FILE,
            "agent.json",
            Journal.FILE,
            Journal.OLDER,
            Journal.END)) {
      Files.deleteIfExists(folder.file(name));
    }
  }

  /// Whether nothing waits here for another organization.
  public boolean isFor(UUID organization) throws IOException {
    String owner = folder.text(OWNER);
    Path held = folder.file(HeldEvents.FILE);
    boolean empty = waiting() == 0 && (!Files.exists(held) || Files.size(held) == 0);
    return owner == null || empty || owner.strip().equals(organization.toString());
  }

  /// From now on what is queued is for this organization.
  public void belongTo(UUID organization) throws IOException {
    folder.replace(OWNER, organization + "\n");
  }

  /// Puts refused records aside, with what the server said; they do not come back by themselves.
  void quarantine(List<Refused> refused) throws IOException {
    if (refused.isEmpty()) {
      return;
    }
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
    quarantineLines(lines.toString());
  }

  private void quarantineLines(String lines) throws IOException {
    try (FileChannel channel = folder.open(QUARANTINE)) {
      dropHalfRecord(channel);
      append(
          channel,
          lines.getBytes(StandardCharsets.UTF_8),
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
    note(position);
  }

  /// Where the disk is full no new file can be made, but the old one, always as long as this one,
  /// can be written over.
  private void note(long position) throws IOException {
    String text = String.format(Locale.ROOT, "%-" + (POSITION_BYTES - 1) + "d\n", position);
    try {
      folder.replace(POSITION, text);
    } catch (IOException full) {
      try (FileChannel channel = folder.open(POSITION)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes, bytes.position());
        }
        channel.force(true);
      }
    }
  }

  private long savedPosition() throws IOException {
    String text = folder.text(POSITION);
    long saved = parsed(text);
    boolean believable = isBelievable(queue, saved);
    if (text == null || (!believable && saved != 0)) {
      // Emptied, but not noted before a crash. From the start is always right: twice is harmless.
      note(0);
    }
    return believable ? saved : 0;
  }

  private static boolean isBelievable(FileChannel queue, long saved) throws IOException {
    return saved > 0 && saved <= queue.size() && byteAt(queue, saved - 1) == '\n';
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
  static boolean dropHalfRecord(FileChannel channel) throws IOException {
    long size = channel.size();
    long end = size;
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    boolean found = size == 0 || byteAt(channel, size - 1) == '\n';
    while (!found && end > 0) {
      long from = Math.max(0, end - BLOCK);
      block.clear().limit((int) (end - from));
      while (block.hasRemaining() && channel.read(block, from + block.position()) >= 0) {
        // Until the block is full.
      }
      int i = block.position();
      while (i > 0 && block.get(i - 1) != '\n') {
        i--;
      }
      found = i > 0;
      end = from + i;
    }
    if (end == size) {
      return false;
    }
    channel.truncate(end);
    channel.force(true);
    return true;
  }

  @Override
  public void close() throws IOException {
    queue.close();
    lock.release();
    lockFile.close();
  }
}
