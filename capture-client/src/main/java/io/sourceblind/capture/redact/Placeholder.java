// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import org.jspecify.annotations.Nullable;

/// What stands in a text where something was taken out, for example `[code removed, 14 lines,
/// java]`.
record Placeholder(Removed what, int count, String unit, @Nullable String detail) {

  static Placeholder of(Removed what) {
    return new Placeholder(what, 0, "", null);
  }

  static Placeholder lines(Removed what, int lines, @Nullable String language) {
    return new Placeholder(what, lines, "lines", language);
  }

  static Placeholder files(int files) {
    return new Placeholder(Removed.DIFF, files, "files", null);
  }

  static Placeholder secret(String rule) {
    return new Placeholder(Removed.SECRET, 0, "", rule);
  }

  static Placeholder tooLong() {
    return new Placeholder(Removed.TEXT, 0, "", "too long");
  }

  String render() {
    StringBuilder out = new StringBuilder("[").append(what.words());
    if (count > 0 && !unit.isEmpty()) {
      String unitWord = count == 1 ? unit.substring(0, unit.length() - 1) : unit;
      out.append(", ").append(Math.min(count, 999_999)).append(' ').append(unitWord);
    }
    if (detail != null) {
      out.append(", ").append(detail);
    }
    return out.append(']').toString();
  }
}
