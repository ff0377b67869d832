// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Outbox;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says where this machine sends to and what is queued.",
    footer = {"", "Example: capture status"})
final class StatusCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Optional<Enrolment> enrolment = Enrolment.load(folder);
    PrintStream out = surroundings.out();
    if (enrolment.isEmpty()) {
      out.println("Not enrolled. Run: capture enroll --server https://…");
      return Capture.FAILED;
    }
    Enrolment known = enrolment.get();
    out.println("Server: " + known.server());
    out.println("Organization: " + known.organization());
    out.println("Capture profile: " + known.profile());
    out.println("Paths leave " + EnrollCommand.pathWords(known.pathPolicy()) + ".");
    Outbox.Contents contents = Outbox.look(folder);
    out.println(Usage.plural(contents.waiting(), "event is", "events are") + " queued.");
    if (contents.quarantined() > 0) {
      out.println(
          Usage.plural(contents.quarantined(), "event was", "events were")
              + " refused by the server or unreadable, see the quarantine file.");
    }
    return Capture.DONE;
  }
}
