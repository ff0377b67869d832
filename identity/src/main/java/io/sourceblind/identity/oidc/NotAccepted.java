// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

/// What a provider said is not taken, or it could not be asked. The message is for whoever runs the
/// organization, and holds nothing of what was presented.
public final class NotAccepted extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotAccepted(String message) {
    super(message);
  }

  NotAccepted(String message, Throwable cause) {
    super(message, cause);
  }

  /// The message, which is always there.
  public String why() {
    return String.valueOf(getMessage());
  }
}
