// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.db.Tenant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whoever showed a credential that is good.
///
/// @param team null for somebody who is in none
/// @param fresh whether they have proved within ten minutes who they are
/// @param complete whether they have shown all that their organization asks for
public record Principal(
    UUID credential,
    UUID organization,
    UUID person,
    Role role,
    @Nullable UUID team,
    boolean fresh,
    boolean complete) {

  /// For whom work on behalf of this principal is done.
  public Tenant tenant() {
    return new Tenant(organization, person);
  }
}
