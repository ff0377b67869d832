// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

/// Counts lines.
final class Lines {

  private Lines() {}

  static int count(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int breaks = 0;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      breaks++;
    }
    return text.endsWith("\n") ? breaks : breaks + 1;
  }
}
