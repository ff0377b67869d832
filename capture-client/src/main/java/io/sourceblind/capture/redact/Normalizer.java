// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.text.Normalizer.Form;

/// Gives every later stage one spelling of a text: no terminal colours, no invisible characters, no
/// look-alike operators, line feeds only. Private-use characters go, because {@link Marks} uses
/// them.
final class Normalizer {

  private static final char ESCAPE = '\u001b';

  private Normalizer() {}

  static String normalize(String raw) {
    if (isPlain(raw)) {
      return raw;
    }
    String text = java.text.Normalizer.normalize(raw, Form.NFC);
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      int width = Character.charCount(point);
      if (isPlain(point)) {
        out.append((char) point);
        i++;
        continue;
      }
      if (point == ESCAPE) {
        i = afterEscape(text, i + 1);
        continue;
      }
      append(out, point, i + width < text.length() ? text.charAt(i + width) : '\0');
      i += width;
    }
    return out.toString();
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /// What every text has: printed ASCII, tabs and line feeds.
  private static boolean isPlain(int point) {
    return point >= ' ' ? point <= '~' : point == '\n' || point == '\t';
  }

  private static int afterEscape(String text, int at) {
    if (at >= text.length() || (text.charAt(at) != '[' && text.charAt(at) != ']')) {
      return at;
    }
    int i = at + 1;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == '\u0007' || (text.charAt(at) == '[' && c >= '@' && c <= '~') || c == '\n') {
        break;
      }
    }
    return i;
  }

  private static void append(StringBuilder out, int point, char next) {
    switch (point) {
      case '\r' -> {
        if (next != '\n') {
          out.append('\n');
        }
      }
      case '\n', '\u0085', '\u2028', '\u2029', '\u000b', '\f' -> out.append('\n');
      case '\t' -> out.append('\t');
      case 0x2212 -> out.append('-');
      default -> {
        int type = Character.getType(point);
        if (type == Character.SPACE_SEPARATOR) {
          out.append(' ');
        } else if (type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.PRIVATE_USE
            || type == Character.UNASSIGNED
            || (point >= 0xFE00 && point <= 0xFE0F)) {
          return;
        } else if (point >= 0xFF01 && point <= 0xFF5E && !isCjkPunctuation(point)) {
          out.append((char) (point - 0xFEE0));
        } else if (point >= 0x1D400 && point <= 0x1D7FF) {
          out.append(java.text.Normalizer.normalize(Character.toString(point), Form.NFKC));
        } else {
          out.appendCodePoint(point);
        }
      }
    }
  }

  private static boolean isCjkPunctuation(int point) {
    return "，？！：（）；".indexOf(point) >= 0;
  }
}
