// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.agent.Agent;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Journal;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.outbox.Pauses;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says where this machine sends to and what is queued.",
    footer = {"", "Example: capture status"})
final class StatusCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Optional<Enrolment> enrolment = Enrolment.load(folder);
    PrintStream out = surroundings.out();
    if (enrolment.isEmpty()) {
      if (json.asked()) {
        json.print(out, "enrolled", false);
      } else {
        out.println("Not enrolled. Run: capture login --server https://…");
      }
      return Capture.FAILED;
    }
    Enrolment known = enrolment.get();
    Outbox.Contents contents = Outbox.look(folder);
    Taken taken = Taken.of(folder);
    boolean paused = Pauses.load(folder).isPaused();
    if (json.asked()) {
      json.print(
          out,
          "enrolled",
          true,
          "server",
          known.server().toString(),
          "organization",
          known.organization().toString(),
          "profile",
          known.profile(),
          "paths",
          known.pathPolicy(),
          "paused",
          paused,
          "agent",
          Agent.runs(folder),
          "queued",
          contents.waiting(),
          "quarantined",
          contents.quarantined(),
          "removed_source",
          taken.source(),
          "removed_secrets",
          taken.secrets(),
          "removed_personal_data",
          taken.personal());
      return Capture.DONE;
    }
    out.println("Server: " + known.server());
    out.println("Organization: " + known.organization());
    out.println("Capture profile: " + known.profile());
    out.println("Paths leave " + EnrollCommand.pathWords(known.pathPolicy()) + ".");
    if (paused) {
      out.println("Capturing is paused.");
    }
    out.println(Agent.runs(folder) ? "The agent runs." : "No agent runs.");
    out.println(Usage.plural(contents.waiting(), "event is", "events are") + " queued.");
    out.println(
        "Taken out of what was sent: "
            + Usage.plural(taken.source(), "piece", "pieces")
            + " of source or output, "
            + Usage.plural(taken.secrets(), "secret", "secrets")
            + ", "
            + Usage.plural(taken.personal(), "piece", "pieces")
            + " of personal data.");
    if (contents.quarantined() > 0) {
      out.println(
          Usage.plural(contents.quarantined(), "event was", "events were")
              + " refused by the server or unreadable, see the quarantine file.");
    }
    return Capture.DONE;
  }

  /// What the redactor took out of the texts that were sent, by the marks it left.
  private record Taken(long source, long secrets, long personal) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Taken of(CaptureFolder folder) throws IOException {
      long[] counts = new long[3];
      Journal.read(folder, batch -> batch.sent().lines().forEach(line -> count(line, counts)));
      return new Taken(counts[0], counts[1], counts[2]);
    }

    private static void count(String line, long[] counts) {
      JsonNode text = JSON.readTree(line).get("text");
      String words = text == null ? "" : text.asString();
      for (int at = words.indexOf(" removed"); at >= 0; at = words.indexOf(" removed", at + 1)) {
        String mark = words.substring(words.lastIndexOf('[', at) + 1, at);
        switch (mark) {
          case "secret" -> counts[1]++;
          case "personal data" -> counts[2]++;
          case "code", "diff", "stack trace", "output", "data", "text" -> counts[0]++;
          default -> {
            // The engineer's own word.
          }
        }
      }
    }
  }
}
