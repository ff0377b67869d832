// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Journal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Prints every event this machine has sent, one JSON object a line.",
    footer = {"", "Example: capture export > mine.ndjson"})
final class ExportCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();

  ExportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Journal.Verdict verdict = Journal.read(folder, batch -> surroundings.out().print(batch.sent()));
    surroundings.out().flush();
    surroundings
        .err()
        .println(
            Usage.plural(verdict.events(), "event", "events")
                + " of this machine. What the server holds of you is on your page there.");
    if (verdict.broken() != null) {
      surroundings.err().println(verdict.broken());
      return Capture.FAILED;
    }
    return Capture.DONE;
  }
}
