// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

/// Brings letters to people: by mail, or to the console of whoever tries this on their own machine.
@FunctionalInterface
public interface Post {

  /// Sends it soon, and never lets the caller wait: how long a mail takes must not tell whether
  /// there was one.
  void send(Letter letter);

  /// Whether letters get anywhere.
  default boolean delivers() {
    return true;
  }
}
