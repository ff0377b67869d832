// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import java.net.URI;

/// One browser's way to a provider and back.
///
/// @param state what the provider brings back, so that nobody ends what another has begun
/// @param nonce what has to be in the token, so that none of an earlier trip is taken
/// @param verifier what only we know until we redeem the code
/// @param redirect where it comes back to; each organization has a place of its own
/// @param again whether the provider has to ask who it is, whatever it remembers
public record Trip(String state, String nonce, String verifier, URI redirect, boolean again) {

  /// Without the secrets.
  @Override
  public String toString() {
    return "Trip[]";
  }
}
