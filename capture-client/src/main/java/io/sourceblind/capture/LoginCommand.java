// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Contract;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.SignIn;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    description = "Signs this machine in by your browser.",
    footer = {"", "Example: capture login --server https://sourceblind.example.com"})
final class LoginCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--server",
      required = true,
      paramLabel = "URL",
      description = "Where your organization's pages are")
  private URI server = URI.create("https://localhost");

  @Option(
      names = "--ingest",
      paramLabel = "URL",
      description = "Where events go, if that is another address")
  private @Nullable URI ingest;

  LoginCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    URI events = ingest == null ? server : ingest;
    Enrolling.requireSafe(server);
    Enrolling.requireSafe(events);
    CaptureFolder folder = home.folder(surroundings);
    SignIn signIn = new SignIn(server, surroundings.clock(), surroundings.sleeper());
    try {
      SignIn.Asked asked = signIn.begin();
      json.say(
          surroundings.out(),
          "Open " + asked.page() + " and type the code " + asked.userCode() + ".",
          "page",
          String.valueOf(asked.page()),
          "user_code",
          asked.userCode());
      SignIn.Tokens tokens = signIn.await(asked);
      Enrolment enrolment = Enrolment.ask(events, tokens.access());
      Contract contract = Contract.ask(events, tokens.access());
      return Enrolling.finish(
          folder,
          surroundings,
          json,
          enrolment,
          contract,
          () -> {
            enrolment.save(folder);
            tokens.save(folder, enrolment);
          });
    } catch (Enrolment.Refused refused) {
      surroundings.err().println(refused.getMessage());
      return Capture.FAILED;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      surroundings.err().println("Signing in was interrupted.");
      return Capture.FAILED;
    }
  }
}
