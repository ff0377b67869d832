// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.redact.Redactor;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// A text in three columns: what was typed, what is left of it, which rule took the rest.
final class SideBySide {

  private static final int WIDE = 48;
  private static final int NARROW = 32;
  private static final String ROW = "%-" + WIDE + "s | %-" + WIDE + "s | %s";

  private SideBySide() {}

  static void print(PrintStream out, List<Redactor.Explained> lines) {
    row(out, "typed here", "left of it", "taken by");
    row(out, "-".repeat(WIDE), "-".repeat(WIDE), "-".repeat(NARROW));
    for (Redactor.Explained line : lines) {
      List<String> typed = cut(line.line());
      List<String> left = cut(line.left());
      for (int i = 0; i < Math.max(1, Math.max(typed.size(), left.size())); i++) {
        row(out, at(typed, i), at(left, i), i == 0 ? line.rule() : "");
      }
    }
    row(out, "-".repeat(WIDE), "-".repeat(WIDE), "-".repeat(NARROW));
  }

  private static void row(PrintStream out, String typed, String left, String rule) {
    out.println(ROW.formatted(typed, left, rule).stripTrailing());
  }

  private static String at(List<String> parts, int i) {
    return i < parts.size() ? parts.get(i) : "";
  }

  private static List<String> cut(String text) {
    // What moves a terminal's cursor is no part of a column.
    String plain = text.replace("\t", "    ").replaceAll("\\p{Cntrl}", "?");
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < plain.length(); from += WIDE) {
      parts.add(plain.substring(from, Math.min(plain.length(), from + WIDE)));
    }
    return parts;
  }
}
