// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// What any text must be, whatever it says: whole characters in their one normal form.
final class TextForm {
  private TextForm() {}

  static @Nullable Reason refuse(String text, int max) {
    if (text.isEmpty()) {
      return Reason.EMPTY;
    }
    if (text.codePointCount(0, text.length()) > max) {
      return Reason.TOO_LONG;
    }
    for (var i = 0; i < text.length(); ) {
      var c = text.codePointAt(i);
      switch (Character.getType(c)) {
        case Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE -> {
          return Reason.BROKEN_TEXT;
        }
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR -> {
          return Reason.CONTROL_CHARACTER;
        }
        default -> i += Character.charCount(c);
      }
    }
    return Normalizer.isNormalized(text, Normalizer.Form.NFC) ? null : Reason.NOT_NFC;
  }
}
