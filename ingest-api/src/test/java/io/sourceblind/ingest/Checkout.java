// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import java.nio.file.Files;
import java.nio.file.Path;

/// Finds what lies in the repository outside of this module.
final class Checkout {
  private Checkout() {}

  static Path path(String below) {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("ingest-api"))) {
        return folder.resolve(below);
      }
    }
    throw new IllegalStateException("The tests run in a checkout of the repository");
  }
}
