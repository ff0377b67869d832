// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

/// The allowlist itself is broken; nothing can be let in by it, so the service does not start.
public final class InvalidAllowlist extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidAllowlist(String place, String whatIsRight) {
    super("allowlist.json, %s: %s".formatted(place, whatIsRight));
  }
}
