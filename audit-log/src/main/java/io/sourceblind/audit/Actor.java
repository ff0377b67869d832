// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;

/// Who did something, by an id that says nothing to whoever cannot look it up.
public record Actor(Kind kind, UUID id) {

  /// What sort of actor the id belongs to.
  public enum Kind {
    /// Somebody of the organization.
    PERSON,
    /// A machine of somebody of the organization.
    DEVICE,
    /// A program with a key that is nobody's in person.
    PROGRAM,
    /// Work that runs by itself.
    JOB,
    /// Somebody who runs the installation.
    OPERATOR
  }

  /// Somebody of the organization.
  public static Actor person(UUID id) {
    return new Actor(Kind.PERSON, id);
  }

  /// A machine, known by its credential.
  public static Actor device(UUID credential) {
    return new Actor(Kind.DEVICE, credential);
  }

  /// A program, known by its key.
  public static Actor program(UUID key) {
    return new Actor(Kind.PROGRAM, key);
  }

  /// A job; the same name has the same id everywhere.
  public static Actor job(String name) {
    return named(Kind.JOB, name);
  }

  /// Whoever runs a command on the installation; the same command has the same id everywhere.
  public static Actor operator(String command) {
    return named(Kind.OPERATOR, command);
  }

  private static Actor named(Kind kind, String name) {
    return new Actor(kind, UUID.nameUUIDFromBytes((kind + ":" + name).getBytes(UTF_8)));
  }
}
