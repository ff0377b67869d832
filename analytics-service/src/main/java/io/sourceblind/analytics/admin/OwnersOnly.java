// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.admin;

import io.sourceblind.identity.Organizations;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/// Whoever was an owner when they asked and is none when it is their turn is refused as if they had
/// asked now.
@ControllerAdvice
class OwnersOnly {

  @ExceptionHandler(Organizations.NotAnOwner.class)
  void refused(HttpServletResponse response) throws IOException {
    response.sendError(HttpStatus.FORBIDDEN.value());
  }
}
