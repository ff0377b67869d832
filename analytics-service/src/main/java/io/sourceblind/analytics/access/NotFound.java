// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/// What is asked for does not exist, or is somebody else's: nobody is told which.
@ResponseStatus(HttpStatus.NOT_FOUND)
public final class NotFound extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotFound() {
    super("There is nothing here");
  }
}
