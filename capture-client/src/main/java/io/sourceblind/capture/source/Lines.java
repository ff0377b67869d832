// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

/// Counts lines.
final class Lines {

  private Lines() {}

  static int count(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int breaks = (int) text.chars().filter(c -> c == '\n').count();
    return text.endsWith("\n") ? breaks : breaks + 1;
  }
}
