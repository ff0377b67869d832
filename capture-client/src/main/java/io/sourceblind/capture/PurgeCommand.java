// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.agent.Agent;
import io.sourceblind.capture.hooks.Installer;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Outbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description =
        "Deletes what this machine keeps of you: the queue, the quarantine and the journal.",
    footer = {"", "Example: capture purge --yes"})
final class PurgeCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--yes", description = "Do not ask")
  private boolean yes;

  PurgeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    if (Agent.runs(folder)) {
      throw new Misuse("The agent runs and would go on; stop it first.");
    }
    Outbox.Contents contents = Outbox.look(folder);
    if (!yes && !isSure(contents)) {
      surroundings.out().println("Nothing was deleted.");
      return Capture.FAILED;
    }
    try (Outbox outbox = Sending.open(folder, surroundings)) {
      outbox.purge();
      Installer.forgetCopies(folder);
    }
    String page = Enrolment.load(folder).map(known -> known.server() + "/me/deletion").orElse("");
    json.say(
        surroundings.out(),
        "Deleted here: "
            + Usage.plural(contents.waiting(), "queued event", "queued events")
            + ", the quarantine, the journal, what the agent noted and copies of settings. When"
            + " you paused stays here, so that it is not captured later.\n"
            + "What the server holds of you is deleted by yourself, signed in with both factors: "
            + (page.isEmpty() ? "on your page there" : page),
        "deleted",
        contents.waiting(),
        "server_page",
        page);
    return Capture.DONE;
  }

  private boolean isSure(Outbox.Contents contents) throws IOException {
    surroundings
        .err()
        .print(
            Usage.plural(contents.waiting(), "event", "events")
                + " would never be sent, and what was sent could no longer be shown. Type yes to"
                + " delete: ");
    surroundings.err().flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8));
    return "yes".equals(in.readLine());
  }
}
