// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import java.time.Duration;

/// How long something took, as one would say it.
final class Durations {
  private Durations() {}

  static String words(Duration took) {
    if (took.toHours() > 0) {
      return "%d h %d min".formatted(took.toHours(), took.toMinutesPart());
    }
    if (took.toMinutes() > 0) {
      return "%d min".formatted(took.toMinutes());
    }
    return took.toSeconds() > 0
        ? "%d s".formatted(took.toSeconds())
        : "%d ms".formatted(took.toMillis());
  }
}
