// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Envelope;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Redaction;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Source;
import io.sourceblind.events.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Small events to fill an outbox with.
final class Events {

  static final Instant AT = Instant.parse("2026-11-21T10:11:12.345Z");

  private Events() {}

  static Envelope envelope(int number) {
    UUID id = new UUID((AT.toEpochMilli() << 16) | 0x7000L | number, 0x8000_0000_0000_0001L);
    return new Envelope(
        1,
        id,
        AT,
        AT.plusMillis(40),
        number,
        Tool.CLAUDE_CODE,
        "2.1.40",
        "0.1.0",
        Source.TRANSCRIPT,
        new Ref(1, 2),
        new Ref(3, 4),
        null,
        null,
        null,
        new Ref(5, 6),
        null,
        null,
        false,
        null,
        new Redaction(3, 1_024, 0));
  }

  static List<CapturedEvent> gaps(int from, int count) {
    List<CapturedEvent> events = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      events.add(new CapturedEvent.CaptureGap(envelope(i), GapReason.PARSE_ERROR, 1, null));
    }
    return events;
  }
}
