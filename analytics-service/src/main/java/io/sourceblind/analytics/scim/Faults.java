// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Provisioning;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Answers to what cannot be done, as RFC 7644, 3.12 wants them.
@RestControllerAdvice(basePackageClasses = Faults.class)
class Faults {
  private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

  @ExceptionHandler(Fault.class)
  ResponseEntity<Map<String, Object>> fault(Fault fault) {
    var body = new LinkedHashMap<String, Object>();
    body.put("schemas", List.of(SCHEMA));
    body.put("status", String.valueOf(fault.status().value()));
    if (fault.type() != null) {
      body.put("scimType", fault.type());
    }
    body.put("detail", String.valueOf(fault.getMessage()));
    return Bodies.answer(fault.status(), body);
  }

  @ExceptionHandler(Provisioning.Refused.class)
  @Nullable ResponseEntity<Map<String, Object>> refused(
      Provisioning.Refused refused, HttpServletResponse response) throws IOException {
    var detail = String.valueOf(refused.getMessage());
    return switch (refused.reason()) {
      case TAKEN -> fault(Fault.taken(detail));
      case UNFIT -> fault(Fault.unfit("invalidValue", detail));
      case NOTHING_THERE -> {
        response.sendError(HttpStatus.NOT_FOUND.value());
        yield null;
      }
    };
  }

  @ExceptionHandler(Organizations.OwnersStay.class)
  ResponseEntity<Map<String, Object>> owner(Organizations.OwnersStay stays) {
    return fault(Fault.refused(String.valueOf(stays.getMessage())));
  }
}
