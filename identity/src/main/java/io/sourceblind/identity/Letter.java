// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

/// A mail to somebody.
public record Letter(String to, String subject, String text) {

  /// Without what is in it: a code or a link lets somebody in.
  @Override
  public String toString() {
    return "Letter[]";
  }
}
