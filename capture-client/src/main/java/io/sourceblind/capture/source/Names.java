// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.nio.file.Path;

/// Names of files.
final class Names {

  private Names() {}

  /// The name of a file without what follows its first dot.
  static String stem(Path file) {
    Path name = file.getFileName();
    String text = name == null ? "" : name.toString();
    int dot = text.indexOf('.');
    return dot > 0 ? text.substring(0, dot) : text;
  }

  /// `file:///home/…` as a path.
  static String withoutScheme(String path) {
    return path.startsWith("file://") ? path.substring("file://".length()) : path;
  }

  /// Whether one of the folders above a file has this name.
  static boolean isBelow(Path file, String folder) {
    for (Path above = file.toAbsolutePath().getParent();
        above != null && above.getFileName() != null;
        above = above.getParent()) {
      if (folder.equals(above.getFileName().toString())) {
        return true;
      }
    }
    return false;
  }
}
