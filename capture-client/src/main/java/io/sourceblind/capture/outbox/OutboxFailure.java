// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

/// The disk would not take what had to be kept. What was kept before is still there.
public final class OutboxFailure extends RuntimeException {
  OutboxFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
