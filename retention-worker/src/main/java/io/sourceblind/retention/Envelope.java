// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import java.util.UUID;

/// What a job is given: ids, by which it finds the rest under row security.
record Envelope(UUID organization, UUID deletion) {

  static Envelope parse(String ids) {
    var parts = ids.split("/", 2);
    return new Envelope(UUID.fromString(parts[0]), UUID.fromString(parts[1]));
  }

  @Override
  public String toString() {
    return organization + "/" + deletion;
  }
}
