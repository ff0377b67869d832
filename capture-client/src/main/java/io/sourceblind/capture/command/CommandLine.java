// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.command;

import io.sourceblind.events.ExitCodeScope;
import java.util.List;

/// A shell command, reduced to the skeletons of the simple commands in it.
///
/// @param commands one skeleton for each, in the order in which they stand, at most 99
/// @param segments how many simple commands there are, 1 to 99
/// @param hasHeredoc whether a here-document was passed
/// @param hasPipe whether one command's output went into another
/// @param inBackground whether it was sent to the background
/// @param exitCodeScope what the exit code of the whole speaks for
/// @param characters how long the command was
public record CommandLine(
    List<CommandSkeleton> commands,
    int segments,
    boolean hasHeredoc,
    boolean hasPipe,
    boolean inBackground,
    ExitCodeScope exitCodeScope,
    int characters) {

  static final int MOST_COMMANDS = 99;

  public CommandLine {
    commands = List.copyOf(commands);
  }

  /// Reads a command. Never throws: what a shell could not read ends the list.
  public static CommandLine parse(String text) {
    return new ShellLexer(text).read();
  }
}
