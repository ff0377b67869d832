// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.outbox.Uploader;
import java.io.IOException;
import java.util.Map;

/// Sends the queue and tells what became of it.
final class Sending {

  private Sending() {}

  /// Opens the outbox and says where a crash has left something unfinished.
  static Outbox open(CaptureFolder folder, Surroundings surroundings) throws IOException {
    Outbox outbox = Outbox.open(folder, surroundings.sleeper());
    if (outbox.droppedUnfinished()) {
      surroundings.err().println("The outbox ended with an unfinished record, which was dropped.");
    }
    return outbox;
  }

  static int send(Outbox outbox, CaptureFolder folder, Surroundings surroundings)
      throws IOException {
    Enrolment enrolment = Rules.required(folder);
    if (outbox.waiting() == 0) {
      surroundings.out().println("Nothing is queued.");
      return Capture.DONE;
    }
    Uploader uploader =
        new Uploader(
            enrolment.server(),
            Rules.token(folder),
            surroundings.clock(),
            surroundings.sleeper(),
            surroundings.random());
    Uploader.Report report = uploader.send(outbox);
    tell(report, surroundings, enrolment);
    return report.problem() == null && report.refused() + report.unreadable() == 0
        ? Capture.DONE
        : Capture.FAILED;
  }

  private static void tell(Uploader.Report report, Surroundings surroundings, Enrolment enrolment) {
    long sent = report.accepted() + report.duplicates();
    if (sent > 0 || report.problem() == null) {
      String known =
          report.duplicates() == 0
              ? ""
              : " (" + report.duplicates() + " of them were there already)";
      surroundings
          .out()
          .println(
              Usage.plural(sent, "event", "events")
                  + " sent to "
                  + enrolment.server()
                  + known
                  + ".");
    }
    if (report.refused() > 0) {
      surroundings
          .err()
          .println(
              Usage.plural(report.refused(), "event was", "events were")
                  + " refused and put into the quarantine file:");
      report.reasons().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(reason ->
              surroundings.err().println("  " + reason.getKey() + " (" + reason.getValue() + ")"));
    }
    if (report.unreadable() > 0) {
      surroundings
          .err()
          .println(
              Usage.plural(
                      report.unreadable(), "line of the outbox was", "lines of the outbox were")
                  + " no event and put into the quarantine file; the others went out.");
    }
    if (report.problem() != null) {
      surroundings
          .err()
          .println(
              report.problem()
                  + " "
                  + Usage.plural(report.waiting(), "event stays", "events stay")
                  + " queued; run again later.");
    }
  }
}
