// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the client keeps its things.
final class HomeOption {

  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      description = "Where the client keeps its things; else $CAPTURE_HOME, else ~/.sourceblind")
  private @Nullable Path home;

  CaptureFolder folder(Surroundings surroundings) {
    if (home != null) {
      return new CaptureFolder(home);
    }
    String named = surroundings.environment().get("CAPTURE_HOME");
    boolean isNamed = named != null && !named.isBlank();
    return new CaptureFolder(
        isNamed && named != null
            ? Path.of(named)
            : Path.of(surroundings.userHome(), ".sourceblind"));
  }
}
