// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

/// A command was given what it cannot use; the message says what would be right.
final class UsedWrongly extends Exception {
  private static final long serialVersionUID = 1;

  UsedWrongly(String message) {
    super(message);
  }
}
