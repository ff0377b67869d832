// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints a script that lets bash and zsh complete this program's words.",
    footer = {"", "Example: source <(capture completion)"})
final class CompletionCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    surroundings.out().print(AutoComplete.bash("capture", root));
    return Capture.DONE;
  }
}
