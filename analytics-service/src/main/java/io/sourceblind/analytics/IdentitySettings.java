// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.identity.Pepper;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param pepper the key under which credentials are hashed; it has no default that works
/// @param previousPepper the one before, while credentials are still hashed under it
@ConfigurationProperties("identity")
record IdentitySettings(@DefaultValue("") String pepper, @DefaultValue("") String previousPepper) {

  Pepper hashing() {
    return Pepper.of(pepper, previousPepper);
  }

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "IdentitySettings[]";
  }
}
