// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param key what jitter, offsets and dither of released numbers come from; it has no default that
///   works
@ConfigurationProperties("release")
record ReleaseSettings(@DefaultValue("") String key) {

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "ReleaseSettings[]";
  }
}
