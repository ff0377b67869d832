// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.FileOperation;
import org.jspecify.annotations.Nullable;

/// What was done to one file: how much, never what.
///
/// @param path the path as the tool wrote it, which stays here unless it lies below the project
record FileChange(
    FileOperation op,
    String path,
    int added,
    int removed,
    int hunks,
    @Nullable Integer bytesBefore,
    @Nullable Integer bytesAfter,
    @Nullable Integer linesRead,
    @Nullable Boolean userModified) {

  static FileChange of(FileOperation op, String path, int added, int removed, int hunks) {
    return new FileChange(op, path, added, removed, hunks, null, null, null, null);
  }

  static FileChange read(String path, @Nullable Integer lines) {
    return new FileChange(FileOperation.READ, path, 0, 0, 0, null, null, lines, null);
  }

  FileChange withBytesAfter(int bytes) {
    return new FileChange(
        op, path, added, removed, hunks, bytesBefore, bytes, linesRead, userModified);
  }

  FileChange withLinesRead(@Nullable Integer lines) {
    return new FileChange(
        op, path, added, removed, hunks, bytesBefore, bytesAfter, lines, userModified);
  }
}
