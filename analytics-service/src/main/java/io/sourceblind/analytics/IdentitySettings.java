// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param pepper the key under which credentials are hashed; it has no default that works
@ConfigurationProperties("identity")
record IdentitySettings(@DefaultValue("") String pepper) {

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "IdentitySettings[]";
  }
}
