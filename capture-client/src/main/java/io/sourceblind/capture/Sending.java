// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Contract;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.outbox.Uploader;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends the queue and tells what became of it.
final class Sending {

  static final String OF_ANOTHER =
      "Events of another organization wait here. Enroll there again and send them, or delete"
          + " them: capture purge.";

  private Sending() {}

  /// What is told where the server shows other rules than those that were accepted.
  static String changed(Contract accepted, Contract now) {
    return "The server's rules changed since you accepted them: "
        + now.differenceTo(accepted)
        + ". You accepted "
        + accepted.fingerprint()
        + "; it shows "
        + now.fingerprint()
        + ". Nothing is sent until you looked at them and ran: capture accept.";
  }

  /// Opens the outbox and says where a crash has left something unfinished.
  static Outbox open(CaptureFolder folder, Surroundings surroundings) throws IOException {
    Outbox outbox = Outbox.open(folder, surroundings.sleeper());
    if (outbox.droppedUnfinished()) {
      surroundings.err().println("The outbox ended with an unfinished record, which was dropped.");
    }
    return outbox;
  }

  static int send(Outbox outbox, CaptureFolder folder, Surroundings surroundings, JsonOption json)
      throws IOException {
    Enrolment enrolment = Rules.required(folder);
    if (outbox.waiting() == 0 && !json.asked()) {
      surroundings.out().println("Nothing is queued.");
      return Capture.DONE;
    }
    Uploader.Report report = upload(outbox, folder, surroundings, enrolment, true);
    if (json.asked()) {
      json.print(
          surroundings.out(),
          "accepted",
          report.accepted(),
          "duplicates",
          report.duplicates(),
          "refused",
          report.refused(),
          "reasons",
          report.reasons(),
          "unreadable",
          report.unreadable(),
          "waiting",
          report.waiting(),
          "problem",
          report.problem() == null ? "" : report.problem());
    } else {
      tell(report, surroundings, enrolment);
    }
    return report.problem() == null && report.refused() + report.unreadable() == 0
        ? Capture.DONE
        : Capture.FAILED;
  }

  /// Sends what waits, if the server's rules are those that the engineer accepted.
  ///
  /// @param check whether the server is asked for its rules first
  static Uploader.Report upload(
      Outbox outbox,
      CaptureFolder folder,
      Surroundings surroundings,
      Enrolment enrolment,
      boolean check)
      throws IOException {
    if (!outbox.isFor(enrolment.organization())) {
      return new Uploader.Report(0, 0, 0, Map.of(), 0, outbox.waiting(), OF_ANOTHER);
    }
    String token = Rules.token(folder, enrolment, surroundings);
    String broken = check ? brokenRule(folder, enrolment, token) : null;
    if (broken != null) {
      return new Uploader.Report(0, 0, 0, Map.of(), 0, outbox.waiting(), broken);
    }
    Uploader uploader =
        new Uploader(
            enrolment.server(),
            token,
            surroundings.clock(),
            surroundings.sleeper(),
            surroundings.random());
    Uploader.Report report = uploader.send(outbox);
    CaptureRules rules = Rules.of(enrolment, CaptureProfile.PROSE);
    outbox.tellOverflow(dropped -> gap(rules, surroundings, dropped));
    return report;
  }

  private static @Nullable String brokenRule(
      CaptureFolder folder, Enrolment enrolment, String token) throws IOException {
    Optional<Contract> accepted = Contract.accepted(folder, enrolment);
    if (accepted.isEmpty()) {
      return "You have not accepted the server's rules yet. See docs/privacy.md, then: capture"
          + " accept.";
    }
    try {
      Contract now = Contract.ask(enrolment.server(), token);
      return now.equals(accepted.get()) ? null : changed(accepted.get(), now);
    } catch (Enrolment.Refused unsaid) {
      return unsaid.getMessage();
    }
  }

  private static CapturedEvent gap(
      CaptureRules rules, Surroundings surroundings, Outbox.Overflow dropped) {
    Instant at = dropped.at().truncatedTo(ChronoUnit.MILLIS);
    return new CapturedEvent.CaptureGap(
        Rules.envelope(
            rules,
            rules.refs().eventId(at, "dropped " + dropped.count()),
            at,
            surroundings.clock().instant().truncatedTo(ChronoUnit.MILLIS),
            0),
        GapReason.DROPPED_OVERFLOW,
        (int) Math.min(dropped.count(), 1_000_000),
        null);
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
