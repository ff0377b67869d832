// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.source.SourceReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// The session files at or below the paths someone named, and which of them could not be read.
final class Sessions {

  private final List<Path> files = new ArrayList<>();
  private final List<Path> unreadable = new ArrayList<>();

  private Sessions() {}

  static Sessions find(List<Path> paths, SourceReader reader) throws IOException {
    Sessions sessions = new Sessions();
    for (Path path : paths) {
      if (Files.isRegularFile(path)) {
        sessions.files.add(path);
      } else if (Files.isDirectory(path)) {
        sessions.walk(path, reader);
      } else {
        throw new NoSuchFileException(path.toString());
      }
    }
    return sessions;
  }

  private void walk(Path folder, SourceReader reader) throws IOException {
    List<Path> below = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (Files.isRegularFile(file) && reader.reads(file)) {
              below.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            unreadable.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    below.stream().sorted().forEach(files::add);
  }

  /// What is done with one file.
  interface Reading {
    void read(Path file) throws IOException;
  }

  /// Reads each file; one that cannot be read does not keep the others from it.
  void each(Reading reading) {
    for (Path file : files) {
      try {
        reading.read(file);
      } catch (IOException _) {
        unreadable.add(file);
      }
    }
  }

  int count() {
    return files.size();
  }

  /// Names what could not be read; returns whether there was any.
  boolean tellUnreadable(PrintStream err) {
    for (Path file : unreadable) {
      err.println("Could not be read: " + file.toString().replaceAll("\\p{Cntrl}", "?"));
    }
    return !unreadable.isEmpty();
  }
}
