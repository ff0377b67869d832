// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a PATCH asks for (RFC 7644, 3.5.2), as Okta and Entra send it: with a path, or with an
/// object of attributes and none.
final class Patch {
  private Patch() {}

  enum Kind {
    ADD,
    REPLACE,
    REMOVE
  }

  /// One change of one attribute.
  ///
  /// @param path such as `name.familyname` or `members[value eq "…"]`, its name in lower case
  /// @param value null where there is none
  record Change(Kind kind, String path, @Nullable JsonNode value) {}

  static List<Change> of(JsonNode body) {
    var operations = Bodies.attribute(body, "Operations");
    if (operations == null || !operations.isArray() || operations.isEmpty()) {
      throw Fault.unfit("invalidSyntax", "A PATCH has Operations");
    }
    return operations.values().stream().flatMap(Patch::changes).toList();
  }

  private static Stream<Change> changes(JsonNode operation) {
    var kind = kind(Bodies.text(operation, "op"));
    var path = Bodies.text(operation, "path");
    var value = Bodies.attribute(operation, "value");
    if (path != null) {
      if (kind != Kind.REMOVE && value == null) {
        throw Fault.unfit("invalidValue", "What is added or replaced has a value");
      }
      return Stream.of(new Change(kind, lowered(path.strip()), value));
    }
    if (kind == Kind.REMOVE) {
      throw Fault.unfit("noTarget", "What is removed has a path");
    }
    if (value == null || !value.isObject()) {
      throw Fault.unfit("invalidValue", "Without a path the value is an object of attributes");
    }
    return value.propertyNames().stream()
        .map(name -> new Change(kind, lowered(name), value.get(name)));
  }

  /// The attribute's name in lower case; what stands in its filter as it is.
  private static String lowered(String path) {
    var filter = path.indexOf('[');
    return filter < 0
        ? path.toLowerCase(Locale.ROOT)
        : path.substring(0, filter).toLowerCase(Locale.ROOT) + path.substring(filter);
  }

  private static Kind kind(@Nullable String op) {
    return switch (op == null ? "" : op.toLowerCase(Locale.ROOT)) {
      case "add" -> Kind.ADD;
      case "replace" -> Kind.REPLACE;
      case "remove" -> Kind.REMOVE;
      default -> throw Fault.unfit("invalidSyntax", "op is add, replace or remove");
    };
  }
}
