// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads UUIDs of version 7 in the one form that we write (RFC 9562, 5.7).
final class EventIds {
  private static final Characters DIGITS = Characters.of("0-9a-f");
  private static final String SHAPE = "00000000-0000-0000-0000-000000000000";
  private static final int RFC_VARIANT = 2;

  private EventIds() {}

  static @Nullable UUID parse(String text) {
    if (text.length() != SHAPE.length()) {
      return null;
    }
    for (var i = 0; i < SHAPE.length(); i++) {
      var c = text.charAt(i);
      if (SHAPE.charAt(i) == '-' ? c != '-' : !DIGITS.has(c)) {
        return null;
      }
    }
    var id = UUID.fromString(text);
    return id.version() == 7 && id.variant() == RFC_VARIANT ? id : null;
  }

  static Instant timeOf(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }
}
