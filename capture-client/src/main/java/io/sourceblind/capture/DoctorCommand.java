// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.agent.Agent;
import io.sourceblind.capture.agent.Places;
import io.sourceblind.capture.hooks.HookedTool;
import io.sourceblind.capture.hooks.Installer;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Contract;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.outbox.Pauses;
import io.sourceblind.capture.outbox.Unusable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Looks for what keeps this machine from capturing, and says how to mend it.",
    footer = {"", "Example: capture doctor"})
final class DoctorCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  private int wrong;

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Optional<Enrolment> enrolment = Enrolment.load(folder);
    tell(
        "enrolment",
        enrolment.isPresent(),
        "this machine is not enrolled",
        "capture login --server https://…");
    if (enrolment.isPresent()) {
      server(folder, enrolment.get());
    }
    tell("pause", !Pauses.load(folder).isPaused(), "capturing is paused", "capture resume");
    boolean runs = Agent.runs(folder);
    tell("agent", runs, "no agent runs", "capture install");
    tell(
        "hooks",
        !runs || !Agent.isDeaf(folder),
        "something else has the agent's port, so the agent hears no hooks and follows files only",
        "end what has the port; the agent tries again every half minute");
    Outbox.Contents contents = Outbox.look(folder);
    tell(
        "quarantine",
        contents.quarantined() == 0,
        Usage.plural(contents.quarantined(), "event was", "events were")
            + " refused by the server or unreadable",
        "update the capture client, then look into quarantine.ndjson");
    Path user = Path.of(surroundings.userHome());
    List<Path> places = Places.of(user, surroundings.environment());
    tell(
        "tools",
        places.stream().anyMatch(Files::isDirectory),
        "no session of a tool we know was found",
        "name its folder: capture agent --watch FOLDER");
    hooks(new Installer(folder, user, surroundings.environment(), surroundings.clock()));
    if (!json.asked()) {
      surroundings
          .out()
          .println(
              wrong == 0 ? "All is well." : Usage.plural(wrong, "thing", "things") + " to mend.");
    }
    return wrong == 0 ? Capture.DONE : Capture.FAILED;
  }

  private void server(CaptureFolder folder, Enrolment enrolment) throws IOException {
    try {
      String token = Rules.token(folder, enrolment, surroundings);
      Contract now = Contract.ask(enrolment.server(), token);
      tell("server", true, "", "");
      tell(
          "rules",
          Contract.accepted(folder, enrolment).filter(now::equals).isPresent(),
          "the server's rules are not those you accepted",
          "look at them, then: capture accept");
    } catch (Enrolment.Refused | Unusable | Rules.NotEnrolled refused) {
      tell(
          "server", false, String.valueOf(refused.getMessage()), "check the network and the token");
    }
  }

  /// Hooks are a choice; only half of them is a fault.
  private void hooks(Installer installer) throws IOException {
    for (HookedTool tool : HookedTool.values()) {
      try {
        int here = installer.installed(tool).size();
        tell(
            "hooks of " + tool.word(),
            here == 0 || here == installer.wanted(tool).size(),
            "some hooks are missing",
            "capture hooks install --tool " + tool.word());
      } catch (Installer.Refused refused) {
        tell(
            "hooks of " + tool.word(),
            false,
            String.valueOf(refused.getMessage()),
            "mend the file");
      }
    }
  }

  private void tell(String what, boolean well, String trouble, String fix) {
    wrong += well ? 0 : 1;
    if (json.asked()) {
      json.print(
          surroundings.out(),
          "what",
          what,
          "well",
          well,
          "trouble",
          well ? "" : trouble,
          "fix",
          well ? "" : fix);
    } else if (!well) {
      surroundings.out().println(what + ": " + trouble + ". Fix: " + fix);
    }
  }
}
