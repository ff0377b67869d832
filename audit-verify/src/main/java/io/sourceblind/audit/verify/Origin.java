// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

/// What the name of a log tells: `host/org/<id>`, perhaps with `/epoch/<n>` behind it, or
/// `host/master`.
record Origin(String name) {
  private static final String ORGANIZATION = "/org/";
  private static final String MASTER = "/master";
  private static final String EPOCH = "/epoch/";

  boolean isMaster() {
    return !name.contains(ORGANIZATION);
  }

  /// The id of the organization; that of the installation itself is all zeroes.
  String organization() {
    return isMaster()
        ? "00000000-0000-0000-0000-000000000000"
        : name.substring(name.indexOf(ORGANIZATION) + ORGANIZATION.length()).split("/", 2)[0];
  }

  /// How often the log began anew, and once for the first time.
  int epoch() {
    var at = name.lastIndexOf(EPOCH);
    var number = at < 0 ? "1" : name.substring(at + EPOCH.length());
    // What is no number is the name of some other log.
    return number.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(number) : 0;
  }

  /// Whether the other is this log in an earlier epoch, or the same.
  boolean goesOnFrom(Origin other) {
    return other.withoutEpoch().equals(withoutEpoch()) && other.epoch() <= epoch();
  }

  private String withoutEpoch() {
    var at = name.lastIndexOf(EPOCH);
    return at < 0 ? name : name.substring(0, at);
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
