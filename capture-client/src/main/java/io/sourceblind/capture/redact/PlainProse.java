// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import io.sourceblind.events.Prose;
import java.util.Objects;

/// Text that went through the {@link Redactor}, the only one who can make it: one paragraph of
/// letters, digits, single spaces, sentence punctuation and placeholders.
public final class PlainProse implements Prose {

  private final String text;

  PlainProse(String text) {
    Alphabet.requirePlain(text);
    this.text = text;
  }

  /// Whether a text that comes from elsewhere could be plain prose: its alphabet, and no secret or
  /// personal data that the rules of today know.
  public static boolean isPlain(String text) {
    try {
      Alphabet.requirePlain(text);
      return !SecretRules.anyIn(text);
    } catch (IllegalArgumentException not) {
      return false;
    }
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PlainProse that && that.text.equals(text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
