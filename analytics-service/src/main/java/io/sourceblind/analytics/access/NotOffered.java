// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/// What is asked for is a cut of the data that nobody has thought about, or no whole weeks.
@ResponseStatus(HttpStatus.BAD_REQUEST)
public final class NotOffered extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotOffered() {
    super("Whole ISO weeks that are over are offered, such as 2026-W46");
  }
}
