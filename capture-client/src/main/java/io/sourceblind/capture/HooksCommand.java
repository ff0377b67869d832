// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.agent.AgentKeys;
import io.sourceblind.capture.hooks.HookedTool;
import io.sourceblind.capture.hooks.Installer;
import io.sourceblind.capture.outbox.CaptureFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "hooks",
    mixinStandardHelpOptions = true,
    description =
        "Puts hooks into the settings of your AI tools, so that the agent hears at once what"
            + " happens.",
    footer = {"", "Example: capture hooks install --tool claude-code --dry-run"})
final class HooksCommand {

  private final Surroundings surroundings;

  HooksCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// What the three have in common.
  static final class Which {
    @Mixin private HomeOption home = new HomeOption();

    @Option(
        names = "--tool",
        paramLabel = "TOOL",
        description =
            "claude-code, codex, gemini-cli, cursor, copilot-cli or droid; by default those that"
                + " are here")
    private List<String> tools = new ArrayList<>();

    private List<HookedTool> chosen(Installer installer) {
      if (tools.isEmpty()) {
        return List.of(HookedTool.values()).stream().filter(installer::isThere).toList();
      }
      return tools.stream()
          .map(name ->
              HookedTool.named(name)
                  .orElseThrow(() ->
                      new Misuse(
                          "Hooks can be put into claude-code, codex, gemini-cli, cursor,"
                              + " copilot-cli and droid; the others are followed by their"
                              + " files.")))
          .toList();
    }
  }

  private interface Work {
    Installer.Change on(HookedTool tool) throws IOException;
  }

  private Installer installer(CaptureFolder folder) {
    return new Installer(
        folder, Path.of(surroundings.userHome()), surroundings.environment(), surroundings.clock());
  }

  /// One tool that refuses does not keep the others from it.
  private int each(List<HookedTool> tools, boolean dryRun, JsonOption json, Work work)
      throws IOException {
    PrintStream out = surroundings.out();
    if (tools.isEmpty() && !json.asked()) {
      out.println("No tool was found here that takes hooks; name one with --tool.");
    }
    int code = Capture.DONE;
    for (HookedTool tool : tools) {
      try {
        Installer.Change change = work.on(tool);
        if (json.asked()) {
          json.print(
              out,
              "tool",
              tool.word(),
              "file",
              change.file().toString(),
              "changed",
              !dryRun && !change.difference().isEmpty(),
              "difference",
              change.difference());
        } else if (change.difference().isEmpty()) {
          out.println(tool.word() + ": nothing to do.");
        } else {
          out.println(
              tool.word() + ": " + change.file() + (dryRun ? " would change:" : " changed:"));
          change.difference().forEach(out::println);
        }
      } catch (Installer.Refused refused) {
        surroundings.err().println(refused.getMessage());
        code = Capture.FAILED;
      }
    }
    return code;
  }

  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = "Shows what changes, keeps a copy, and puts the hooks in.",
      footer = {"", "Example: capture hooks install"})
  int install(
      @Mixin Which which,
      @Mixin JsonOption json,
      @Option(names = "--dry-run", description = "Only show what would change") boolean dryRun)
      throws IOException {
    CaptureFolder folder = which.home.folder(surroundings);
    Installer installer = installer(folder);
    AgentKeys keys = dryRun ? new AgentKeys(1, "") : AgentKeys.of(folder, surroundings.random());
    List<HookedTool> tools = which.chosen(installer);
    int code = each(tools, dryRun, json, tool -> installer.install(tool, keys, dryRun));
    if (!dryRun && !json.asked() && tools.contains(HookedTool.CODEX)) {
      surroundings.out().println("Codex asks you to accept new hooks: type /hooks there.");
    }
    return code;
  }

  @Command(
      name = "uninstall",
      mixinStandardHelpOptions = true,
      description = "Takes out what `install` put in, and nothing else.",
      footer = {"", "Example: capture hooks uninstall"})
  int uninstall(
      @Mixin Which which,
      @Mixin JsonOption json,
      @Option(names = "--dry-run", description = "Only show what would change") boolean dryRun)
      throws IOException {
    CaptureFolder folder = which.home.folder(surroundings);
    Installer installer = installer(folder);
    return each(which.chosen(installer), dryRun, json, tool -> installer.uninstall(tool, dryRun));
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Says which tools have our hooks.",
      footer = {"", "Example: capture hooks status"})
  int status(@Mixin Which which, @Mixin JsonOption json) throws IOException {
    Installer installer = installer(which.home.folder(surroundings));
    for (HookedTool tool : which.chosen(installer)) {
      try {
        int here = installer.installed(tool).size();
        int wanted = installer.wanted(tool).size();
        if (json.asked()) {
          json.print(surroundings.out(), "tool", tool.word(), "hooks", here, "wanted", wanted);
          continue;
        }
        surroundings
            .out()
            .println(
                tool.word()
                    + ": "
                    + (here == 0
                        ? "no hooks; its files are followed all the same."
                        : here == wanted
                            ? "hooks are in."
                            : here + " of " + wanted + " hooks are in; install again."));
      } catch (Installer.Refused refused) {
        surroundings.err().println(refused.getMessage());
      }
    }
    return Capture.DONE;
  }
}
