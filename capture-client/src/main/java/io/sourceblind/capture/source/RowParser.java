// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a tree of one record, as Jackson would, but of what is wanted of it only.
final class RowParser {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;

  private RowParser(JsonParser parser) {
    this.parser = parser;
  }

  /// The record, or null where the bytes hold no object.
  static @Nullable JsonNode object(byte[] bytes, Wanted wanted) {
    JsonNode plain = Skimmer.object(bytes, wanted);
    return plain == null ? parsed(bytes, wanted) : plain;
  }

  /// The same by Jackson alone, which says what is broken.
  static @Nullable JsonNode parsed(byte[] bytes, Wanted wanted) {
    try (JsonParser parser = JsonLines.JSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      JsonNode row = new RowParser(parser).value(wanted);
      if (parser.nextToken() != null) {
        throw new StreamReadException(parser, "Something stands behind the record");
      }
      return row;
    }
  }

  private JsonNode value(Wanted wanted) {
    JsonToken token = parser.currentToken();
    if (wanted == Wanted.NONE) {
      parser.skipChildren();
      return NODES.nullNode();
    }
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          parser.nextToken();
          object.set(name, value(wanted.of(name)));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(wanted));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case null, default -> NODES.nullNode();
    };
  }
}
