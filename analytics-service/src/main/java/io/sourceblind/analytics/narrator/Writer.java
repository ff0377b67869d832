// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import java.util.Locale;
import java.util.stream.Stream;

/// Who may write for an organization.
enum Writer {
  /// Asks nobody.
  RULES("Fixed rules, no language model"),
  ANTHROPIC("Anthropic"),
  OPENAI_COMPATIBLE("A server that speaks as OpenAI does");

  private final String title;

  Writer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /// Its name in the database.
  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Writer of(String sqlName) {
    return Stream.of(values())
        .filter(writer -> writer.sqlName().equals(sqlName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Nobody of this name writes notes"));
  }
}
