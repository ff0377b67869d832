// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.note;

/// A note, a checkpoint or a key that is not written as it must be.
public final class MalformedNote extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedNote(String message) {
    super(message);
  }
}
