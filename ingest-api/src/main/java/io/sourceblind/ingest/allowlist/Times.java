// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Reads points in time of RFC 3339, of which only UTC with at most milliseconds is ours.
public final class Times {
  private static final String SECONDS = "0000-00-00T00:00:00";
  private static final String MILLISECONDS = SECONDS + ".000";

  private Times() {}

  /// The time, or null if the text is in another form.
  public static @Nullable Instant parse(String text) {
    var end = text.length() - 1;
    var whole = end == SECONDS.length();
    var finer = end > SECONDS.length() + 1 && end <= MILLISECONDS.length();
    if ((!whole && !finer) || text.charAt(end) != 'Z') {
      return null;
    }
    for (var i = 0; i < end; i++) {
      var c = text.charAt(i);
      var shape = MILLISECONDS.charAt(i);
      if (shape == '0' ? (c < '0' || c > '9') : c != shape) {
        return null;
      }
    }
    var fraction =
        whole ? "000" : (text.substring(SECONDS.length() + 1, end) + "00").substring(0, 3);
    try {
      return LocalDateTime.of(
              number(text, 0, 4),
              number(text, 5, 7),
              number(text, 8, 10),
              number(text, 11, 13),
              number(text, 14, 16),
              number(text, 17, 19))
          .plusNanos(1_000_000L * Integer.parseInt(fraction))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }
}
