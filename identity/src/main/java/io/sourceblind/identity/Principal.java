// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.audit.Actor;
import io.sourceblind.db.Tenant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whoever showed a credential that is good. A key of a workspace is nobody's in person and stands
/// for itself: it is its own credential and its own person.
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

  /// A program with a key of a workspace.
  static Principal program(UUID key, UUID organization, Role role) {
    return new Principal(key, organization, key, role, null, false, true);
  }

  /// Who it is in the audit log.
  public Actor actor() {
    return person.equals(credential) ? Actor.program(credential) : Actor.person(person);
  }

  /// For whom work on behalf of this principal is done.
  public Tenant tenant() {
    return new Tenant(organization, person);
  }
}
