// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Looks into a record whose shape may change any day: a value of another type than expected is as
/// good as absent.
final class Json {

  private Json() {}

  static @Nullable JsonNode object(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    return value != null && value.isObject() ? value : null;
  }

  static @Nullable JsonNode array(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    return value != null && value.isArray() ? value : null;
  }

  static @Nullable String text(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    return value != null && value.isString() ? value.asString() : null;
  }

  static String text(@Nullable JsonNode node, String name, String otherwise) {
    String value = text(node, name);
    return value == null ? otherwise : value;
  }

  static boolean isTrue(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    return value != null && value.isBoolean() && value.asBoolean();
  }

  static boolean has(@Nullable JsonNode node, String name) {
    return node != null && node.has(name);
  }

  static @Nullable Long number(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    return value != null && value.isNumber() && value.canConvertToLong() ? value.asLong() : null;
  }

  static long number(@Nullable JsonNode node, String name, long otherwise) {
    Long value = number(node, name);
    return value == null ? otherwise : value;
  }

  /// A moment in whole milliseconds between the years 2000 and 2100, or null.
  static @Nullable Instant instant(@Nullable JsonNode node, String name) {
    String value = text(node, name);
    if (value == null) {
      return null;
    }
    try {
      Instant instant = Instant.parse(value).truncatedTo(ChronoUnit.MILLIS);
      long seconds = instant.getEpochSecond();
      return seconds > 946_684_800L && seconds < 4_102_444_800L ? instant : null;
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }
}
