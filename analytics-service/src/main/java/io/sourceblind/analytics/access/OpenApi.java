// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import java.io.IOException;
import java.util.Locale;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What programs can ask for, in OpenAPI. What is asked and answered is written by hand; what it
/// needs is filled in from the table of doors, so that the two cannot differ.
@RestController
class OpenApi {
  private final String description;

  OpenApi(JsonMapper json) throws IOException {
    try (var written = new ClassPathResource("analytics/openapi.json").getInputStream()) {
      var tree = json.readTree(written);
      for (var path : tree.get("paths").properties()) {
        for (var operation : path.getValue().properties()) {
          fillIn(path.getKey(), operation.getKey(), (ObjectNode) operation.getValue());
        }
      }
      description = json.writeValueAsString(tree);
    }
  }

  @GetMapping(path = "/v1/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
  String description() {
    return description;
  }

  private static void fillIn(String path, String method, ObjectNode operation) {
    var route =
        Route.of(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), path)
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException("openapi.json has a path without a door: " + path));
    var security = operation.putArray("security");
    if (route.who() instanceof Who.Only only) {
      security.addObject().putArray("token");
      operation.put("x-permission", only.permission().word());
      operation.put("x-data", only.permission().data());
    }
    if (route.action() != null) {
      operation.put("x-audit-action", route.action());
    }
  }
}
