// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

/// What must not happen, whatever is killed.
enum BrokenPromise {
  /// An acknowledged event is not stored under its organization and person.
  LOST,
  /// An event is stored more than once, in whatever organization.
  STORED_TWICE,
  /// A batch that the API was working on when it was told to end got no answer.
  UNANSWERED_AT_A_CLEAN_SHUTDOWN,
  /// An event is stored under another organization or person than its sender's.
  ASTRAY,
  /// An event is stored that nobody sent.
  NEVER_SENT,
  /// An event is stored that the allowlist refuses.
  REFUSED_BUT_STORED,
  /// A good event was refused.
  GOOD_BUT_REFUSED,
  /// A bad event was acknowledged.
  BAD_BUT_ACKNOWLEDGED,
  /// An event was called a duplicate though it cannot have been there.
  DUPLICATE_OF_NOTHING,
  /// A day got events, and the releaser would not know.
  DAY_NOT_MARKED,
  /// An answer that no client is prepared for.
  STRANGE_ANSWER
}
