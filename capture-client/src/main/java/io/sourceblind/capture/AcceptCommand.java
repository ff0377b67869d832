// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Contract;
import io.sourceblind.capture.outbox.Enrolment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "accept",
    mixinStandardHelpOptions = true,
    description = "Accepts the server's rules as they are now, after you have looked at them.",
    footer = {"", "Example: capture accept"})
final class AcceptCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "FINGERPRINT",
      description =
          "Of the rules you looked at, as it was shown; else you are asked, but not with --json")
  private @Nullable String expected;

  AcceptCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Enrolment enrolment = Rules.required(folder);
    Contract now;
    try {
      now = Contract.ask(enrolment.server(), Rules.token(folder, enrolment, surroundings));
    } catch (Enrolment.Refused refused) {
      surroundings.err().println(refused.getMessage());
      return Capture.FAILED;
    }
    boolean already = Contract.accepted(folder, enrolment).filter(now::equals).isPresent();
    if (json.asked()) {
      boolean named = now.fingerprint().equals(expected);
      if (named && !already) {
        now.save(folder, enrolment);
      }
      json.print(
          surroundings.out(),
          "allowlist",
          now.allowlist(),
          "database",
          now.database(),
          "fingerprint",
          now.fingerprint(),
          "accepted",
          already || named);
      return already || named ? Capture.DONE : Capture.FAILED;
    }
    PrintStream out = surroundings.out();
    out.println("Fields the server lets in: " + now.allowlist());
    out.println("Tables that keep them:     " + now.database());
    out.println("Fingerprint of both:       " + now.fingerprint());
    if (already) {
      out.println("You had accepted these already.");
      return Capture.DONE;
    }
    if (expected == null ? !isSure() : !expected.equals(now.fingerprint())) {
      surroundings
          .err()
          .println(
              expected == null
                  ? "Nothing was accepted."
                  : "These are not the rules you named. Nothing was accepted.");
      return Capture.FAILED;
    }
    now.save(folder, enrolment);
    out.println("Accepted. Sending goes on.");
    return Capture.DONE;
  }

  private boolean isSure() throws IOException {
    surroundings.err().print("Type yes to accept these: ");
    surroundings.err().flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8));
    return "yes".equals(in.readLine());
  }
}
