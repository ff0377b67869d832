// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// OpenCode's former storage: `storage/session/…/ID.json`, `storage/message/SESSION/ID.json`,
/// `storage/part/MESSAGE/ID.json`. The first message of a session stands for the session.
final class OpenCodeFolder {

  private static final long LARGEST = 16L * 1024 * 1024;

  private OpenCodeFolder() {}

  static boolean isFirstMessage(Head head) throws IOException {
    Path file = head.path().toAbsolutePath();
    Path session = file.getParent();
    Path messages = session == null ? null : session.getParent();
    boolean placed =
        head.name().endsWith(".json")
            && messages != null
            && messages.endsWith("message")
            && head.keys().contains("role")
            && head.keys().contains("sessionID");
    return placed
        && files(Objects.requireNonNull(session)).stream().findFirst().equals(Optional.of(file));
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
  }

  static void read(Reading reading, Path first, Consumer<CapturedEvent> events) throws IOException {
    Path folder = Objects.requireNonNull(first.toAbsolutePath().getParent());
    Path storage = Objects.requireNonNull(Objects.requireNonNull(folder.getParent()).getParent());
    OpenCodeMessages messages =
        new OpenCodeMessages(reading, Source.TRANSCRIPT, folder.getFileName().toString(), events);
    describe(storage, folder.getFileName().toString(), messages);
    record Message(long at, String id, Path file) {}
    List<Message> all = new ArrayList<>();
    for (Path file : files(folder)) {
      JsonNode message = parsed(file);
      if (message == null) {
        messages.gap(GapReason.PARSE_ERROR);
        continue;
      }
      String id = Json.text(message, "id", Names.stem(file));
      all.add(new Message(Json.number(Json.object(message, "time"), "created", 0), id, file));
    }
    all.sort(java.util.Comparator.comparingLong(Message::at).thenComparing(Message::id));
    for (Message message : all) {
      JsonNode content = parsed(message.file());
      if (content != null) {
        messages.message(message.id(), content);
        parts(storage, message.id(), messages);
      }
    }
    messages.end();
  }

  private static void parts(Path storage, String message, OpenCodeMessages messages)
      throws IOException {
    int number = 0;
    for (Path file : files(storage.resolve("part").resolve(message))) {
      number++;
      JsonNode part = parsed(file);
      if (part == null) {
        messages.gap(GapReason.PARSE_ERROR);
        continue;
      }
      try {
        messages.row(part, number, (int) Files.size(file));
      } catch (RuntimeException surprise) {
        // A record we misread must not cost the rest of the session; its content is in no message.
        messages.gap(GapReason.PARSE_ERROR);
      }
      messages.between();
    }
  }

  private static void describe(Path storage, String session, OpenCodeMessages messages)
      throws IOException {
    Path sessions = storage.resolve("session");
    if (!Files.isDirectory(sessions)) {
      return;
    }
    try (Stream<Path> all = Files.walk(sessions, 2)) {
      Optional<Path> own =
          all.filter(path -> path.endsWith(session + ".json")).sorted().findFirst();
      JsonNode told = own.isEmpty() ? null : parsed(own.get());
      if (told != null) {
        messages.about(
            Json.text(told, "id"),
            Json.text(told, "directory"),
            Json.text(told, "version"),
            Json.text(told, "parentID"));
      }
    }
  }

  private static @Nullable JsonNode parsed(Path file) throws IOException {
    JsonNode node = Files.size(file) > LARGEST ? null : JsonLines.parsed(Files.readAllBytes(file));
    return node != null && node.isObject() ? node : null;
  }
}
