// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.identity.Role;
import io.sourceblind.identity.Scope;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What somebody may do here, which roles may, and what of whom they come near by it. There is none
/// to read another person's sessions or numbers, so no role can have it.
@SuppressWarnings("ImmutableEnumChecker") // List.of never changes.
enum Permission {
  /// Whatever somebody has become since: what was captured of them stays theirs.
  READ_OWN_DATA(Scope.OWN_READ, "one's own sessions and numbers", Role.values()),
  READ_TEAM_NUMBERS(Scope.CELLS_READ, "released numbers of teams", Role.MANAGER, Role.OWNER),
  READ_CONTROLS(Scope.PROOF_READ, "schema, rights and ledger", Role.REVIEWER),
  READ_AUDIT_LOG(Scope.AUDIT_READ, "the audit log", Role.REVIEWER),
  READ_SEATS("how many accounts there are", Role.BILLING),
  CONNECT_DEVICE("one's own machines", Role.ENGINEER),
  HOLD_TOKENS(
      "one's own tokens for programs", Role.ENGINEER, Role.MANAGER, Role.OWNER, Role.REVIEWER),
  /// Whoever an owner has put into a workspace; which one it is, is asked behind the door.
  KEEP_KEYS("keys of the workspaces one belongs to", Role.values()),
  RUN_ORGANIZATION("who is a member, and what all have agreed on", Role.OWNER),
  PROVISION(Scope.SCIM, "who is a member, and in which team", Role.OWNER);

  private final @Nullable Scope scope;
  private final String data;
  private final List<Role> roles;

  Permission(String data, Role... roles) {
    this(null, data, roles);
  }

  Permission(@Nullable Scope scope, String data, Role... roles) {
    this.scope = scope;
    this.data = data;
    this.roles = List.of(roles);
  }

  /// The permission that a role is there for.
  static Permission of(Role role) {
    return switch (role) {
      case ENGINEER -> READ_OWN_DATA;
      case MANAGER -> READ_TEAM_NUMBERS;
      case OWNER -> RUN_ORGANIZATION;
      case REVIEWER -> READ_CONTROLS;
      case BILLING -> READ_SEATS;
    };
  }

  /// What a token has to be good for; null where no token will do.
  @Nullable Scope scope() {
    return scope;
  }

  /// What somebody with it comes near.
  String data() {
    return data;
  }

  List<Role> roles() {
    return roles;
  }

  /// `read-own-data`, as reviewers and programs read it.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
