// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Pauses;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Captures nothing of what happens from now on, until you resume.",
    footer = {"", "Example: capture pause"})
final class PauseCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  PauseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Pauses.load(folder).from(surroundings.clock().instant()).save(folder);
    json.say(
        surroundings.out(),
        "Paused. What happens from now on is not captured, also not later. Go on with: capture"
            + " resume",
        "paused",
        true);
    return Capture.DONE;
  }
}
