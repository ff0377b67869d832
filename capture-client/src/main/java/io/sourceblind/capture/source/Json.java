// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Looks into a record whose shape may change any day: a value of another type than expected is as
/// good as absent.
final class Json {

  private Json() {}

  /// How many bytes a value has as JSON, without writing them.
  static int bytes(JsonNode node) {
    if (node instanceof RawText text) {
      return text.measure().bytes() + text.measure().escapes() + 2;
    }
    if (node.isString()) {
      return quoted(node.asString());
    }
    if (node.isInt() || node.isLong()) {
      return Long.toString(node.asLong()).length();
    }
    if (!node.isContainer()) {
      return Bounds.bytes(node.toString());
    }
    int bytes = 2 + Math.max(0, node.size() - 1);
    for (JsonNode child : node) {
      bytes += bytes(child);
    }
    for (String name : node.propertyNames()) {
      bytes += quoted(name) + 1;
    }
    return bytes;
  }

  private static int quoted(String text) {
    int bytes = Bounds.bytes(text) + 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        bytes++;
      } else if (c < ' ') {
        bytes += "\b\t\n\f\r".indexOf(c) >= 0 ? 1 : 5;
      }
    }
    return bytes;
  }

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

  /// How many bytes a text has.
  static @Nullable Integer size(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    if (value instanceof RawText text) {
      return text.measure().bytes();
    }
    return value != null && value.isString() ? Bounds.bytes(value.asString()) : null;
  }

  /// How many characters a text has; none where there is none.
  static int length(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    if (value instanceof RawText text) {
      return text.measure().characters();
    }
    return value != null && value.isString() ? value.asString().length() : 0;
  }

  /// How many lines a text has, or null where there is none.
  static @Nullable Integer lines(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    if (value instanceof RawText text) {
      return text.measure().lines();
    }
    return value != null && value.isString() ? Lines.count(value.asString()) : null;
  }

  /// Whether a value is a text that begins so.
  static boolean startsWith(JsonNode value, char letter) {
    return value instanceof RawText text
        ? text.startsWith(letter)
        : value.isString() && value.asString().startsWith(String.valueOf(letter));
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

  static @Nullable Double decimal(@Nullable JsonNode node, String name) {
    JsonNode value = node == null ? null : node.get(name);
    return value != null && value.isNumber() ? value.asDouble() : null;
  }

  /// A text, or the texts of the parts of one, one behind the other.
  static String words(@Nullable JsonNode content) {
    if (content == null) {
      return "";
    }
    if (content.isString()) {
      return content.asString();
    }
    if (content.isObject()) {
      return text(content, "text", "");
    }
    StringBuilder text = new StringBuilder();
    if (content.isArray()) {
      for (JsonNode part : content) {
        text.append(part.isString() ? part.asString() : text(part, "text", ""));
      }
    }
    return text.toString();
  }

  /// A moment as milliseconds, or as seconds, since 1970; or null.
  static @Nullable Instant epoch(@Nullable JsonNode node, String name) {
    Double value = decimal(node, name);
    if (value == null) {
      return null;
    }
    return sensible(
        Instant.ofEpochMilli((long) (value < 100_000_000_000d ? value * 1_000 : value)));
  }

  /// A moment, written in either way.
  static @Nullable Instant moment(@Nullable JsonNode node, String name) {
    Instant written = instant(node, name);
    return written == null ? epoch(node, name) : written;
  }

  static @Nullable Instant sensible(Instant instant) {
    long seconds = instant.getEpochSecond();
    return seconds > 946_684_800L && seconds < 4_102_444_800L ? instant : null;
  }

  /// A moment in whole milliseconds between the years 2000 and 2100, or null.
  static @Nullable Instant instant(@Nullable JsonNode node, String name) {
    String value = text(node, name);
    if (value == null) {
      return null;
    }
    Instant usual = usual(value);
    if (usual != null) {
      return sensible(usual);
    }
    try {
      return sensible(Instant.parse(value).truncatedTo(ChronoUnit.MILLIS));
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }

  private static final String USUAL = "0000-00-00T00:00:00";
  private static final int LONGEST_FRACTION = 9;

  /// A moment as most tools write it, digit by digit, because every record has one; null for any
  /// other form.
  private static @Nullable Instant usual(String value) {
    int length = USUAL.length();
    if (value.length() <= length || value.charAt(value.length() - 1) != 'Z') {
      return null;
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (USUAL.charAt(i) == '0' ? c < '0' || c > '9' : c != USUAL.charAt(i)) {
        return null;
      }
    }
    int month = digits(value, 5, 2);
    int day = digits(value, 8, 2);
    int hour = digits(value, 11, 2);
    int minute = digits(value, 14, 2);
    int second = digits(value, 17, 2);
    int millis = millis(value, length, value.length() - 1);
    if (month < 1
        || month > 12
        || day < 1
        || day > YearMonth.of(digits(value, 0, 4), month).lengthOfMonth()
        || hour > 23
        || minute > 59
        || second > 59
        || millis < 0) {
      return null;
    }
    long days = LocalDate.of(digits(value, 0, 4), month, day).toEpochDay();
    long seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    return Instant.ofEpochMilli(seconds * 1_000 + millis);
  }

  /// The whole milliseconds of a fraction of a second, none where there is no fraction, or -1.
  private static int millis(String value, int from, int to) {
    if (from == to) {
      return 0;
    }
    if (value.charAt(from) != '.' || to - from == 1 || to - from - 1 > LONGEST_FRACTION) {
      return -1;
    }
    int millis = 0;
    for (int i = from + 1; i < to; i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      millis = i > from + 3 ? millis : millis * 10 + c - '0';
    }
    for (int i = to - from - 1; i < 3; i++) {
      millis *= 10;
    }
    return millis;
  }

  private static int digits(String text, int from, int count) {
    int number = 0;
    for (int i = from; i < from + count; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
