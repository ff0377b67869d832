// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param origin where people find the pages, such as `https://sourceblind.example.com`; without
///   one nobody is offered a passkey, for a signature is good for one address alone
@ConfigurationProperties("passkey")
record PasskeySettings(@Nullable URI origin) {
  PasskeySettings {
    if (origin != null && !isAnOrigin(origin)) {
      throw new IllegalArgumentException(
          "passkey.origin is https:// and the host name of the pages, or http://localhost and a"
              + " port");
    }
  }

  private static boolean isAnOrigin(URI origin) {
    var host = origin.getHost();
    var alone =
        host != null
            && origin.toString().equals(origin.getScheme() + "://" + origin.getRawAuthority())
            && origin.getUserInfo() == null;
    // A browser takes no number for the name of a host here.
    return alone
        && host.matches("[a-z][a-z0-9.-]*")
        && ("https".equals(origin.getScheme())
            || ("http".equals(origin.getScheme()) && host.equals("localhost")));
  }
}
