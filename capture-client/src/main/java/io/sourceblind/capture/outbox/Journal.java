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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Every batch that was sent from this machine, byte for byte, written down before it leaves. Each
/// entry names the hash of the one before, so that nothing can be taken out of the middle unseen.
public final class Journal {

  static final String FILE = "journal.ndjson";
  static final String OLDER = "journal-older.ndjson";

  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final String NONE = "0".repeat(64);

  private Journal() {}

  /// One batch.
  ///
  /// @param number counts from 1
  /// @param sent the lines as they left, before they were packed
  public record Batch(long number, Instant at, String sent) {
    public String sha256() {
      return hash(sent);
    }
  }

  /// What looking through it found.
  ///
  /// @param broken what is wrong with it, in words, or null
  public record Verdict(long batches, long events, @Nullable String broken) {}

  /// What is done with each batch.
  public interface Reader {
    void read(Batch batch) throws IOException;
  }

  static void add(CaptureFolder folder, Outbox.Disk disk, Instant at, String sent)
      throws IOException {
    Path file = folder.file(FILE);
    if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
      Files.move(file, folder.file(OLDER), StandardCopyOption.REPLACE_EXISTING);
    }
    Last last = last(folder);
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("number", last.number() + 1);
    entry.put("at", at.toString());
    entry.put("previous", last.hash());
    entry.put("sha256", hash(sent));
    entry.put("sent", sent);
    try (FileChannel channel = folder.open(FILE)) {
      Outbox.dropHalfRecord(channel);
      channel.position(channel.size());
      byte[] line = (WireJson.write(entry) + "\n").getBytes(StandardCharsets.UTF_8);
      disk.append(channel, ByteBuffer.wrap(line));
    }
  }

  private record Last(long number, String hash) {}

  private static Last last(CaptureFolder folder) throws IOException {
    Last last = new Last(0, NONE);
    for (String name : List.of(OLDER, FILE)) {
      if (Files.exists(folder.file(name))) {
        String line = lastLine(folder, name);
        if (line != null) {
          try {
            last = new Last(WireJson.read(line).get("number").asLong(), hash(line));
          } catch (JacksonException | NullPointerException unreadable) {
            // What was written there is no entry; the chain shows it.
            last = new Last(last.number(), hash(line));
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

  /// Goes through all entries, checks each against the one before, and hands them on.
  public static Verdict read(CaptureFolder folder, Reader reader) throws IOException {
    long batches = 0;
    long events = 0;
    String previous = null;
    for (String name : List.of(OLDER, FILE)) {
      if (!Files.exists(folder.file(name))) {
        continue;
      }
      try (BufferedReader lines = Files.newBufferedReader(folder.file(name))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Batch batch = batch(line, previous);
          if (batch == null) {
            return new Verdict(
                batches,
                events,
                "The entry behind number " + batches + " of this journal is not what was written.");
          }
          batches++;
          events += batch.sent().lines().count();
          previous = hash(line);
          reader.read(batch);
        }
      }
    }
    return new Verdict(batches, events, null);
  }

  private static @Nullable Batch batch(String line, @Nullable String previous) {
    try {
      JsonNode node = WireJson.read(line);
      String sent = node.get("sent").asString();
      boolean follows =
          previous == null
              ? node.get("number").asLong() > 1 || node.get("previous").asString().equals(NONE)
              : node.get("previous").asString().equals(previous);
      return follows && hash(sent).equals(node.get("sha256").asString())
          ? new Batch(node.get("number").asLong(), Instant.parse(node.get("at").asString()), sent)
          : null;
    } catch (JacksonException | DateTimeException | NullPointerException unreadable) {
      return null;
    }
  }

  static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("This Java has no SHA-256", missing);
    }
  }
}
