// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;

/// Why the client's folder cannot be used now, as a sentence for people.
public final class Unusable extends IOException {
  public Unusable(String message) {
    super(message);
  }
}
