// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.agent.Agent;
import io.sourceblind.capture.agent.AgentKeys;
import io.sourceblind.capture.agent.Places;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.outbox.Unusable;
import io.sourceblind.capture.source.CaptureProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description =
        "Runs beside your AI tools: reads their session files as they grow, queues and sends.",
    footer = {"", "Example: capture agent --watch ~/projects/shop"})
final class AgentCommand implements Callable<Integer> {

  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration BETWEEN_UPLOADS = Duration.ofSeconds(5);
  private static final Duration AFTER_A_PROBLEM = Duration.ofMinutes(1);

  /// Between looks at the server's rules.
  private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(10);

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--watch",
      paramLabel = "FOLDER",
      description = "A folder to follow beside those of the tools, as for aider or SpecStory")
  private List<Path> more = new ArrayList<>();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "metadata: leave out the words of prompts even where they may leave")
  private CaptureProfile profile = CaptureProfile.PROSE;

  private @Nullable String lastProblem;
  private Instant nextCheck = Instant.EPOCH;

  AgentCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    try {
      while (true) {
        run(folder, enrolment(folder));
        json.say(
            surroundings.out(),
            "This machine's enrolment changed; the agent begins anew.",
            "agent",
            "begins anew");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Capture.DONE;
    }
  }

  /// Waits for it: a service that ends is started again and again.
  private Enrolment enrolment(CaptureFolder folder) throws IOException, InterruptedException {
    Optional<Enrolment> found = Enrolment.load(folder);
    if (found.isEmpty()) {
      surroundings
          .err()
          .println("This machine is not enrolled; the agent waits. Run: capture login");
      if (json.asked()) {
        json.print(surroundings.out(), "agent", "waits");
      }
    }
    while (found.isEmpty()) {
      surroundings.sleeper().sleep(BETWEEN_UPLOADS);
      found = Enrolment.load(folder);
    }
    return found.get();
  }

  /// Runs until the enrolment is another.
  private void run(CaptureFolder folder, Enrolment enrolment)
      throws IOException, InterruptedException {
    List<Path> places =
        new ArrayList<>(Places.of(Path.of(surroundings.userHome()), surroundings.environment()));
    more.forEach(path -> places.add(path.toAbsolutePath()));
    AgentKeys keys = AgentKeys.of(folder, surroundings.random());
    try (Agent agent =
        new Agent(
            folder,
            Rules.of(enrolment, profile),
            places,
            keys,
            surroundings.clock(),
            surroundings.sleeper())) {
      nextCheck = Instant.EPOCH;
      boolean listens = agent.port().isPresent();
      if (json.asked()) {
        json.print(surroundings.out(), "agent", "runs", "port", keys.port(), "listens", listens);
      } else if (listens) {
        surroundings
            .out()
            .println(
                "The agent runs and listens on port " + keys.port() + " of this machine only.");
      }
      if (!listens) {
        surroundings
            .err()
            .println(
                "Something else has port "
                    + keys.port()
                    + " of this machine, so the agent hears no hooks and follows files only. It"
                    + " tries again every half minute.");
      }
      Instant nextUpload = Instant.EPOCH;
      while (isStill(enrolment, folder)) {
        String problem = step(agent);
        Instant now = surroundings.clock().instant();
        if (!now.isBefore(nextUpload)) {
          String unsent = upload(folder, enrolment);
          nextUpload = now.plus(unsent == null ? BETWEEN_UPLOADS : AFTER_A_PROBLEM);
          problem = problem == null ? unsent : problem;
          tell(problem);
        }
      }
    } catch (Agent.EnrolledAnew _) {
      // What was read for the old server is read again for the new one, by its rules.
    }
  }

  private static boolean isStill(Enrolment enrolment, CaptureFolder folder) throws IOException {
    return Enrolment.load(folder).equals(Optional.of(enrolment));
  }

  /// A disk that fails for a while must not end the agent.
  private @Nullable String step(Agent agent) throws Agent.EnrolledAnew, InterruptedException {
    try {
      return agent.step(WAIT);
    } catch (Agent.EnrolledAnew changed) {
      throw changed;
    } catch (IOException failed) {
      surroundings.sleeper().sleep(WAIT);
      return Usage.sentence(failed);
    }
  }

  private @Nullable String upload(CaptureFolder folder, Enrolment enrolment) throws IOException {
    if (Outbox.look(folder).waiting() == 0) {
      return null;
    }
    try (Outbox outbox = Outbox.open(folder, surroundings.sleeper())) {
      if (!isStill(enrolment, folder)) {
        throw new Agent.EnrolledAnew();
      }
      Instant now = surroundings.clock().instant();
      boolean check = !now.isBefore(nextCheck);
      String problem = Sending.upload(outbox, folder, surroundings, enrolment, check).problem();
      nextCheck = problem == null && check ? now.plus(BETWEEN_CHECKS) : nextCheck;
      return problem;
    } catch (Unusable | Rules.NotEnrolled busy) {
      return String.valueOf(busy.getMessage());
    }
  }

  /// Once, however long it lasts.
  private void tell(@Nullable String problem) {
    if (problem != null && !problem.equals(lastProblem)) {
      surroundings.err().println(problem + " The agent keeps what it hears and tries again.");
    }
    lastProblem = problem;
  }
}
