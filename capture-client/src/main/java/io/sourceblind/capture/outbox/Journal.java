// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Every batch that was sent from this machine, byte for byte, written down before it leaves. Each
/// entry names the hash of the one before, so that nothing can be taken out of the middle unseen. A
/// second entry says that the server answered for it; only then does it count as sent.
public final class Journal {

  static final String FILE = "journal.ndjson";
  static final String OLDER = "journal-older.ndjson";

  /// The hash of the last line, so that the end cannot go unseen either.
  static final String END = "journal-end";

  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final String NONE = "0".repeat(64);

  private Journal() {}

  /// One batch.
  ///
  /// @param number counts from 1
  /// @param sent the lines as they left, before they were packed
  public record Batch(long number, Instant at, String sent) {
    public String sha256() {
      return Sha256.of(sent);
    }
  }

  /// What looking through it found.
  ///
  /// @param first the number of the first batch that is still here, 0 where none is
  /// @param batches how many the server answered for
  /// @param unanswered how many left, or were about to, without an answer
  /// @param broken what is wrong with it, in words, or null
  public record Verdict(
      long first, long batches, long events, long unanswered, @Nullable String broken) {}

  /// What is done with each batch.
  public interface Reader {
    void read(Batch batch) throws IOException;
  }

  /// A batch is about to leave; the same bytes on their next attempt are the same batch.
  static void leaving(CaptureFolder folder, Outbox.Disk disk, Instant at, String sent)
      throws IOException {
    Last last = last(folder);
    if (Sha256.of(sent).equals(last.open())) {
      return;
    }
    Path file = folder.file(FILE);
    if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
      Files.move(file, folder.file(OLDER), StandardCopyOption.REPLACE_EXISTING);
    }
    Map<String, Object> entry = entry(last.number() + 1, at, last);
    entry.put("sha256", Sha256.of(sent));
    entry.put("sent", sent);
    append(folder, disk, entry);
  }

  /// The server answered for the batch that left last.
  static void answered(CaptureFolder folder, Outbox.Disk disk, Instant at) throws IOException {
    Last last = last(folder);
    Map<String, Object> entry = entry(last.number(), at, last);
    entry.put("outcome", "answered");
    append(folder, disk, entry);
  }

  private static Map<String, Object> entry(long number, Instant at, Last last) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("number", number);
    entry.put("at", at.toString());
    entry.put("previous", last.hash());
    return entry;
  }

  private static void append(CaptureFolder folder, Outbox.Disk disk, Map<String, Object> entry)
      throws IOException {
    String line = WireJson.write(entry);
    try (FileChannel channel = folder.open(FILE)) {
      Outbox.dropHalfRecord(channel);
      channel.position(channel.size());
      disk.append(channel, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    folder.replace(END, Sha256.of(line) + "\n");
  }

  /// @param open the hash of the bytes that nobody answered for yet, or null
  private record Last(long number, String hash, @Nullable String open) {}

  private static Last last(CaptureFolder folder) throws IOException {
    Last last = new Last(0, NONE, null);
    for (String name : List.of(OLDER, FILE)) {
      if (Files.exists(folder.file(name))) {
        String line = lastLine(folder, name);
        if (line != null) {
          try {
            JsonNode entry = WireJson.read(line);
            JsonNode sha256 = entry.get("sha256");
            last =
                new Last(
                    entry.get("number").asLong(),
                    Sha256.of(line),
                    sha256 == null ? null : sha256.asString());
          } catch (JacksonException | NullPointerException unreadable) {
            // What was written there is no entry; the chain shows it.
            last = new Last(last.number(), Sha256.of(line), null);
          }
        }
      }
    }
    return last;
  }

  /// Only the end of the file is read: a journal is long, and one batch is short.
  private static @Nullable String lastLine(CaptureFolder folder, String name) throws IOException {
    try (FileChannel channel = folder.open(name)) {
      Outbox.dropHalfRecord(channel);
      long size = channel.size();
      for (int block = 64 * 1024; ; block *= 4) {
        int length = (int) Math.min(size, block);
        ByteBuffer end = ByteBuffer.allocate(length);
        while (end.hasRemaining() && channel.read(end, size - length + end.position()) >= 0) {
          // Until all of it is there.
        }
        String text = new String(end.array(), StandardCharsets.UTF_8).stripTrailing();
        int line = text.lastIndexOf('\n');
        if (line >= 0 || length == size) {
          return text.isEmpty() ? null : text.substring(line + 1);
        }
      }
    }
  }

  /// Goes through all entries, checks each against the one before, and hands on what the server
  /// answered for.
  public static Verdict read(CaptureFolder folder, Reader reader) throws IOException {
    String end = folder.text(END);
    boolean ended = end == null;
    long first = 0;
    long batches = 0;
    long events = 0;
    long unanswered = 0;
    String previous = null;
    Batch open = null;
    for (String name : List.of(OLDER, FILE)) {
      if (!Files.exists(folder.file(name))) {
        continue;
      }
      try (BufferedReader lines = Files.newBufferedReader(folder.file(name))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Entry entry = entry(line, previous);
          if (entry == null || (entry.batch() == null && !entry.answers(open))) {
            return new Verdict(
                first,
                batches,
                events,
                unanswered,
                "The entry behind number "
                    + (open == null ? batches + unanswered : open.number())
                    + " of this journal is not what was written.");
          }
          if (entry.batch() == null && open != null) {
            batches++;
            events += open.sent().lines().count();
            reader.read(open);
          } else {
            unanswered += open == null ? 0 : 1;
            first = first == 0 ? entry.number() : first;
          }
          open = entry.batch();
          previous = Sha256.of(line);
          ended |= previous.equals(end == null ? null : end.strip());
        }
      }
    }
    unanswered += open == null ? 0 : 1;
    // A crash may come between an entry and the note of its hash, but not the other way round.
    boolean whole = ended && (end != null || previous == null);
    return new Verdict(
        first,
        batches,
        events,
        unanswered,
        whole ? null : "The end of this journal is not what was written.");
  }

  /// @param batch null where it says that the one before was answered for
  private record Entry(long number, @Nullable Batch batch) {
    boolean answers(@Nullable Batch open) {
      return open != null && open.number() == number;
    }
  }

  private static @Nullable Entry entry(String line, @Nullable String previous) {
    try {
      JsonNode node = WireJson.read(line);
      long number = node.get("number").asLong();
      boolean follows =
          previous == null
              ? number > 1 || node.get("previous").asString().equals(NONE)
              : node.get("previous").asString().equals(previous);
      if (!follows) {
        return null;
      }
      if (node.has("outcome")) {
        return new Entry(number, null);
      }
      String sent = node.get("sent").asString();
      return Sha256.of(sent).equals(node.get("sha256").asString())
          ? new Entry(number, new Batch(number, Instant.parse(node.get("at").asString()), sent))
          : null;
    } catch (JacksonException | DateTimeException | NullPointerException unreadable) {
      return null;
    }
  }
}
