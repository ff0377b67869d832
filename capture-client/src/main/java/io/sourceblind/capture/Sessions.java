// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.source.SourceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The session files at or below the paths someone named.
final class Sessions {

  private Sessions() {}

  static List<Path> find(List<Path> paths, SourceReader reader) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isRegularFile(path)) {
        files.add(path);
      } else if (Files.isDirectory(path)) {
        try (Stream<Path> below = Files.walk(path)) {
          below.filter(Files::isRegularFile).filter(reader::reads).sorted().forEach(files::add);
        }
      } else {
        throw new NoSuchFileException(path.toString());
      }
    }
    return files;
  }
}
