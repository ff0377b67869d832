// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.db.TenantDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The log at work, until it is closed: either the part that orders entries or the part that signs.
/// In production each is a process of its own, because whoever owns the first must not own the key.
public final class Keeping implements AutoCloseable {
  /// Each round costs a commit, and looks again at what was open in the last one: seldom is cheap.
  static final Duration SEQUENCE_EVERY = Duration.ofMillis(500);

  private static final Duration BEAT_EVERY = Duration.ofMinutes(1);
  private static final Duration SIGN_EVERY = Duration.ofSeconds(10);

  private final List<AutoCloseable> parts;

  private Keeping(List<AutoCloseable> parts) {
    this.parts = parts;
  }

  /// Gives entries their place, writes heartbeats, and compares columns with leaves.
  ///
  /// @param database as `audit_sequencer`
  public static Keeping order(TenantDatabase database, Clock clock) {
    return new Keeping(
        List.of(
            Steadily.run("audit-heartbeat", BEAT_EVERY, new Heartbeats(database, clock)::runOnce),
            Steadily.run("audit-comparison", BEAT_EVERY, new Comparison(database, clock)::runOnce),
            Steadily.run("audit-sequencer", SEQUENCE_EVERY, new Sequencer(database)::runOnce)));
  }

  /// Signs what has grown.
  ///
  /// @param database as `audit_signer`
  /// @param key 32 random bytes in Base64
  /// @param memory a file that nobody else writes to, empty for a new installation
  public static Keeping signatures(
      TenantDatabase database, String key, Path memory, Logs logs, Clock clock) {
    var signer = Signer.open(database, key, memory, logs, clock);
    return new Keeping(List.of(Steadily.run("audit-signer", SIGN_EVERY, signer::runOnce), signer));
  }

  /// Sends what was signed to a receiver elsewhere.
  static Keeping copies(Forwarder forwarder) {
    return new Keeping(
        List.of(Steadily.run("audit-forwarder", SIGN_EVERY, forwarder::runOnce), forwarder));
  }

  @Override
  public void close() {
    for (var part : parts) {
      try {
        part.close();
      } catch (Exception failed) {
        throw new IllegalStateException("The log could not be left as it should be", failed);
      }
    }
  }
}
