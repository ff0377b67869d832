// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Journal;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "mine",
    mixinStandardHelpOptions = true,
    description = "Shows what this machine has sent, byte for byte, and that nothing is missing.",
    footer = {"", "Example: capture mine --batch 3"})
final class MineCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--batch", paramLabel = "NUMBER", description = "Print one batch as it left")
  private @Nullable Long number;

  MineCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    PrintStream out = surroundings.out();
    AtomicBoolean found = new AtomicBoolean(number == null);
    Journal.Verdict verdict =
        Journal.read(
            folder,
            batch -> {
              if (number != null && batch.number() == number) {
                out.print(batch.sent());
                found.set(true);
              } else if (number == null && !json.asked()) {
                out.println(
                    batch.number()
                        + "  "
                        + batch.at()
                        + "  "
                        + Usage.plural(batch.sent().lines().count(), "event", "events")
                        + "  sha256 "
                        + batch.sha256());
              } else if (number == null) {
                json.print(
                    out,
                    "batch",
                    batch.number(),
                    "at",
                    batch.at().toString(),
                    "events",
                    batch.sent().lines().count(),
                    "sha256",
                    batch.sha256());
              }
            });
    String broken = verdict.broken();
    if (broken != null) {
      surroundings.err().println(broken);
      return Capture.FAILED;
    }
    if (!found.get()) {
      surroundings.err().println("The journal has no sent batch of this number.");
      return Capture.FAILED;
    }
    if (number == null && !json.asked()) {
      if (verdict.unanswered() > 0) {
        out.println(
            Usage.plural(verdict.unanswered(), "more batch", "more batches")
                + " had no answer of the server; their events are sent again.");
      }
      out.println(
          Usage.plural(verdict.batches(), "batch", "batches")
              + " with "
              + Usage.plural(verdict.events(), "event", "events")
              + " from number "
              + verdict.first()
              + " on; each entry names the one before.");
    }
    return Capture.DONE;
  }
}
