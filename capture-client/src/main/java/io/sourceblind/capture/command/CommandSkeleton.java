// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.command;

import io.sourceblind.events.CommandCategory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of one simple command.
///
/// @param program a program of the catalogue, else `other`
/// @param subcommand one of that program's subcommands
/// @param flags names of flags without values, at most 16
/// @param category what such a command is for
public record CommandSkeleton(
    String program, @Nullable String subcommand, List<String> flags, CommandCategory category) {

  /// The name that stands for every program we do not know.
  public static final String OTHER = "other";

  public CommandSkeleton {
    flags = List.copyOf(flags);
  }

  /// The skeleton as one line, for people.
  public String line() {
    StringBuilder line = new StringBuilder(program);
    if (subcommand != null) {
      line.append(' ').append(subcommand);
    }
    flags.forEach(flag -> line.append(' ').append(flag));
    return line.toString();
  }
}
