// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One simple command while its words come in.
final class Simple {

  private static final int MOST_FLAGS = 16;
  private static final int LONGEST_FLAG = 33;

  /// Programs that run the program behind them.
  private static final Set<String> WRAPPERS =
      Set.of(
          "sudo",
          "doas",
          "env",
          "nohup",
          "nice",
          "ionice",
          "stdbuf",
          "setsid",
          "exec",
          "command",
          "builtin",
          "timeout",
          "unbuffer",
          "rtk");

  private static final Set<String> WRAPPER_VALUES =
      Set.of("-u", "-g", "-n", "-c", "-k", "-s", "-o", "-i", "-e");

  private @Nullable String program;
  private @Nullable String subcommand;

  /// The subcommand's own subcommand, empty where there is none, null as long as it may come.
  private @Nullable String nested;

  private final List<String> flags = new ArrayList<>();
  private boolean any;
  private boolean wrapped;
  private boolean skipValue;
  private boolean mayHaveSubcommand = true;

  boolean hasWords() {
    return any;
  }

  boolean isCommand() {
    return program != null;
  }

  void add(String word, boolean plain, boolean quoted, boolean dashIsBare) {
    if (program == null) {
      first(word, plain, dashIsBare);
    } else {
      next(word, plain, quoted, dashIsBare);
    }
  }

  private void first(String word, boolean plain, boolean dashIsBare) {
    if (isAssignment(word)) {
      return;
    }
    any = true;
    if (wrapped && (dashIsBare || skipValue || isDuration(word))) {
      skipValue = dashIsBare && WRAPPER_VALUES.contains(word);
      return;
    }
    String name = word.substring(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
    if (name.endsWith(".exe")) {
      name = name.substring(0, name.length() - 4);
    }
    if (plain && WRAPPERS.contains(name)) {
      wrapped = true;
      return;
    }
    if (name.equals("[") || name.equals("[[")) {
      name = "test";
    }
    program = plain && Programs.isKnown(name) ? name : CommandSkeleton.OTHER;
  }

  private static boolean isDuration(String word) {
    return !word.isEmpty() && Character.isDigit(word.charAt(0));
  }

  private static boolean isAssignment(String word) {
    int equals = word.indexOf('=');
    if (equals <= 0) {
      return false;
    }
    for (int i = 0; i < equals; i++) {
      char c = word.charAt(i);
      if (!(Character.isLetterOrDigit(c) || c == '_' || c == '+' || c == '[' || c == ']')) {
        return false;
      }
    }
    return true;
  }

  private void next(String word, boolean plain, boolean quoted, boolean dashIsBare) {
    String known = program == null ? CommandSkeleton.OTHER : program;
    if (dashIsBare && word.length() > 1) {
      // What follows `-x=` may be computed; the name before it must be literal.
      String flag = flagOf(known, word);
      if (flag != null && flags.size() < MOST_FLAGS && !flags.contains(flag)) {
        flags.add(flag);
      }
      skipValue = Programs.takesValue(known, word);
      return;
    }
    if (skipValue) {
      skipValue = false;
      return;
    }
    if (subcommand != null && nested == null) {
      // Only the word right behind it; after that come arguments.
      nested = plain && !quoted && Programs.hasNested(known, subcommand, word) ? word : "";
    }
    if (mayHaveSubcommand && plain && !quoted && subcommand == null) {
      if (Programs.hasSubcommand(known, word)) {
        subcommand = word;
      } else if (!word.startsWith("+")) {
        // The first argument that is no subcommand is an argument, and so are those behind it.
        mayHaveSubcommand = Programs.looksFurther(known);
      }
    }
  }

  private static @Nullable String flagOf(String program, String word) {
    if (program.equals(CommandSkeleton.OTHER)) {
      return null;
    }
    if (word.startsWith("--")) {
      int end = 2;
      while (end < word.length() && end < LONGEST_FLAG && isNamePart(word.charAt(end))) {
        end++;
      }
      boolean whole = end == word.length() || word.charAt(end) == '=';
      return whole && Flags.isKnown(word.substring(2, end)) ? word.substring(0, end) : null;
    }
    if (!Character.isLetter(word.charAt(1)) || word.charAt(1) > 127) {
      return null;
    }
    if (word.length() == 2) {
      return word;
    }
    int end = word.indexOf('=');
    String name = end < 0 ? word : word.substring(0, end);
    return Programs.isSingleDashWord(program, name.substring(1))
            || Programs.isCluster(program, name.substring(1))
        ? name
        : word.substring(0, 2);
  }

  private static boolean isNamePart(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '-');
  }

  CommandSkeleton skeleton() {
    String known = program == null ? CommandSkeleton.OTHER : program;
    String sub = subcommand;
    String behind = nested == null || nested.isEmpty() ? "" : ":" + nested;
    return new CommandSkeleton(
        known.toLowerCase(Locale.ROOT),
        sub == null ? null : (sub + behind).toLowerCase(Locale.ROOT),
        flags,
        Programs.categoryOf(known, sub));
  }
}
