// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import java.util.Set;

/// The structures that can be told from their marks alone, whatever stands inside, in the order in
/// which they are looked for.
enum Structure {
  FENCE,
  ELEMENT,
  HERE_DOCUMENT,
  DIFF,
  STACK_TRACE,
  DIAGNOSTIC,
  SHELL_SESSION,
  TOOL_SCREEN,
  COMMENT,
  DATA;

  private static final List<Structure> ALL = List.of(values());

  /// To ask how late it is costs as much as to look at a few lines for all structures.
  private static final int LINES_A_CHECK = 64;

  /// Claims the lines of every structure.
  ///
  /// @param off those that are not looked for; none but in tests of what happens then
  static void scan(Line[] lines, Set<Structure> off, Budget.Deadline deadline) {
    Signs signs = Signs.of(lines);
    for (Structure structure : ALL) {
      if (!off.contains(structure)) {
        structure.scanner(new Page(lines, structure, signs)).scan();
        if (lines.length > LINES_A_CHECK) {
          deadline.check();
        }
      }
    }
    deadline.check();
  }

  /// What people call it.
  String words() {
    return switch (this) {
      case FENCE -> "a fence";
      case ELEMENT -> "an element";
      case HERE_DOCUMENT -> "a here-document";
      case DIFF -> "a diff";
      case STACK_TRACE -> "a stack trace";
      case DIAGNOSTIC -> "output of a compiler or a test";
      case SHELL_SESSION -> "a shell session";
      case TOOL_SCREEN -> "a screen of a tool";
      case COMMENT -> "a comment";
      case DATA -> "data";
    };
  }

  private Scanner scanner(Page page) {
    return switch (this) {
      case FENCE -> new Fences(page);
      case ELEMENT -> new Elements(page);
      case HERE_DOCUMENT -> new HereDocuments(page);
      case DIFF -> new Diffs(page);
      case STACK_TRACE -> new StackTraces(page);
      case DIAGNOSTIC -> new Diagnostics(page);
      case SHELL_SESSION -> new ShellSessions(page);
      case TOOL_SCREEN -> new ToolScreens(page);
      case COMMENT -> new Comments(page);
      case DATA -> new DataRows(page);
    };
  }
}
