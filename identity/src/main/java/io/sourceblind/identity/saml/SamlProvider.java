// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import java.security.PublicKey;
import java.util.List;

/// What an organization has entered about its provider.
///
/// @param entityId its name
/// @param keys what it signs with; a response brings none along
public record SamlProvider(String entityId, List<PublicKey> keys) {
  public SamlProvider {
    keys = List.copyOf(keys);
  }
}
