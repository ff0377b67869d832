// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import java.util.ArrayList;
import java.util.List;

/// What was found, line by line, and what it comes to. Good is only what was checked.
final class Verdict {
  private final List<String> lines = new ArrayList<>();
  private boolean tampered;
  private boolean undecided;

  void says(String what, String line) {
    lines.add("%-11s %s".formatted(what, line));
  }

  /// Evidence that somebody changed something.
  void tampered(String what, String line) {
    tampered = true;
    says(what, "BAD: " + line);
  }

  /// Something is missing that a decision needs.
  void undecided(String what, String line) {
    undecided = true;
    says(what, "UNDECIDED: " + line);
  }

  int exitCode() {
    return tampered ? 1 : undecided ? 3 : 0;
  }

  List<String> lines() {
    var all = new ArrayList<>(lines);
    all.add(
        "%-11s %s"
            .formatted(
                "RESULT",
                switch (exitCode()) {
                  case 0 -> "OK";
                  case 1 -> "TAMPERED";
                  default -> "CANNOT DECIDE";
                }));
    return all;
  }
}
