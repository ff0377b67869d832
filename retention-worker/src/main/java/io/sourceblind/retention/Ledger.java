// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a restored backup would have forgotten: the deletions that were confirmed, and up to which
/// day each organization's data was let go. A file of ids and days beside the backups, written
/// before anything is deleted.
final class Ledger {
  private static final String EVERYBODY = "everybody";
  private static final String EVERYTHING = "everything";

  private final @Nullable Path file;

  /// One line of it.
  sealed interface Line {
    UUID organization();

    /// Everything before the day is gone.
    record LetGo(UUID organization, LocalDate before) implements Line {}

    /// Somebody's data, or with no person everybody's, is to be gone.
    ///
    /// @param released whether the released numbers go too
    record Confirmed(
        UUID organization,
        UUID deletion,
        @Nullable UUID person,
        boolean released,
        UUID askedBy,
        Instant at)
        implements Line {}
  }

  /// @param file empty where no backups are taken; an existing file, which is made by hand once:
  ///   one that is not mounted must not look like one in which nothing stands
  Ledger(String file) {
    this.file = file.isBlank() ? null : Path.of(file);
    if (this.file != null && !Files.isRegularFile(this.file)) {
      throw new IllegalStateException(
          "retention.ledger names no file. Mount it; for a new installation make an empty one");
    }
  }

  /// On disk when it returns.
  void keep(Line line) {
    if (file == null) {
      return;
    }
    try (var channel = FileChannel.open(file, READ, WRITE)) {
      channel.position(endOfLines(Files.readAllBytes(file)));
      var bytes = ByteBuffer.wrap((words(line) + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.truncate(channel.position());
      channel.force(true);
    } catch (IOException failed) {
      throw new UncheckedIOException("The ledger cannot be written, so nothing is deleted", failed);
    }
  }

  List<Line> lines() {
    if (file == null) {
      return List.of();
    }
    try {
      var bytes = Files.readAllBytes(file);
      return new String(bytes, 0, endOfLines(bytes), UTF_8).lines().map(Ledger::parse).toList();
    } catch (IOException failed) {
      throw new UncheckedIOException("The ledger cannot be read", failed);
    }
  }

  /// A line that a crash cut off was never acted on: it is kept before anything is deleted.
  private static int endOfLines(byte[] bytes) {
    var end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static String words(Line line) {
    return switch (line) {
      case Line.LetGo(var organization, var before) ->
          "let-go %s %s".formatted(organization, before);
      case Line.Confirmed confirmed ->
          "confirmed %s %s %s %s %s"
              .formatted(
                  confirmed.organization(),
                  confirmed.deletion(),
                  whose(confirmed),
                  confirmed.askedBy(),
                  confirmed.at());
    };
  }

  private static String whose(Line.Confirmed confirmed) {
    if (confirmed.person() != null) {
      return confirmed.person().toString();
    }
    return confirmed.released() ? EVERYTHING : EVERYBODY;
  }

  private static Line parse(String line) {
    var words = line.split(" ", -1);
    return switch (words[0] + " " + (words.length - 1)) {
      case "let-go 2" -> new Line.LetGo(UUID.fromString(words[1]), LocalDate.parse(words[2]));
      case "confirmed 5" ->
          new Line.Confirmed(
              UUID.fromString(words[1]),
              UUID.fromString(words[2]),
              List.of(EVERYBODY, EVERYTHING).contains(words[3]) ? null : UUID.fromString(words[3]),
              words[3].equals(EVERYTHING),
              UUID.fromString(words[4]),
              Instant.parse(words[5]));
      default ->
          throw new IllegalStateException(
              "The ledger has a line that is none; restore it from its copy");
    };
  }
}
