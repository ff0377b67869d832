// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// The lines of a text, one at a time.
final class TextLines {

  private static final int LONGEST = 1024 * 1024;

  private TextLines() {}

  static void read(Path file, Consumer<String> line, Runnable overlong) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      CappedLines lines = new CappedLines(in, LONGEST);
      for (CappedLines.Found found = lines.next(); found != null; found = lines.next()) {
        byte[] bytes = found.bytes();
        if (bytes == null) {
          overlong.run();
        } else {
          String text = new String(bytes, StandardCharsets.UTF_8);
          line.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        }
      }
    }
  }
}
