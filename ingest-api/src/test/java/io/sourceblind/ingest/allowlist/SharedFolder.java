// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Finds the folder of test data that lies beside a checkout, where there is one.
final class SharedFolder {
  private SharedFolder() {}

  /// The file below the folder `shared`, or a skipped test that says so.
  static Path file(String below) {
    var given = System.getProperty("sourceblind.shared");
    var folder = given == null ? besideTheCheckout() : Path.of(given);
    assumeTrue(
        folder != null && Files.exists(folder.resolve(below)),
        "No test data: put it beside the checkout as shared/"
            + below
            + " or name its folder with -Dsourceblind.shared");
    return folder.resolve(below);
  }

  private static @Nullable Path besideTheCheckout() {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("shared"))) {
        return folder.resolve("shared");
      }
    }
    return null;
  }
}
