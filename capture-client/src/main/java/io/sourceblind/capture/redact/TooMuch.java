// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// A text asked for more time or room than a text may have.
final class TooMuch extends RuntimeException {
  TooMuch(String message) {
    super(message, null, false, false);
  }
}
