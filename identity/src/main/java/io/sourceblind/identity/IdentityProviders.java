// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.identity.oidc.OpenId;
import io.sourceblind.identity.oidc.Outward;
import io.sourceblind.identity.saml.SamlVerifier;
import java.time.Clock;

/// Organizations' identity providers: the way out to them, as far as the operator lets it lead, and
/// what is made of their answers.
public final class IdentityProviders {
  private final OpenId openId;
  private final SamlVerifier saml;
  private final boolean inside;

  /// @param inside whether a provider may be inside the operator's own network, and on this machine
  ///   without TLS
  public IdentityProviders(boolean inside, Clock clock) {
    openId = new OpenId(new Outward(inside), clock);
    saml = new SamlVerifier(clock);
    this.inside = inside;
  }

  OpenId openId() {
    return openId;
  }

  SamlVerifier saml() {
    return saml;
  }

  boolean inside() {
    return inside;
  }
}
