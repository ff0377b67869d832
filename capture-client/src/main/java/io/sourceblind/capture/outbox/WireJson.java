// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sourceblind.events.CapturedEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// Events as they stand on the wire: names in snake case, moments in UTC with three decimals,
/// nothing for what is absent.
public final class WireJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .addModule(new SimpleModule().addSerializer(Instant.class, new Moments()))
          .build();

  private WireJson() {}

  /// One event as one line, without the line break.
  public static String line(CapturedEvent event) {
    return JSON.writeValueAsString(event);
  }

  /// One event over several lines, for people.
  public static String pretty(CapturedEvent event) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(event);
  }

  static JsonNode read(String json) {
    return JSON.readTree(json);
  }

  static String write(Object value) {
    return JSON.writeValueAsString(value);
  }

  private static final class Moments extends StdSerializer<Instant> {

    private static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    Moments() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant at, JsonGenerator out, SerializationContext context) {
      out.writeString(FORMAT.format(at));
    }
  }
}
