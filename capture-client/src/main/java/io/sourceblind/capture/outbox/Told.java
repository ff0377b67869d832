// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import io.sourceblind.events.Ref;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the agent has told already, so that nothing is told twice however often a file is read
/// again: the ids of events that were queued, and who told of a call. It forgets the eldest beyond
/// a million; the server knows those.
public final class Told implements AutoCloseable {

  static final String FILE = "told";

  private static final int RECORD = 17;
  private static final int MOST_RECORDS = 1_000_000;

  /// What may be told only once.
  public enum Kind {
    /// An event, by its id.
    EVENT(0),
    /// A call whose record comes from the session's file.
    CALL_BY_FILE(1),
    /// A call whose record comes from a hook or a log.
    CALL_BY_HOOK(2),
    /// A session whose file is read.
    SESSION(3),
    /// A session part of which lies in a pause.
    SESSION_WITH_PAUSE(4);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    static @Nullable Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return null;
    }
  }

  private final FileChannel file;
  private final Map<Kind, Fingerprints> known = new EnumMap<>(Kind.class);
  private ByteBuffer unwritten = ByteBuffer.allocate(RECORD * 64);

  private Told(FileChannel file) {
    this.file = file;
    for (Kind kind : Kind.values()) {
      known.put(kind, new Fingerprints());
    }
  }

  /// Opens it; what waits in the outbox counts as told even if a crash came before it was noted.
  public static Told open(CaptureFolder folder) throws IOException {
    halve(folder);
    FileChannel file = folder.open(FILE);
    Told told = new Told(file);
    try {
      told.load();
      // A crash can leave part of a record behind.
      file.truncate(file.size() / RECORD * RECORD);
      Outbox.eachWaiting(folder, id -> told.set(Kind.EVENT).add(Fingerprints.of(id)));
      return told;
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  private static void halve(CaptureFolder folder) throws IOException {
    Path path = folder.file(FILE);
    if (Files.exists(path) && Files.size(path) > (long) RECORD * MOST_RECORDS) {
      try (FileChannel old = folder.open(FILE)) {
        long from = old.size() / RECORD / 2 * RECORD;
        ByteBuffer kept = ByteBuffer.allocate((int) (old.size() - from));
        while (kept.hasRemaining() && old.read(kept, from + kept.position()) >= 0) {
          // Until all of it is there.
        }
        folder.replace(FILE, kept.array());
      }
    }
  }

  /// What was told so far, to look at only: an agent may be writing to it.
  public static Told look(CaptureFolder folder) throws IOException {
    Told told = new Told(folder.open(FILE));
    told.load();
    return told;
  }

  private void load() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) (file.size() / RECORD * RECORD));
    while (bytes.hasRemaining() && file.read(bytes) >= 0) {
      // Until all of it is there.
    }
    bytes.flip();
    while (bytes.remaining() >= RECORD) {
      Kind kind = Kind.of(bytes.get());
      long fingerprint = Fingerprints.of(bytes.getLong(), bytes.getLong());
      if (kind != null) {
        set(kind).add(fingerprint);
      }
    }
    file.position(file.size());
  }

  private Fingerprints set(Kind kind) {
    return Objects.requireNonNull(known.get(kind));
  }

  public synchronized boolean has(Kind kind, Ref ref) {
    return set(kind).has(Fingerprints.of(ref.high(), ref.low()));
  }

  public synchronized boolean has(UUID event) {
    return set(Kind.EVENT).has(Fingerprints.of(event));
  }

  public synchronized void add(Kind kind, Ref ref) {
    note(kind, ref.high(), ref.low());
  }

  public synchronized void add(UUID event) {
    note(Kind.EVENT, event.getMostSignificantBits(), event.getLeastSignificantBits());
  }

  private void note(Kind kind, long high, long low) {
    if (!set(kind).add(Fingerprints.of(high, low))) {
      return;
    }
    if (unwritten.remaining() < RECORD) {
      unwritten.flip();
      unwritten = ByteBuffer.allocate(unwritten.capacity() * 2).put(unwritten);
    }
    unwritten.put(kind.code).putLong(high).putLong(low);
  }

  /// Writes what was added; a process that is killed behind this knows it again.
  public synchronized void write() throws IOException {
    unwritten.flip();
    boolean any = unwritten.hasRemaining();
    try {
      while (unwritten.hasRemaining()) {
        file.write(unwritten);
      }
      if (any) {
        // The disk of a machine that loses its power must not know the event and forget its teller.
        file.force(false);
      }
    } finally {
      unwritten.compact();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
