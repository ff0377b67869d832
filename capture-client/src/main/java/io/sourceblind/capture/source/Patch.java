// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.FileOperation;
import java.util.ArrayList;
import java.util.List;

/// A patch reduced to which files it touches and how many lines of each.
final class Patch {

  private static final int MOST_FILES = 1_000;

  private final List<FileChange> files = new ArrayList<>();
  private FileOperation op = FileOperation.EDIT;
  private String path = "";
  private int added;
  private int removed;
  private int hunks;

  private Patch() {}

  /// Reads the form `*** Begin Patch … *** Update File: path`.
  static List<FileChange> files(String text) {
    Patch patch = new Patch();
    text.lines().forEach(patch::line);
    patch.close();
    return patch.files;
  }

  /// Counts a unified diff of one file.
  static FileChange unified(FileOperation op, String path, String diff) {
    int added = 0;
    int removed = 0;
    int hunks = 0;
    for (String line : diff.split("\n", -1)) {
      if (line.startsWith("@@")) {
        hunks++;
      } else if (hunks > 0 || !(line.startsWith("+++") || line.startsWith("---"))) {
        added += line.startsWith("+") ? 1 : 0;
        removed += line.startsWith("-") ? 1 : 0;
      }
    }
    return FileChange.of(op, path, added, removed, hunks);
  }

  private void line(String line) {
    if (line.startsWith("*** ")) {
      int colon = line.indexOf(": ");
      String rest = colon < 0 ? "" : line.substring(colon + 2).strip();
      if (line.startsWith("*** Add File: ")) {
        open(FileOperation.CREATE, rest);
      } else if (line.startsWith("*** Update File: ")) {
        open(FileOperation.EDIT, rest);
      } else if (line.startsWith("*** Delete File: ")) {
        open(FileOperation.DELETE, rest);
      } else if (line.startsWith("*** Move to: ") && !rest.isEmpty()) {
        op = FileOperation.RENAME;
        path = rest;
      }
    } else if (line.startsWith("@@")) {
      hunks++;
    } else if (line.startsWith("+")) {
      added++;
    } else if (line.startsWith("-")) {
      removed++;
    }
  }

  private void open(FileOperation operation, String name) {
    close();
    op = operation;
    path = name;
    added = 0;
    removed = 0;
    hunks = 0;
  }

  private void close() {
    if (!path.isEmpty() && files.size() < MOST_FILES) {
      files.add(FileChange.of(op, path, added, removed, Math.max(1, hunks)));
    }
  }
}
