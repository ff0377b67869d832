// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.GapReason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads a file that is one JSON object with a long array in it, an element at a time, so that
/// memory does not follow the file.
final class JsonDocument {

  /// How much of one element may be held.
  private static final int MOST_HELD = 16 * 1024 * 1024;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private int held;

  private JsonDocument() {}

  /// The object without its array: what is said about the whole. What cannot be read is absent.
  static ObjectNode head(Path file, String arrayName) throws IOException {
    JsonDocument document = new JsonDocument();
    ObjectNode head = NODES.objectNode();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        JsonParser parser = JsonLines.JSON.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return head;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(arrayName)) {
          parser.skipChildren();
        } else {
          head.set(name, document.value(parser));
        }
      }
    } catch (JacksonException | TooLong unreadable) {
      // The second pass meets the same place and tells of the gap.
    }
    return head;
  }

  /// Each element of the array, in order; numbers from 1.
  static void elements(Path file, String arrayName, JsonLines.Rows rows) throws IOException {
    JsonDocument document = new JsonDocument();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        JsonParser parser = JsonLines.JSON.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        rows.gap(GapReason.PARSE_ERROR);
        return;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = parser.currentName().equals(arrayName);
        JsonToken token = parser.nextToken();
        if (wanted && token == JsonToken.START_ARRAY) {
          document.array(parser, rows);
        } else {
          parser.skipChildren();
        }
      }
    } catch (JacksonException unreadable) {
      rows.gap(GapReason.PARSE_ERROR);
    }
  }

  private void array(JsonParser parser, JsonLines.Rows rows) {
    int number = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == null) {
        rows.gap(GapReason.PARSE_ERROR);
        return;
      }
      number++;
      held = 0;
      int depth = parser.streamReadContext().getNestingDepth();
      JsonNode element;
      try {
        element = value(parser);
      } catch (TooLong tooLong) {
        rows.gap(GapReason.DROPPED_OVERFLOW);
        leave(parser, depth);
        rows.between();
        continue;
      }
      take(element, number, rows);
      rows.between();
    }
  }

  private void take(JsonNode element, int number, JsonLines.Rows rows) {
    if (!element.isObject()) {
      rows.gap(GapReason.PARSE_ERROR);
      return;
    }
    try {
      rows.row(element, number, held);
    } catch (RuntimeException surprise) {
      // A record we misread must not cost the rest of the session; its content is in no message.
      rows.gap(GapReason.PARSE_ERROR);
    }
  }

  /// Steps over the rest of the element that was begun at this depth.
  private static void leave(JsonParser parser, int depth) {
    while (parser.currentToken() != null && parser.streamReadContext().getNestingDepth() >= depth) {
      if (parser.nextToken() == null) {
        return;
      }
    }
  }

  private static final class TooLong extends RuntimeException {
    TooLong() {
      super(null, null, false, false);
    }
  }

  private JsonNode value(JsonParser parser) {
    held += 16;
    if (held > MOST_HELD) {
      throw new TooLong();
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          held += name.length();
          parser.nextToken();
          object.set(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_STRING -> {
        String text = parser.getString();
        held += text.length();
        if (held > MOST_HELD) {
          throw new TooLong();
        }
        yield NODES.stringNode(text);
      }
      case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue().longValue());
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case null, default -> NODES.nullNode();
    };
  }
}
