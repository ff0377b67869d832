// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a program's token is good for, where that is less than all that its owner reads by program.
public enum Scope {
  /// Released numbers of teams.
  CELLS_READ("cells:read", Role.MANAGER, Role.OWNER),
  /// One's own numbers, whatever one has become since.
  OWN_READ("own:read", Role.values()),
  /// Schema, rights and ledger.
  PROOF_READ("proof:read", Role.REVIEWER),
  /// The audit log.
  AUDIT_READ("audit:read", Role.REVIEWER),
  /// Making and ending members. No token is good for it that does not say so, and one that says so
  /// is good for nothing else.
  SCIM("scim", Role.OWNER);

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // List.of never changes.
  private final List<Role> roles;

  Scope(String word, Role... roles) {
    this.word = word;
    this.roles = List.of(roles);
  }

  /// As people and the database read it.
  public String word() {
    return word;
  }

  /// Those that somebody in a role may give to a token of theirs.
  public static Stream<Scope> of(Role role) {
    return Stream.of(values()).filter(scope -> scope.roles.contains(role));
  }

  static Optional<Scope> of(String word) {
    return Stream.of(values()).filter(scope -> scope.word.equals(word)).findFirst();
  }
}
