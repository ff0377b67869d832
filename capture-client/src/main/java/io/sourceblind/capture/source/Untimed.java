// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Times for the records of a file that has none: its first record happened when the file was made,
/// and each other a millisecond after the one before. They stay the same while the file grows.
record Untimed(Instant made) {

  static Untimed of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Instant created = attributes.creationTime().toInstant();
    Instant changed = attributes.lastModifiedTime().toInstant();
    // A copy may be younger than what it holds.
    Instant made = created.isBefore(changed) ? created : changed;
    return new Untimed(made.truncatedTo(ChronoUnit.MILLIS));
  }

  Instant at(int number) {
    return made.plusMillis(number);
  }
}
