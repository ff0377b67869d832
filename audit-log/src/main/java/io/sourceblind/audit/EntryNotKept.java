// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.util.UUID;

/// The database did not keep an audit entry as it was written, so the act must not happen either.
public final class EntryNotKept extends RuntimeException {
  private static final long serialVersionUID = 1;

  EntryNotKept(UUID uid, String how) {
    super(
        "The audit entry %s was %s; look for triggers, rules and policies on audit.entry"
            .formatted(uid, how));
  }
}
