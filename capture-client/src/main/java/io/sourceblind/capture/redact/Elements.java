// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Blocks between tags that hold source or output: `<pre>`, `<code>`, `<file path="…">`.
final class Elements implements Scanner {

  private final Page page;
  private final Line[] lines;

  Elements(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  private static final List<String> ELEMENTS =
      List.of(
          "pre",
          "code",
          "file",
          "document",
          "document_content",
          "file_content",
          "content",
          "source",
          "snippet",
          "script",
          "style",
          "diff",
          "selection",
          "selected_code",
          "example",
          "tool_result",
          "tool_use",
          "function_results",
          "function_calls",
          "antml",
          "stdout",
          "stderr",
          "output",
          "bash-stdout",
          "bash-stderr",
          "bash-input",
          "local-command-stdout",
          "local-command-stderr",
          "system-reminder",
          "svg",
          "html",
          "xml",
          "svelte",
          "template",
          "table",
          "details",
          "ide_selection",
          "ide_opened_file",
          "ide_diagnostics");

  @Override
  public void scan() {
    if (!page.has('<')) {
      return;
    }
    int i = 0;
    while (i < lines.length) {
      Line line = lines[i];
      String name = line.has('<') && line.isOpen() ? opensElement(line.text) : null;
      if (name == null) {
        i++;
        continue;
      }
      int end = i;
      String close = "</" + name;
      while (end < lines.length && !lines[end].text.toLowerCase(Locale.ROOT).contains(close)) {
        end++;
      }
      if (end < lines.length) {
        page.claimEdged(i, end + 1, Removed.CODE, null);
        i = end + 1;
      } else {
        page.claimEdged(i, lines.length, Removed.CODE, null);
        i = lines.length;
      }
    }
  }

  private static @Nullable String opensElement(String text) {
    int at = text.indexOf('<');
    if (at < 0 || at + 2 >= text.length()) {
      return null;
    }
    int end = at + 1;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end))
            || text.charAt(end) == '-'
            || text.charAt(end) == '_')) {
      end++;
    }
    String name = text.substring(at + 1, end).toLowerCase(Locale.ROOT);
    boolean bounded = end < text.length() && (text.charAt(end) == '>' || text.charAt(end) == ' ');
    return bounded
            && ELEMENTS.contains(name)
            && (at == 0 || text.indexOf('>', end) == text.length() - 1)
        ? name
        : null;
  }
}
