// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

/// What the name of a log tells: `host/org/<id>`, perhaps with `/epoch/<n>` behind it, or
/// `host/master`.
record Origin(String name) {
  private static final String ORGANIZATION = "/org/";
  private static final String MASTER = "/master";

  boolean isMaster() {
    return !name.contains(ORGANIZATION);
  }

  /// The id of the organization; that of the installation itself is all zeroes.
  String organization() {
    return isMaster()
        ? "00000000-0000-0000-0000-000000000000"
        : name.substring(name.indexOf(ORGANIZATION) + ORGANIZATION.length()).split("/", 2)[0];
  }

  /// The name of the tree over the trees.
  String master() {
    return host() + MASTER;
  }

  /// The name under which receipts are signed.
  String receipts() {
    return host() + "/receipts";
  }

  private String host() {
    return name.substring(0, name.indexOf(isMaster() ? MASTER : ORGANIZATION));
  }
}
