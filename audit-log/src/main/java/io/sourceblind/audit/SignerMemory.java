// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.note.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The last checkpoint of each log that the signer has agreed to, in a file that no database and no
/// backup of one knows. Lines are only ever added, and each is on disk before its signature exists.
final class SignerMemory implements AutoCloseable {
  private static final int MOST_LINES_A_LOG = 100;

  private final Path file;
  private final Map<String, Checkpoint> last = new HashMap<>();
  private FileChannel channel;
  private long lines;

  private SignerMemory(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Remembers what the file holds, and keeps it from any other signer.
  ///
  /// @throws IllegalStateException if there is no such file: a signer that has lost its memory must
  ///   not sign; for the very first start an empty file is made by hand
  static SignerMemory open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          "The signer's memory is missing. For a new installation make an empty file there; if it"
              + " was lost, restore it from its backup or begin a new epoch");
    }
    try {
      var memory = new SignerMemory(file, locked(file));
      memory.remember();
      return memory;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  Optional<Checkpoint> last(String origin) {
    return Optional.ofNullable(last.get(origin));
  }

  /// The name of the newest epoch of a log: its own name if it never began anew.
  String newestEpoch(String origin) {
    var newest = origin;
    for (var epoch = 2; last.containsKey(origin + Logs.EPOCH + epoch); epoch++) {
      newest = origin + Logs.EPOCH + epoch;
    }
    return newest;
  }

  /// On disk when it returns.
  void keep(Checkpoint checkpoint) {
    try {
      channel.write(ByteBuffer.wrap(line(checkpoint).getBytes(UTF_8)));
      channel.force(true);
      last.put(checkpoint.origin(), checkpoint);
      lines++;
      if (lines > (last.size() + 1L) * MOST_LINES_A_LOG) {
        shorten();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("The signer's memory cannot be written", failed);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException sameProcess) {
      channel.close();
      throw new IllegalStateException("Another signer has this memory open", sameProcess);
    }
    channel.close();
    throw new IllegalStateException("Another signer has this memory open");
  }

  private void remember() throws IOException {
    var text = Files.readString(file);
    // A line without its end was cut off in a crash, before anything was signed for it.
    var whole = text.substring(0, text.lastIndexOf('\n') + 1);
    for (var line : whole.lines().toList()) {
      var checkpoint = Checkpoint.parse(line.replace(' ', '\n') + "\n");
      last.put(checkpoint.origin(), checkpoint);
      lines++;
    }
    channel.truncate(whole.getBytes(UTF_8).length);
    channel.position(channel.size());
  }

  private void shorten() throws IOException {
    var beside = file.resolveSibling(file.getFileName() + ".new");
    var all = new StringBuilder();
    last.values().forEach(checkpoint -> all.append(line(checkpoint)));
    Files.writeString(beside, all);
    try (var written = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(beside, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    channel.close();
    channel = locked(file);
    channel.position(channel.size());
    lines = last.size();
  }

  private static String line(Checkpoint checkpoint) {
    return checkpoint.body().strip().replace('\n', ' ') + "\n";
  }
}
