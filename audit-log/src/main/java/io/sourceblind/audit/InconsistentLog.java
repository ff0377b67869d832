// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.note.Checkpoint;

/// The log does not go on from what was signed last: it was cut, rewritten or restored.
final class InconsistentLog extends RuntimeException {
  private static final long serialVersionUID = 1;

  InconsistentLog(Checkpoint last, Checkpoint wanted) {
    super(
        """
        SECURITY: the log %s does not go on from its last checkpoint, so nothing was signed.
        signed before: size %d, root %s
        asked for now: size %d, root %s
        Either it was tampered with or an old backup was restored; docs/audit.md says what to do.\
        """
            .formatted(
                last.origin(),
                last.size(),
                last.root().base64(),
                wanted.size(),
                wanted.root().base64()));
  }
}
