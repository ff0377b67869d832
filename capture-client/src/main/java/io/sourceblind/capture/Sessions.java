// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.FilesAtOnce.Outcome;
import io.sourceblind.capture.source.Sources;
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
  private final List<Path> unknown = new ArrayList<>();

  private Sessions() {}

  static Sessions find(List<Path> paths, Sources sources) throws IOException {
    Sessions sessions = new Sessions();
    for (Path path : paths) {
      if (Files.isRegularFile(path)) {
        sessions.files.add(path);
      } else if (Files.isDirectory(path)) {
        sessions.walk(path, sources);
      } else {
        throw new NoSuchFileException(path.toString());
      }
    }
    return sessions;
  }

  private void walk(Path folder, Sources sources) throws IOException {
    List<Path> below = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            try {
              if (Files.isRegularFile(file) && sources.knows(file)) {
                below.add(file);
              }
            } catch (IOException _) {
              unreadable.add(file);
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

  List<Path> files() {
    return List.copyOf(files);
  }

  /// What is done with one file.
  interface Reading {
    /// Reads it; returns whether it is a session of a tool we know.
    boolean read(Path file) throws IOException;
  }

  /// Reads each file; one that cannot be read does not keep the others from it.
  void each(Reading reading) {
    for (Path file : files) {
      try {
        note(file, reading.read(file) ? Outcome.READ : Outcome.UNKNOWN);
      } catch (IOException _) {
        note(file, Outcome.UNREADABLE);
      }
    }
  }

  /// Remembers what became of a file.
  void note(Path file, Outcome outcome) {
    switch (outcome) {
      case UNKNOWN -> unknown.add(file);
      case UNREADABLE -> unreadable.add(file);
      case READ, AROUND_A_PAUSE -> {}
    }
  }

  int count() {
    return files.size() - unknown.size();
  }

  /// Names what could not be read; returns whether there was any.
  boolean tellUnreadable(PrintStream err) {
    unreadable.forEach(file -> tell(err, "Could not be read: ", file));
    unknown.forEach(file -> tell(err, "No session of a tool we know: ", file));
    return !unreadable.isEmpty() || !unknown.isEmpty();
  }

  private static void tell(PrintStream err, String words, Path file) {
    err.println(words + file.toString().replaceAll("\\p{Cntrl}", "?"));
  }
}
