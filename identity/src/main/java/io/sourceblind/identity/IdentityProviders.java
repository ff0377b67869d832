// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.identity.oidc.OpenId;
import io.sourceblind.identity.oidc.Outward;
import java.time.Clock;

/// The way out to organizations' identity providers, as far as the operator lets it lead.
public final class IdentityProviders {
  private final OpenId openId;

  /// @param inside whether a provider may be inside the operator's own network, and on this machine
  ///   without TLS
  public IdentityProviders(boolean inside, Clock clock) {
    openId = new OpenId(new Outward(inside), clock);
  }

  OpenId openId() {
    return openId;
  }
}
