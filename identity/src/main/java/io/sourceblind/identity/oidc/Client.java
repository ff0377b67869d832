// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// What an organization has agreed on with its provider.
///
/// @param claim what a token must say besides; null where the issuer serves this customer alone
public record Client(URI issuer, String id, String secret, @Nullable Claim claim) {

  /// One claim of a token, and the value that makes it this customer's.
  public record Claim(String name, String value) {}

  /// Without the secret.
  @Override
  public String toString() {
    return "Client[]";
  }
}
