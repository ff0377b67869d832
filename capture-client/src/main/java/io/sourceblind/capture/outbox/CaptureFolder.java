// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The folder in which the client keeps what is its own; only its user may look inside.
///
/// @param path where it is
public record CaptureFolder(Path path) {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private static final List<String> OURS =
      List.of(
          Enrolment.FILE,
          Enrolment.TOKEN,
          Outbox.QUEUE,
          Outbox.POSITION,
          Outbox.QUARANTINE,
          Outbox.LOCK,
          Told.FILE,
          HeldEvents.FILE,
          Pauses.FILE,
          "agent.lock",
          "agent.json",
          "agent-token",
          "hooks.json",
          "hook-header",
          Contract.FILE,
          SignIn.FILE,
          SignIn.LOCK,
          "agent-deaf",
          Outbox.OWNER,
          Journal.FILE,
          Journal.END,
          Journal.OLDER,
          Outbox.DROPPED);

  /// Makes the folder where it is missing; closes it and our files in it to others where it is
  /// ours. A folder of someone else's is left as it is.
  public void create() throws IOException {
    if (Files.isSymbolicLink(path)) {
      throw new Unusable("The client's folder is a link; name the folder itself with --home.");
    }
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, attributes("rwx------"));
      return;
    }
    if (!isOurs()) {
      throw new Unusable(
          "The client's folder holds other things; name an empty or a new one with --home.");
    }
    if (POSIX) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      for (String name : OURS) {
        if (Files.isRegularFile(file(name), LinkOption.NOFOLLOW_LINKS)) {
          Files.setPosixFilePermissions(file(name), PosixFilePermissions.fromString("rw-------"));
        }
      }
    }
  }

  private boolean isOurs() throws IOException {
    boolean empty = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        empty = false;
        if (OURS.contains(String.valueOf(entry.getFileName()))) {
          return true;
        }
      }
    }
    return empty;
  }

  /// What a file of ours holds, or null where there is none; a link is not followed.
  public @Nullable String text(String name) throws IOException {
    Path file = file(name);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(plain(file), LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8);
    }
  }

  private static Path plain(Path file) throws Unusable {
    if (Files.isSymbolicLink(file)) {
      throw new Unusable("A file in the client's folder is a link; remove it.");
    }
    return file;
  }

  private static final int LONGEST_TEXT = 64 * 1024;

  public Path file(String name) {
    return path.resolve(name);
  }

  /// Puts a text in place as a whole: after a crash the old text is there or the new one.
  public void replace(String name, String text) throws IOException {
    replace(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void replace(String name, byte[] content) throws IOException {
    create();
    Path part = file(name + ".part");
    Files.deleteIfExists(part);
    Files.createFile(part, attributes("rw-------"));
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        part, file(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Opens a file to read and append, making it where it is missing.
  public FileChannel open(String name) throws IOException {
    create();
    Path file = plain(file(name));
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(file, attributes("rw-------"));
    }
    return FileChannel.open(
        file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
