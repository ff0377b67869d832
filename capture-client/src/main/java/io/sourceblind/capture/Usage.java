// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.hooks.Installer;
import io.sourceblind.capture.outbox.OutboxFailure;
import io.sourceblind.capture.outbox.Unusable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;

/// Says in one sentence what went wrong and what would be right, without repeating what was given.
final class Usage {

  private Usage() {}

  static String sentence(Exception failure) {
    return switch (failure) {
      case CommandLine.UnmatchedArgumentException wrong ->
          plural(wrong.getUnmatched().size(), "argument is", "arguments are") + " not known here.";
      case CommandLine.MissingParameterException missing ->
          "Something is missing: "
              + String.join(", ", missing.getMissing().stream().map(Usage::nameOf).toList())
              + ".";
      case CommandLine.ParameterException wrong when wrong.getArgSpec() != null ->
          "The value of " + nameOf(wrong.getArgSpec()) + " is none that it can have.";
      case CommandLine.ParameterException _ -> "The command cannot be read like this.";
      case Misuse misuse -> String.valueOf(misuse.getMessage());
      case OutboxFailure full -> String.valueOf(full.getMessage());
      case NoSuchFileException missing -> "There is no file or folder " + missing.getFile() + ".";
      case AccessDeniedException closed -> "You may not read or write " + closed.getFile() + ".";
      case Unusable unusable -> String.valueOf(unusable.getMessage());
      case Installer.Refused refused -> String.valueOf(refused.getMessage());
      case Rules.NotEnrolled no -> String.valueOf(no.getMessage());
      case IOException _ -> "A file could not be read or written. Is the disk full?";
      default ->
          "The client made a mistake ("
              + failure.getClass().getSimpleName()
              + "). What is queued stays queued.";
    };
  }

  private static String nameOf(CommandLine.Model.ArgSpec argument) {
    return argument.isOption()
        ? ((CommandLine.Model.OptionSpec) argument).longestName()
        : argument.paramLabel();
  }

  static String plural(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
