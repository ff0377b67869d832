// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Contract;
import io.sourceblind.capture.outbox.Enrolment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "enroll",
    mixinStandardHelpOptions = true,
    description = "Connects this machine with your organization's server.",
    footer = {"", "Example: capture enroll --server https://sourceblind.example.com"})
final class EnrollCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--server",
      required = true,
      paramLabel = "URL",
      description = "Where your organization's server is")
  private URI server = URI.create("https://localhost");

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the device's token; else $CAPTURE_TOKEN, else you are asked")
  private @Nullable Path tokenFile;

  EnrollCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Enrolling.requireSafe(server);
    String token = token();
    if (token.isEmpty()
        || token.length() > 512
        || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new Misuse(
          "The token must be one word of letters, digits and signs, as it was issued.");
    }
    CaptureFolder folder = home.folder(surroundings);
    try {
      Enrolment enrolment = Enrolment.ask(server, token);
      Contract contract = Contract.ask(server, token);
      return Enrolling.finish(
          folder, surroundings, json, enrolment, contract, () -> enrolment.save(folder, token));
    } catch (Enrolment.Refused refused) {
      surroundings.err().println(refused.getMessage());
      return Capture.FAILED;
    }
  }

  /// @param accepted whether the server's rules are those that were accepted
  static void tell(Enrolment enrolment, boolean accepted, PrintStream out, JsonOption json) {
    json.say(
        out,
        "Enrolled at "
            + enrolment.server()
            + ". "
            + (enrolment.profile().equals("prose")
                ? "Redacted words of prompts and numbers about them"
                : "Only numbers about prompts")
            + " may leave this machine; paths leave "
            + pathWords(enrolment.pathPolicy())
            + ".\nSee what that means before anything is sent: capture preview <path>",
        "server",
        String.valueOf(enrolment.server()),
        "organization",
        String.valueOf(enrolment.organization()),
        "profile",
        enrolment.profile(),
        "path_policy",
        enrolment.pathPolicy(),
        "rules_accepted",
        accepted);
  }

  static String pathWords(String policy) {
    return switch (policy) {
      case "relative" -> "as they are below the project's root";
      case "hashed" -> "as keyed hashes";
      default -> "as their extension";
    };
  }

  private String token() throws IOException {
    if (tokenFile != null) {
      return Files.readString(tokenFile).strip();
    }
    String given = surroundings.environment().get("CAPTURE_TOKEN");
    if (given != null && !given.isBlank()) {
      return given.strip();
    }
    surroundings.err().print("Device token: ");
    surroundings.err().flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8));
    String line = in.readLine();
    return line == null ? "" : line.strip();
  }
}
