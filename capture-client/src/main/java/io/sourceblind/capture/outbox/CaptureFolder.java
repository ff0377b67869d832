// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// The folder in which the client keeps what is its own; only its user may look inside.
///
/// @param path where it is
public record CaptureFolder(Path path) {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /// Makes the folder where it is missing and closes it to others where it is open.
  public void create() throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, attributes("rwx------"));
    } else if (POSIX) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
  }

  public Path file(String name) {
    return path.resolve(name);
  }

  /// Puts a text in place as a whole: after a crash the old text is there or the new one.
  public void replace(String name, String text) throws IOException {
    create();
    Path part = file(name + ".part");
    Files.deleteIfExists(part);
    Files.createFile(part, attributes("rw-------"));
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        part, file(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Opens a file to read and append, making it where it is missing.
  FileChannel open(String name) throws IOException {
    create();
    Path file = file(name);
    if (!Files.exists(file)) {
      Files.createFile(file, attributes("rw-------"));
    }
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
