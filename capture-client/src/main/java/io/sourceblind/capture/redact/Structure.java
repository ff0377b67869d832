// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// The structures that can be told from their marks alone, whatever stands inside, in the order in
/// which they are looked for.
enum Structure {
  FENCE(Fences::new),
  ELEMENT(Elements::new),
  HERE_DOCUMENT(HereDocuments::new),
  DIFF(Diffs::new),
  STACK_TRACE(StackTraces::new),
  DIAGNOSTIC(Diagnostics::new),
  SHELL_SESSION(ShellSessions::new),
  TOOL_SCREEN(ToolScreens::new),
  COMMENT(Comments::new),
  DATA(DataRows::new);

  private final Function<Page, Scanner> scanner;

  Structure(Function<Page, Scanner> scanner) {
    this.scanner = scanner;
  }

  /// Claims the lines of every structure.
  ///
  /// @param off those that are not looked for; none but in tests of what happens then
  static void scan(List<Line> lines, Set<Structure> off, Budget.Deadline deadline) {
    Page page = new Page(lines);
    for (Structure structure : values()) {
      if (!off.contains(structure)) {
        structure.scanner.apply(page).scan();
        deadline.check();
      }
    }
  }
}
