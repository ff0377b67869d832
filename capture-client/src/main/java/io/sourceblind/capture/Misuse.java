// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

/// A command was used in a way that cannot work; the message says what would.
final class Misuse extends RuntimeException {
  Misuse(String message) {
    super(message);
  }
}
