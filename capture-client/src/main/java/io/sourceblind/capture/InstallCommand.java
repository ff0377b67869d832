// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.agent.AgentKeys;
import io.sourceblind.capture.agent.Places;
import io.sourceblind.capture.agent.Service;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.source.CaptureProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "install",
    mixinStandardHelpOptions = true,
    description = "Lets the agent start when you sign in, and says what it will capture.",
    footer = {"", "Example: capture install"})
final class InstallCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--service",
      paramLabel = "SYSTEM",
      description = "systemd or launchd; by default that of this machine")
  private @Nullable Service service;

  @Option(
      names = "--program",
      paramLabel = "FILE",
      description = "The capture program to start; by default this one")
  private @Nullable Path program;

  @Option(
      names = "--watch",
      paramLabel = "FOLDER",
      description = "A folder that the agent follows beside those of the tools")
  private List<Path> more = new ArrayList<>();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "metadata: the agent leaves out the words of prompts even where they may leave")
  private CaptureProfile profile = CaptureProfile.PROSE;

  InstallCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Enrolment enrolment = Rules.required(folder);
    AgentKeys.of(folder, surroundings.random());
    Path user = Path.of(surroundings.userHome());
    Service chosen = service == null ? usual() : service;
    List<String> command = new ArrayList<>(program());
    command.addAll(List.of("agent", "--home", folder.path().toAbsolutePath().toString()));
    if (profile == CaptureProfile.METADATA) {
      command.addAll(List.of("--profile", "metadata"));
    }
    more.forEach(path -> command.addAll(List.of("--watch", path.toAbsolutePath().toString())));
    Path file = chosen.file(user);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, chosen.text(command, Places.named(surroundings.environment())));
    PrintStream out = surroundings.out();
    boolean prose = Rules.of(enrolment, profile).profile() == CaptureProfile.PROSE;
    if (json.asked()) {
      json.print(
          out,
          "service",
          chosen.name().toLowerCase(Locale.ROOT),
          "file",
          file.toString(),
          "profile",
          prose ? "prose" : "metadata",
          "path_policy",
          enrolment.pathPolicy(),
          "begin",
          chosen.begin(user));
      return Capture.DONE;
    }
    out.println(
        "Captured: numbers on sessions, prompts, tool calls, commands' names, files and tokens.");
    out.println(
        prose
            ? "Words of prompts leave as plain prose only: code, secrets and names are taken out"
                + " first."
            : "Words of prompts do not leave this machine.");
    out.println(
        "Never captured: answers, file contents, diffs, output, arguments. Paths leave "
            + EnrollCommand.pathWords(enrolment.pathPolicy())
            + ".");
    out.println(
        "Do not paste passwords, customers' data or other people's names into prompts all the"
            + " same.");
    out.println(
        "See it first: `capture preview`; stop it: `capture pause`. Begin now: "
            + chosen.begin(user));
    return Capture.DONE;
  }

  private Service usual() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      return Service.LAUNCHD;
    } else if (system.startsWith("linux")) {
      return Service.SYSTEMD;
    }
    throw new Misuse(
        "This system has neither systemd nor launchd; start `capture agent` when you sign in.");
  }

  /// The image's own program, or Java with the jar.
  private List<String> program() {
    if (program != null) {
      return List.of(program.toAbsolutePath().toString());
    }
    String image = System.getProperty("jpackage.app-path");
    if (image != null) {
      return List.of(image);
    }
    try {
      Path jar = Path.of(Capture.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!jar.toString().endsWith(".jar")) {
        throw new Misuse("This client runs from a folder of classes; name a program: --program.");
      }
      return List.of(
          Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-Xmx256m",
          "--sun-misc-unsafe-memory-access=allow",
          "-jar",
          jar.toString());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
