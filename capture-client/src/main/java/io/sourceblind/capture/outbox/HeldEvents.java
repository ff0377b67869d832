// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import io.sourceblind.capture.redact.PlainProse;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What hooks and logs told, redacted, until it is clear whether the session's file tells it, too.
/// It is on disk before the hook is answered.
public final class HeldEvents implements AutoCloseable {

  static final String FILE = "held.ndjson";

  /// A tool that reports without end and never ends a session must not fill the disk.
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  private final CaptureFolder folder;
  private final long mostBytes;
  private FileChannel file;
  private final Map<UUID, Held> held = new LinkedHashMap<>();
  private final Map<Ref, Held> calls = new LinkedHashMap<>();

  private Outbox.@Nullable Overflow dropped;

  private HeldEvents(CaptureFolder folder, long mostBytes) throws IOException {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.file = folder.open(FILE);
  }

  /// One event that is held.
  ///
  /// @param heard when its hook came
  /// @param tookMs how long its call took, if it is a call's
  public record Held(
      Instant heard,
      Ref session,
      @Nullable Ref call,
      UUID id,
      Instant at,
      Source source,
      @Nullable Integer tookMs,
      String json) {}

  public static HeldEvents open(CaptureFolder folder) throws IOException {
    return open(folder, MOST_BYTES);
  }

  static HeldEvents open(CaptureFolder folder, long mostBytes) throws IOException {
    HeldEvents events = new HeldEvents(folder, mostBytes);
    FileChannel file = events.file;
    try {
      Outbox.dropHalfRecord(file);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), Integer.MAX_VALUE - 8));
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // Until all of it is there.
      }
      String text = new String(bytes.array(), StandardCharsets.UTF_8);
      text.lines().map(HeldEvents::read).forEach(events::keep);
      file.position(file.size());
      return events;
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  private void keep(@Nullable Held one) {
    if (one == null) {
      return;
    }
    Ref call = one.call();
    Held before = call == null ? null : calls.get(call);
    if (call != null
        && before != null
        && before.source() == Source.OTEL
        && one.source() == Source.HOOK) {
      held.values().removeIf(other -> call.equals(other.call()));
      calls.remove(call);
    }
    held.put(one.id(), one);
    if (call != null && (one.tookMs() != null || !calls.containsKey(call))) {
      calls.put(call, one);
    }
  }

  /// Holds what one hook told. A call that another hook told of is not held twice; a hook knows
  /// more of a call than a log.
  public synchronized void hold(Instant heard, Ref session, List<CapturedEvent> events)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    List<Held> fresh = new ArrayList<>();
    for (CapturedEvent event : events) {
      Outbox.requireRedacted(event);
      Ref call = event.envelope().callRef();
      Held before = call == null ? null : calls.get(call);
      if (before != null
          && (before.source() == Source.HOOK || event.envelope().source() != Source.HOOK)) {
        continue;
      }
      Held one =
          new Held(
              heard,
              session,
              call,
              event.envelope().eventId(),
              event.envelope().occurredAt(),
              event.envelope().source(),
              event instanceof CapturedEvent.ToolCompleted tool ? tool.durationMs() : null,
              WireJson.line(event));
      fresh.add(one);
      lines.append(line(one)).append('\n');
    }
    if (fresh.isEmpty()) {
      return;
    }
    // Without waiting for the disk: a killed process loses nothing by that, and the tool waits.
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    if (file.size() + bytes.remaining() > mostBytes) {
      rewrite();
    }
    if (file.size() + bytes.remaining() > mostBytes) {
      long before = dropped == null ? 0 : dropped.count();
      Instant first = dropped == null ? fresh.getFirst().at() : dropped.at();
      dropped = new Outbox.Overflow(before + fresh.size(), first);
      return;
    }
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    fresh.forEach(this::keep);
  }

  /// Most of what was held may have gone on since; only what is still held stays in the file.
  private void rewrite() throws IOException {
    StringBuilder lines = new StringBuilder();
    held.values().forEach(one -> lines.append(line(one)).append('\n'));
    if (lines.length() > mostBytes / 2) {
      return;
    }
    folder.replace(FILE, lines.toString());
    file.close();
    file = folder.open(FILE);
    file.position(file.size());
  }

  /// What did not fit and was not told so yet, or null.
  public synchronized Outbox.@Nullable Overflow dropped() {
    return dropped;
  }

  /// So much of it was told.
  public synchronized void told(Outbox.Overflow noted) {
    Outbox.Overflow all = dropped;
    dropped =
        all == null || all.count() <= noted.count()
            ? null
            : new Outbox.Overflow(all.count() - noted.count(), all.at());
  }

  /// What is held, the eldest first.
  public synchronized List<Held> all() {
    return List.copyOf(held.values());
  }

  /// What a hook told of a call, or null.
  public synchronized @Nullable Held ofCall(Ref call) {
    return calls.get(call);
  }

  /// Lets go of what was queued, or what the session's file told. What a crash brings back is known
  /// as told by then.
  public synchronized void remove(Collection<Held> done) throws IOException {
    for (Held one : done) {
      held.remove(one.id());
      if (one.call() != null) {
        calls.remove(one.call());
      }
    }
    if (held.isEmpty()) {
      file.truncate(0);
      file.position(0);
    }
  }

  private static String line(Held one) {
    return "{\"heard\":\""
        + one.heard()
        + "\",\"session\":\""
        + one.session().hex()
        + (one.call() == null ? "" : "\",\"call\":\"" + one.call().hex())
        + "\",\"event\":"
        + one.json()
        + "}";
  }

  private static @Nullable Held read(String line) {
    try {
      JsonNode node = WireJson.read(line);
      JsonNode event = node.get("event");
      JsonNode took = event.get("duration_ms");
      JsonNode call = node.get("call");
      boolean isTool = event.get("kind").asString().equals("tool.completed");
      JsonNode text = event.get("text");
      if (text != null && !PlainProse.isPlain(text.asString())) {
        // Whoever wrote that, it was not the redactor of now.
        return null;
      }
      return new Held(
          Instant.parse(node.get("heard").asString()),
          ref(node.get("session").asString()),
          call == null ? null : ref(call.asString()),
          UUID.fromString(event.get("event_id").asString()),
          Instant.parse(event.get("occurred_at").asString()),
          event.get("source").asString().equals("otel") ? Source.OTEL : Source.HOOK,
          isTool && took != null ? took.asInt() : null,
          WireJson.write(event));
    } catch (JacksonException
        | DateTimeException
        | IllegalArgumentException
        | NullPointerException unreadable) {
      // A line of a version that wrote others; its call is told by the session's file, if at all.
      return null;
    }
  }

  private static Ref ref(String hex) {
    return new Ref(
        HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
