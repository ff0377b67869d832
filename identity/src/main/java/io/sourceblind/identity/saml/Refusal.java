// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

/// A response is not taken. The message is for whoever runs the organization, and holds nothing of
/// what was presented.
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  Refusal(String message) {
    super(message);
  }

  Refusal(String message, Throwable cause) {
    super(message, cause);
  }

  /// The message, which is always there.
  public String why() {
    return String.valueOf(getMessage());
  }
}
