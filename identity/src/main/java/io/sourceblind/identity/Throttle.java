// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.db.TenantDatabase;
import java.time.Clock;
import java.time.Duration;

/// Makes whoever guesses wait longer after each guess. It never locks anybody out: what is counted
/// forgets within a day, and a browser that its owner has signed in with is counted by itself.
final class Throttle {
  private final TenantDatabase database;
  private final Pepper pepper;
  private final Clock clock;

  /// @param database as `identity_api`
  Throttle(TenantDatabase database, Pepper pepper, Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.clock = clock;
  }

  /// What is counted together.
  ///
  /// @param name such as `password:` and an address; only its keyed hash is kept
  /// @param spare how many tries a day come without any delay
  record Bucket(String name, int spare) {}

  /// Counts a try, or says how long to wait before there can be one.
  ///
  /// @return nothing to wait: the try may be made
  Duration begin(Bucket bucket) {
    return database.withoutTenant(jdbc ->
        Duration.ofSeconds(
            jdbc.sql("select identity.begin_attempt(:bucket, :spare, :now)")
                .param("bucket", hash(bucket))
                .param("spare", bucket.spare())
                .param("now", clock.instant().atOffset(UTC))
                .query(Integer.class)
                .single()));
  }

  /// The try was a good one, and counts for nothing.
  void undo(Bucket bucket) {
    database.withoutTenant(jdbc ->
        jdbc.sql("select identity.undo_attempt(:bucket, :now)::text")
            .param("bucket", hash(bucket))
            .param("now", clock.instant().atOffset(UTC))
            .query(String.class)
            .list());
  }

  /// All tries so far were its owner's.
  void forget(Bucket bucket) {
    database.withoutTenant(jdbc ->
        jdbc.sql("select identity.forget_attempts(:bucket)::text")
            .param("bucket", hash(bucket))
            .query(String.class)
            .list());
  }

  private byte[] hash(Bucket bucket) {
    return pepper.hash("bucket:" + bucket.name());
  }
}
