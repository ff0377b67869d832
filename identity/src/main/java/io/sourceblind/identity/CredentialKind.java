// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.util.Locale;

/// What a credential is for. Its prefix says so to whoever finds one lying about.
public enum CredentialKind {
  /// Lets an engineer's machine send events.
  DEVICE("sbd_"),
  /// Lets a program of the organization in.
  API("sbk_"),
  /// Keeps somebody signed in.
  SESSION("sbs_"),
  /// Signs somebody in, once.
  SIGN_IN_LINK("sbl_"),
  /// Gets a machine its next device credential, once.
  REFRESH("sbr_");

  private final String prefix;

  CredentialKind(String prefix) {
    this.prefix = prefix;
  }

  /// How every secret of the kind begins.
  public String prefix() {
    return prefix;
  }

  static CredentialKind of(String sqlName) {
    return valueOf(sqlName.toUpperCase(Locale.ROOT));
  }

  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
