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

  private final byte[] bytes;
  private final JsonParser parser;

  private RowParser(byte[] bytes, JsonParser parser) {
    this.bytes = bytes;
    this.parser = parser;
  }

  /// How many bytes a text has in UTF-8 that was not wanted itself.
  record Size(int bytes) {}

  /// The record, or null where the bytes hold no object.
  static @Nullable JsonNode object(byte[] bytes, Wanted wanted) {
    try (JsonParser parser = JsonLines.JSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      JsonNode row = new RowParser(bytes, parser).value(wanted);
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
      case VALUE_STRING ->
          wanted == Wanted.SIZE
              ? NODES.pojoNode(new Size(size()))
              : NODES.stringNode(parser.getString());
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

  /// Counted where the text stands; the parser steps over it afterwards and checks its form.
  private int size() {
    long at = parser.currentLocation().getByteOffset();
    int counted = at > 0 && at < bytes.length ? sizeAt((int) at) : -1;
    return counted >= 0 ? counted : Bounds.bytes(parser.getString());
  }

  /// How many bytes the text has that begins here, or -1 where that is not plain to see.
  private int sizeAt(int start) {
    if (bytes[start - 1] != '"') {
      return -1;
    }
    int size = 0;
    int i = start;
    while (i < bytes.length) {
      int b = bytes[i] & 0xFF;
      if (b == '"') {
        return size;
      }
      if (b == '\\') {
        int escaped = escape(i + 1);
        if (escaped < 0) {
          return -1;
        }
        size += escaped;
        i += bytes[i + 1] == 'u' ? 6 : 2;
      } else if (b >= 0xC0 && !isPlain(b, i + 1 < bytes.length ? bytes[i + 1] & 0xFF : 0)) {
        return -1;
      } else {
        size++;
        i++;
      }
    }
    return -1;
  }

  /// How many bytes an escaped character has, or -1 for half a pair and for what is none.
  private int escape(int at) {
    if (at >= bytes.length) {
      return -1;
    }
    if (bytes[at] != 'u') {
      return 1;
    }
    if (at + 4 >= bytes.length) {
      return -1;
    }
    int c = 0;
    for (int i = at + 1; i <= at + 4; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      c = c << 4 | digit;
    }
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c >= 0xD800 && c < 0xE000 ? -1 : 3;
  }

  /// Whether a character that begins so is written as short as it can be, and is no half of a pair.
  private static boolean isPlain(int first, int second) {
    return switch (first) {
      case 0xC0, 0xC1 -> false;
      case 0xE0 -> second >= 0xA0;
      case 0xED -> second < 0xA0;
      case 0xF0 -> second >= 0x90;
      default -> first < 0xF4;
    };
  }
}
