// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Pauses;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Captures again; what happened in the pause stays out.",
    footer = {"", "Example: capture resume"})
final class ResumeCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();

  ResumeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Pauses pauses = Pauses.load(folder);
    if (!pauses.isPaused()) {
      surroundings.out().println("There is no pause.");
      return Capture.DONE;
    }
    pauses.until(surroundings.clock().instant()).save(folder);
    surroundings.out().println("Capturing again. What happened in the pause stays out.");
    return Capture.DONE;
  }
}
