// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/// That somebody is about to read could not be written down, or nobody signs what is written down,
/// so nothing was read.
@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
final class AuditUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  AuditUnavailable() {
    super("The audit log stands still, so nothing was read");
  }

  AuditUnavailable(Throwable cause) {
    super("The audit entry could not be written, so nothing was read", cause);
  }
}
