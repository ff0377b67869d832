// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.time.Instant;
import java.util.UUID;

/// A new credential. This is the only time that its secret is seen.
public record Minted(UUID id, String secret, Instant expiresAt) {

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "Minted[id=%s, expiresAt=%s]".formatted(id, expiresAt);
  }
}
