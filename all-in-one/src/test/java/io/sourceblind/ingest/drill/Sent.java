// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import java.util.UUID;

/// An event that was sent, and what its senders know of it.
final class Sent {
  /// Whose an event is: the database must say the same.
  record Owner(UUID organization, UUID person) {}

  private final UUID id;
  private final Owner owner;
  private final boolean good;
  private int attempts;
  private boolean accepted;
  private boolean acknowledged;

  /// @param good whether the allowlist takes it
  Sent(UUID id, Owner owner, boolean good) {
    this.id = id;
    this.owner = owner;
    this.good = good;
  }

  UUID id() {
    return id;
  }

  Owner owner() {
    return owner;
  }

  boolean good() {
    return good;
  }

  /// Notes that it is about to be sent, and says whether it was acknowledged before.
  synchronized boolean begin() {
    attempts++;
    return acknowledged;
  }

  /// The service never saw the attempt.
  synchronized void turnedAway() {
    attempts--;
  }

  /// Acknowledged as new. False if it cannot be new: then what was stored before is gone.
  synchronized boolean accept(boolean acknowledgedBefore) {
    var first = !accepted && !acknowledgedBefore;
    accepted = true;
    return first;
  }

  /// Acknowledged as known. False if no other attempt can have stored it.
  synchronized boolean isKnown() {
    return attempts > 1;
  }

  /// True the first time.
  synchronized boolean acknowledge() {
    var first = !acknowledged;
    acknowledged = true;
    return first;
  }
}
