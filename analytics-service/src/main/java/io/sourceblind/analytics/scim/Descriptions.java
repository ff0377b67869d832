// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import io.sourceblind.analytics.access.Reading;
import java.io.IOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What a provider may ask of us, for whoever sets it up.
@RestController
class Descriptions {
  private static final MediaType TYPE = MediaType.parseMediaType(Bodies.TYPE + ";charset=UTF-8");

  private final byte[] abilities = resource("scim-abilities.json");
  private final byte[] schemas = resource("scim-schemas.json");
  private final byte[] types = resource("scim-types.json");

  Descriptions() throws IOException {}

  @GetMapping("/scim/v2/ServiceProviderConfig")
  ResponseEntity<byte[]> abilities(Reading reading) {
    return answer(reading, abilities);
  }

  @GetMapping("/scim/v2/Schemas")
  ResponseEntity<byte[]> schemas(Reading reading) {
    return answer(reading, schemas);
  }

  @GetMapping("/scim/v2/ResourceTypes")
  ResponseEntity<byte[]> types(Reading reading) {
    return answer(reading, types);
  }

  private static ResponseEntity<byte[]> answer(Reading reading, byte[] body) {
    reading.record("scim.read", "descriptions");
    return ResponseEntity.ok().contentType(TYPE).body(body);
  }

  private static byte[] resource(String name) throws IOException {
    return new ClassPathResource("analytics/" + name).getContentAsByteArray();
  }
}
