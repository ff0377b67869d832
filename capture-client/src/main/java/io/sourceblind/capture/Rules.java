// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.capture.source.Refs;
import io.sourceblind.events.PathMode;
import java.io.IOException;
import java.util.Locale;

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
            new NotEnrolled(
                "This machine is not enrolled. Run: capture enroll --server https://…"));
  }

  static String token(CaptureFolder folder) throws IOException {
    return Enrolment.token(folder)
        .orElseThrow(
            () -> new NotEnrolled("The device's token is missing. Run `capture enroll` again."));
  }

  static final class NotEnrolled extends IOException {
    NotEnrolled(String message) {
      super(message);
    }
  }
}
