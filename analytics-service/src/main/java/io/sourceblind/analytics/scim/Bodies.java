// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.identity.Provisioning.Sought;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What stands in requests and answers.
final class Bodies {
  static final String TYPE = "application/scim+json";
  static final String USER = "urn:ietf:params:scim:schemas:core:2.0:User";
  static final String GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

  private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
  private static final MediaType MEDIA = MediaType.parseMediaType(TYPE + ";charset=UTF-8");
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LONGEST = 262_144;
  private static final int MOST = 200;
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,8}");

  /// The one kind of filter that providers match with.
  private static final Pattern FILTER =
      Pattern.compile("(?i)\\s*([a-z]+)\\s+eq\\s+(\"(?:[^\"\\\\]|\\\\.)*\")\\s*");

  private Bodies() {}

  /// @param first counted from 0
  record Part(int first, int most) {
    /// RFC 7644, 3.4.2.4: what is less than the first is the first, and less than none is none.
    static Part of(String startIndex, String count) {
      return new Part(
          startIndex.isEmpty() ? 0 : Math.max(1, number("startIndex", startIndex)) - 1,
          count.isEmpty() ? MOST : Math.clamp(number("count", count), 0, MOST));
    }

    private static int number(String name, String text) {
      if (!NUMBER.matcher(text).matches()) {
        throw Fault.unfit("invalidValue", name + " is a whole number");
      }
      return Integer.parseInt(text);
    }
  }

  static JsonNode read(InputStream body) {
    try {
      var bytes = body.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw Fault.tooLarge();
      }
      var read = JSON.readTree(bytes);
      if (read == null || !read.isObject()) {
        throw syntax();
      }
      return read;
    } catch (JacksonException | IOException _) {
      throw syntax();
    }
  }

  /// @param name the attribute that names the resource, besides externalId
  static Sought sought(String filter, String name) {
    if (filter.isEmpty()) {
      return Sought.ALL;
    }
    var parts = FILTER.matcher(filter);
    if (!parts.matches()) {
      throw unknownFilter(name);
    }
    String value;
    try {
      value = JSON.readTree(parts.group(2)).asString();
    } catch (JacksonException _) {
      throw unknownFilter(name);
    }
    var attribute = parts.group(1).toLowerCase(Locale.ROOT);
    if (attribute.equals(name.toLowerCase(Locale.ROOT))) {
      return new Sought(value, null);
    }
    if (attribute.equals("externalid")) {
      return new Sought(null, value);
    }
    throw unknownFilter(name);
  }

  static ResponseEntity<Map<String, Object>> found(int all, Part part, List<?> resources) {
    return answer(
        HttpStatus.OK,
        Map.of(
            "schemas",
            List.of(LIST),
            "totalResults",
            all,
            "startIndex",
            part.first() + 1,
            "itemsPerPage",
            resources.size(),
            "Resources",
            resources));
  }

  static ResponseEntity<Map<String, Object>> answer(HttpStatus status, Map<String, Object> body) {
    return ResponseEntity.status(status).contentType(MEDIA).body(body);
  }

  /// The text of an attribute, or nothing where there is none.
  static @Nullable String text(JsonNode of, String attribute) {
    var value = attribute(of, attribute);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw Fault.unfit("invalidValue", attribute + " is a text");
    }
    return value.asString();
  }

  /// RFC 7643, 2.1: attribute names are the same in any case.
  static @Nullable JsonNode attribute(JsonNode of, String name) {
    for (var there : of.propertyNames()) {
      if (there.equalsIgnoreCase(name)) {
        return of.get(there);
      }
    }
    return null;
  }

  /// Entra says it as a word.
  static boolean truth(JsonNode value) {
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    if (value.isString() && value.asString().equalsIgnoreCase("true")) {
      return true;
    }
    if (value.isString() && value.asString().equalsIgnoreCase("false")) {
      return false;
    }
    throw Fault.unfit("invalidValue", "active is true or false");
  }

  /// An id in a body. One that does not exist is unfit there, and not a page that is missing.
  static UUID id(@Nullable String text) {
    if (text == null || !Ids.isOne(text)) {
      throw Fault.unfit("invalidValue", "There is no such member");
    }
    return UUID.fromString(text);
  }

  private static Fault syntax() {
    return Fault.unfit("invalidSyntax", "The body is one JSON object");
  }

  private static Fault unknownFilter(String name) {
    return Fault.unfit(
        "invalidFilter", "A filter is %s or externalId, eq and a text in quotes".formatted(name));
  }
}
