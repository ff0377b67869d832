// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Whom this installation may ask about people. Nobody is asked unless an organization has named a
/// provider or a domain.
///
/// @param inside whether a provider may be inside this network, or on this machine without TLS
/// @param nameServers who is asked whose a domain is: `dns:` for those of this machine, or
///   `dns://host:port`
@ConfigurationProperties("sign-on")
record SignOnNetwork(
    @DefaultValue("false") boolean inside, @DefaultValue("dns:") String nameServers) {}
