// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.identity.Pepper;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param pepper the key under which credentials are hashed; it has no default that works
/// @param previousPepper the one before, while credentials are still hashed under it
/// @param nearProviders whether an organization's identity provider may be inside this network, or
///   on this machine without TLS
/// @param nameServers who is asked which domains are whose: `dns:` for those of this machine, or
///   `dns://host:port`
@ConfigurationProperties("identity")
record IdentitySettings(
    @DefaultValue("") String pepper,
    @DefaultValue("") String previousPepper,
    @DefaultValue("false") boolean nearProviders,
    @DefaultValue("dns:") String nameServers) {

  Pepper hashing() {
    return Pepper.of(pepper, previousPepper);
  }

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "IdentitySettings[]";
  }
}
