// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Contract;
import io.sourceblind.capture.outbox.Enrolment;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "accept",
    mixinStandardHelpOptions = true,
    description = "Accepts the server's rules as they are now, after you have looked at them.",
    footer = {"", "Example: capture accept"})
final class AcceptCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();

  AcceptCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Enrolment enrolment = Rules.required(folder);
    Contract now;
    try {
      now = Contract.ask(enrolment.server(), Rules.token(folder, surroundings));
    } catch (Enrolment.Refused refused) {
      surroundings.err().println(refused.getMessage());
      return Capture.FAILED;
    }
    Optional<Contract> before = Contract.accepted(folder);
    now.save(folder);
    surroundings.out().println("Fields the server lets in: " + now.allowlist());
    surroundings.out().println("Tables that keep them:     " + now.database());
    surroundings
        .out()
        .println(
            before.isPresent() && before.get().equals(now)
                ? "You had accepted these already."
                : "Accepted. Sending goes on.");
    return Capture.DONE;
  }
}
