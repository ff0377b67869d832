// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Contract;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Outbox;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// What enrolling and signing in have in common once the server has answered.
final class Enrolling {

  private Enrolling() {}

  /// Before anything is asked of an address.
  static void requireSafe(URI server) {
    if (!Enrolment.isSafe(server)) {
      throw new Misuse(
          "The server must be an https address without user, query or fragment; http is for this"
              + " very machine only.");
    }
  }

  /// How the token is kept.
  interface Keeping {
    void keep() throws IOException;
  }

  /// Keeps what the server said, unless events of another organization wait. Rules that were
  /// accepted before stay the accepted ones.
  static int finish(
      CaptureFolder folder,
      Surroundings surroundings,
      JsonOption json,
      Enrolment enrolment,
      Contract contract,
      Keeping token)
      throws IOException {
    boolean same;
    // Nobody queues or sends meanwhile.
    try (Outbox outbox = Sending.open(folder, surroundings)) {
      if (!outbox.isFor(enrolment.organization())) {
        surroundings.err().println(Sending.OF_ANOTHER);
        return Capture.FAILED;
      }
      outbox.belongTo(enrolment.organization());
      token.keep();
      Optional<Contract> accepted = Contract.accepted(folder, enrolment);
      same = accepted.isEmpty() || accepted.get().equals(contract);
      if (accepted.isEmpty()) {
        contract.save(folder, enrolment);
      } else if (!same) {
        surroundings.err().println(Sending.changed(accepted.get(), contract));
      }
    }
    EnrollCommand.tell(enrolment, same, surroundings.out(), json);
    return Capture.DONE;
  }
}
