// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// Something that a provider asked for and does not get.
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final HttpStatus status;
  private final @Nullable String type;

  private Fault(HttpStatus status, @Nullable String type, String detail) {
    super(detail);
    this.status = status;
    this.type = type;
  }

  /// @param type a word of RFC 7644, table 9
  static Fault unfit(String type, String detail) {
    return new Fault(HttpStatus.BAD_REQUEST, type, detail);
  }

  static Fault taken(String detail) {
    return new Fault(HttpStatus.CONFLICT, "uniqueness", detail);
  }

  static Fault refused(String detail) {
    return new Fault(HttpStatus.CONFLICT, null, detail);
  }

  static Fault tooLarge() {
    return new Fault(HttpStatus.CONTENT_TOO_LARGE, null, "A body has 256 KiB at most");
  }

  HttpStatus status() {
    return status;
  }

  @Nullable String type() {
    return type;
  }
}
