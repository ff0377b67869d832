// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.merkle.Proof;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.SigningKey;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Signs a checkpoint if it goes on from the last one of its log, and never otherwise. It knows a
/// key, its memory and no database.
final class Notary {
  private final SigningKey key;
  private final SignerMemory memory;
  private final Clock clock;

  Notary(SigningKey key, SignerMemory memory, Clock clock) {
    this.key = key;
    this.memory = memory;
    this.clock = clock;
  }

  /// The name under which a log goes on: its own, or that of its newest epoch.
  String current(String origin) {
    return memory.newestEpoch(origin);
  }

  /// What was signed last of a log, if anything was.
  Optional<Checkpoint> last(String origin) {
    return memory.last(origin);
  }

  /// Lets a log begin anew under another name, from nothing.
  void begin(String nextOrigin) {
    memory.keep(nothing(nextOrigin));
  }

  /// The size of the log when it was last signed; 0 if it never was.
  long lastSize(String origin) {
    return memory.last(origin).map(Checkpoint::size).orElse(0L);
  }

  /// @param proof that this checkpoint begins with the last one
  /// @throws InconsistentLog if the proof does not show that
  Note sign(Checkpoint wanted, List<Hash> proof) {
    var last = memory.last(wanted.origin()).orElseGet(() -> nothing(wanted.origin()));
    if (!Proof.extend(last.size(), last.root(), wanted.size(), wanted.root(), proof)) {
      throw new InconsistentLog(last, wanted);
    }
    if (!last.equals(wanted)) {
      memory.keep(wanted);
    }
    return key.sign(wanted, clock.instant());
  }

  private static Checkpoint nothing(String origin) {
    return new Checkpoint(origin, 0, Hash.ofNothing());
  }
}
