// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.util.Optional;
import java.util.stream.Stream;

/// What a program's token is good for, where that is less than all that its owner reads by program.
public enum Scope {
  /// Released numbers of teams.
  CELLS_READ("cells:read", Role.MANAGER),
  /// One's own numbers.
  OWN_READ("own:read", Role.ENGINEER),
  /// Schema, rights and ledger.
  PROOF_READ("proof:read", Role.REVIEWER),
  /// The audit log.
  AUDIT_READ("audit:read", Role.REVIEWER),
  /// Making and ending members. No token is good for it that does not say so, and one that says so
  /// is good for nothing else.
  SCIM("scim", Role.MANAGER);

  private final String word;
  private final Role role;

  Scope(String word, Role role) {
    this.word = word;
    this.role = role;
  }

  /// As people and the database read it.
  public String word() {
    return word;
  }

  /// Those that somebody in a role may give to a token of theirs.
  public static Stream<Scope> of(Role role) {
    return Stream.of(values()).filter(scope -> scope.role == role);
  }

  static Optional<Scope> of(String word) {
    return Stream.of(values()).filter(scope -> scope.word.equals(word)).findFirst();
  }
}
