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
  @Mixin private JsonOption json = new JsonOption();

  ResumeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Pauses pauses = Pauses.load(folder);
    if (!pauses.isPaused()) {
      json.say(surroundings.out(), "There is no pause.", "paused", false);
      return Capture.DONE;
    }
    pauses.until(surroundings.clock().instant()).save(folder);
    json.say(
        surroundings.out(),
        "Capturing again. What happened in the pause stays out.",
        "paused",
        false);
    return Capture.DONE;
  }
}
