// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.capture.source.Refs;
import io.sourceblind.events.Envelope;
import io.sourceblind.events.PathMode;
import io.sourceblind.events.Redaction;
import io.sourceblind.events.Source;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/// How an enrolment becomes rules for readers.
final class Rules {

  private Rules() {}

  static CaptureRules of(Enrolment enrolment, CaptureProfile asked) {
    CaptureProfile issued = CaptureProfile.valueOf(enrolment.profile().toUpperCase(Locale.ROOT));
    return new CaptureRules(
        new Refs(enrolment.key()),
        issued.stricter(asked),
        PathMode.valueOf(enrolment.pathPolicy().toUpperCase(Locale.ROOT)),
        Version.current());
  }

  static Enrolment required(CaptureFolder folder) throws IOException {
    return Enrolment.load(folder)
        .orElseThrow(() ->
            new NotEnrolled("This machine is not enrolled. Run: capture login --server https://…"));
  }

  static String token(CaptureFolder folder, Enrolment enrolment, Surroundings surroundings)
      throws IOException {
    return enrolment
        .token(folder, surroundings.clock(), surroundings.sleeper())
        .orElseThrow(() ->
            new NotEnrolled(
                "This machine has no token. Run `capture login` or `capture enroll` again."));
  }

  /// The envelope of an event of the client itself, which belongs to no session.
  static Envelope envelope(
      CaptureRules rules, UUID id, Instant at, Instant observed, int removedCharacters) {
    return new Envelope(
        1,
        id,
        at,
        observed,
        0,
        Tool.OTHER,
        null,
        rules.clientVersion(),
        Source.LOG,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        null,
        new Redaction(0, removedCharacters, 0));
  }

  static final class NotEnrolled extends IOException {
    NotEnrolled(String message) {
      super(message);
    }
  }
}
