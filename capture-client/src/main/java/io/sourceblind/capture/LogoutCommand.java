// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "logout",
    mixinStandardHelpOptions = true,
    description = "Forgets this machine's token and where it sent to. What is queued stays queued.",
    footer = {"", "Example: capture logout"})
final class LogoutCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  LogoutCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    if (!Enrolment.forget(folder)) {
      json.say(surroundings.out(), "This machine is not enrolled.", "forgotten", false);
      return Capture.DONE;
    }
    json.say(
        surroundings.out(),
        "Forgotten. The server still knows the device: revoke it on your page there if someone"
            + " else could have its token.",
        "forgotten",
        true);
    return Capture.DONE;
  }
}
