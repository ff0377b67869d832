// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/// Lines of a program that no field has a place for. Wherever the mark turns up again, source got
/// through.
final class Canary {
  static final String MARK = "Zq7Canary";

  static final List<String> SOURCE =
      List.of(
          MARK + " = source(of, {truth});\n\treturn it;",
          "x = \"" + MARK + "\";",
          "if (" + MARK + ") { rm -rf *; }",
          MARK + "\n" + MARK,
          "def " + MARK + "(self):\r\n    pass",
          "<script>" + MARK + "</script>",
          "$" + MARK + "|`id`\\",
          MARK + "\u2028" + MARK,
          MARK + "\u0000",
          MARK + "{");

  private Canary() {}

  static boolean isIn(String text) {
    return text.contains(MARK);
  }

  /// Whether the bytes spell it out themselves: what is built from them then proves nothing.
  static boolean isIn(byte[] bytes) {
    return isIn(new String(bytes, ISO_8859_1));
  }

  static byte[] bytes(Draws draws) {
    return draws.oneOf(SOURCE).getBytes(UTF_8);
  }
}
