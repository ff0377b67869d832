// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

/// What one run did.
///
/// @param failures how many parts of the run did not end well; the log says which
record Swept(int daysOpened, long events, long sums, int daysDropped, int failures) {

  Swept plus(Swept other) {
    return new Swept(
        daysOpened + other.daysOpened,
        events + other.events,
        sums + other.sums,
        daysDropped + other.daysDropped,
        failures + other.failures);
  }

  static Swept nothing() {
    return new Swept(0, 0, 0, 0, 0);
  }

  @Override
  public String toString() {
    return "%d days opened, %d events and %d sums let go, %d days dropped, %d failures"
        .formatted(daysOpened, events, sums, daysDropped, failures);
  }
}
