// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What programs can ask for, in OpenAPI.
@RestController
class ApiDescription {

  @GetMapping("/v1/openapi.json")
  ResponseEntity<Resource> description() {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(new ClassPathResource("analytics/openapi.json"));
  }
}
