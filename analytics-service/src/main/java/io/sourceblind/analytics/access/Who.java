// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.authorization.SingleResultAuthorizationManager;

/// For whom a door opens.
sealed interface Who {

  /// Anybody at all: nothing behind the door belongs to anyone.
  record Everyone() implements Who {}

  /// Anybody who is signed in.
  record SignedIn() implements Who {}

  /// One role, with one kind of credential.
  record Only(Role role, CredentialKind with) implements Who {}

  default <T> AuthorizationManager<T> manager() {
    return switch (this) {
      case Everyone _ -> SingleResultAuthorizationManager.permitAll();
      case SignedIn _ -> shows(CredentialKind.SESSION);
      case Only(var role, var kind) ->
          AuthorizationManagers.allOf(
              AuthorityAuthorizationManager.hasAuthority("ROLE_" + role.name()), shows(kind));
    };
  }

  private static <T> AuthorizationManager<T> shows(CredentialKind kind) {
    return AuthorityAuthorizationManager.hasAuthority("CRED_" + kind.name());
  }
}
