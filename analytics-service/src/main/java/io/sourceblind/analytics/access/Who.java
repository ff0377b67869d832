// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.authorization.SingleResultAuthorizationManager;

/// For whom a door opens.
sealed interface Who {

  /// Anybody at all: nothing behind the door belongs to anyone.
  record Everyone() implements Who {}

  /// Anybody who is signed in, for what is theirs alone.
  ///
  /// @param fresh whether they must have proved within ten minutes who they are
  /// @param halfway whether it also opens for somebody who still owes a second factor
  record SignedIn(boolean fresh, boolean halfway) implements Who {}

  /// Who has a permission, with one kind of credential.
  ///
  /// @param fresh whether they must have proved within ten minutes who they are
  record Only(Permission permission, CredentialKind with, boolean fresh) implements Who {}

  /// The roles for which it opens.
  default List<Role> roles() {
    return this instanceof Only only ? only.permission().roles() : Arrays.asList(Role.values());
  }

  /// Whether a proof of long ago is not enough.
  default boolean fresh() {
    return switch (this) {
      case Everyone _ -> false;
      case SignedIn(var fresh, _) -> fresh;
      case Only(_, _, var fresh) -> fresh;
    };
  }

  default <T> AuthorizationManager<T> manager() {
    AuthorizationManager<T> manager =
        switch (this) {
          case Everyone _ -> SingleResultAuthorizationManager.permitAll();
          case SignedIn _ -> shows(CredentialKind.SESSION);
          case Only(var permission, var kind, _) ->
              AuthorizationManagers.allOf(
                  AuthorityAuthorizationManager.hasAnyAuthority(
                      permission.roles().stream()
                          .map(role -> "ROLE_" + role.name())
                          .toArray(String[]::new)),
                  kind == CredentialKind.API ? isGoodFor(permission) : shows(kind));
        };
    return this instanceof Everyone ? manager : proved(manager, this);
  }

  private static <T> AuthorizationManager<T> shows(CredentialKind kind) {
    return AuthorityAuthorizationManager.hasAuthority("CRED_" + kind.name());
  }

  private static <T> AuthorizationManager<T> isGoodFor(Permission permission) {
    return AuthorizationManagers.allOf(
        shows(CredentialKind.API),
        AuthorityAuthorizationManager.hasAuthority(
            "SCOPE_" + Objects.requireNonNull(permission.scope()).name()));
  }

  /// Whether it opens for somebody who still owes a second factor.
  default boolean halfway() {
    return this instanceof SignedIn signedIn && signedIn.halfway();
  }

  private static <T> AuthorizationManager<T> proved(AuthorizationManager<T> manager, Who wanted) {
    return (authentication, context) -> {
      var result = manager.authorize(authentication, context);
      if (result == null || !result.isGranted()) {
        return new AuthorizationDecision(false);
      }
      var who = authentication.get();
      if (who == null || !(who.getPrincipal() instanceof Principal principal)) {
        return new AuthorizationDecision(false);
      }
      if (!wanted.halfway() && !principal.complete()) {
        return new NotComplete();
      }
      return wanted.fresh() && !principal.fresh() ? new NotFresh() : result;
    };
  }

  /// They may, once they have shown their second factor.
  final class NotComplete extends AuthorizationDecision {
    private static final long serialVersionUID = 1;

    NotComplete() {
      super(false);
    }
  }

  /// They may, once they have proved again who they are.
  final class NotFresh extends AuthorizationDecision {
    private static final long serialVersionUID = 1;

    NotFresh() {
      super(false);
    }
  }
}
