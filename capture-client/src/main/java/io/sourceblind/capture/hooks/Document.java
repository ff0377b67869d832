// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.hooks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// A text of JSON, with comments and all, and where in it each value stands: so that something can
/// be put in or taken out without writing the rest anew.
final class Document {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /// A value and its place in the text.
  sealed interface Value {
    int start();

    int end();

    record Members(int start, int end, Map<String, Member> all) implements Value {}

    record Elements(int start, int end, List<Value> all) implements Value {}

    record Scalar(int start, int end) implements Value {}
  }

  /// @param start where its name begins
  record Member(int start, Value value) {}

  /// Why a text cannot be worked on.
  static final class Unreadable extends Exception {
    Unreadable(String message) {
      super(message);
    }
  }

  private final String text;
  private final Value.Members root;

  private Document(String text, Value.Members root) {
    this.text = text;
    this.root = root;
  }

  static Document of(String text) throws Unreadable {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT
          || !(value(parser, text) instanceof Value.Members root)) {
        throw new Unreadable("it is no JSON object");
      }
      if (parser.nextToken() != null) {
        throw new Unreadable("something follows its end");
      }
      return new Document(text, root);
    } catch (JacksonException wrong) {
      int line = wrong.getLocation() == null ? 0 : wrong.getLocation().getLineNr();
      throw new Unreadable("it is no JSON at line " + line);
    }
  }

  private static Value value(JsonParser parser, String text) {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          int name = (int) parser.currentTokenLocation().getCharOffset();
          String key = parser.currentName();
          parser.nextToken();
          members.put(key, new Member(name, value(parser, text)));
        }
        yield new Value.Members(start, endOf(parser), members);
      }
      case START_ARRAY -> {
        List<Value> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser, text));
        }
        yield new Value.Elements(start, endOf(parser), elements);
      }
      case VALUE_STRING -> {
        int end = start + 1;
        while (text.charAt(end) != '"') {
          end += text.charAt(end) == '\\' ? 2 : 1;
        }
        yield new Value.Scalar(start, end + 1);
      }
      default -> new Value.Scalar(start, start + parser.getString().length());
    };
  }

  private static int endOf(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset() + 1;
  }

  String text() {
    return text;
  }

  @Nullable Value at(String... path) {
    Value value = root;
    for (String name : path) {
      if (!(value instanceof Value.Members members) || members.all().get(name) == null) {
        return null;
      }
      value = members.all().get(name).value();
    }
    return value;
  }

  /// The value as it stands in the text.
  String textOf(Value value) {
    return text.substring(value.start(), value.end());
  }

  /// What a text says, or null where the value is none.
  @Nullable String wordOf(Value value) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), textOf(value))) {
      return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
    }
  }

  /// The same with one more member at the end of an object.
  Document withMember(Value.Members object, int depth, String name, String json) throws Unreadable {
    List<Integer> ends = object.all().values().stream().map(one -> one.value().end()).toList();
    return with(object, ends, depth, HookedTool.quoted(name) + ": " + json);
  }

  /// The same with one more element at the end of a list.
  Document withElement(Value.Elements list, int depth, String json) throws Unreadable {
    return with(list, list.all().stream().map(Value::end).toList(), depth, json);
  }

  private Document with(Value container, List<Integer> ends, int depth, String piece)
      throws Unreadable {
    String eol = text.contains("\r\n") ? "\r\n" : "\n";
    String inner = eol + unit().repeat(depth + 1);
    if (ends.isEmpty()) {
      int at = container.start() + 1;
      boolean blank = text.substring(at, container.end() - 1).isBlank();
      String rest = blank ? text.substring(container.end() - 1) : text.substring(at);
      return of(text.substring(0, at) + inner + piece + eol + unit().repeat(depth) + rest);
    }
    int last = ends.getLast();
    int comma = commaBehind(last, container.end() - 1);
    return comma < 0
        ? of(text.substring(0, last) + "," + inner + piece + text.substring(last))
        : of(text.substring(0, comma + 1) + inner + piece + "," + text.substring(comma + 1));
  }

  /// Where a comma stands between two places, outside of comments; -1 where none does.
  private int commaBehind(int from, int to) {
    int at = from;
    while (at < to) {
      if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? to : end;
      } else if (text.startsWith("/*", at)) {
        at = text.indexOf("*/", at + 2) + 2;
      } else if (text.charAt(at) == ',') {
        return at;
      } else {
        at++;
      }
    }
    return -1;
  }

  /// By how much the file indents.
  private String unit() {
    if (root.all().isEmpty()) {
      return "  ";
    }
    int start = root.all().values().iterator().next().start();
    int line = text.lastIndexOf('\n', start) + 1;
    String before = text.substring(line, start);
    return line > 0 && before.isBlank() && !before.isEmpty() ? before : "  ";
  }

  /// The same without one element of a list.
  Document withoutElement(Value.Elements list, int index) throws Unreadable {
    List<int[]> places = new ArrayList<>();
    list.all().forEach(value -> places.add(new int[] {value.start(), value.end()}));
    return without(list, places, index);
  }

  /// The same without one member of an object.
  Document withoutMember(Value.Members object, String name) throws Unreadable {
    List<int[]> places = new ArrayList<>();
    object
        .all()
        .values()
        .forEach(member -> places.add(new int[] {member.start(), member.value().end()}));
    return without(object, places, List.copyOf(object.all().keySet()).indexOf(name));
  }

  private Document without(Value container, List<int[]> places, int index) throws Unreadable {
    if (index > 0) {
      int from = places.get(index - 1)[1];
      int start = places.get(index)[0];
      int comma = commaBehind(from, start);
      String between = text.substring(from, comma) + text.substring(comma + 1, start);
      // What somebody wrote between the two stays; blanks and line breaks go with what they led to.
      String kept = between.isBlank() ? "" : between;
      return of(text.substring(0, from) + kept + text.substring(places.get(index)[1]));
    }
    if (places.size() > 1) {
      int second = places.get(1)[0];
      int comma = commaBehind(places.get(0)[1], second);
      String between = text.substring(places.get(0)[1], comma) + text.substring(comma + 1, second);
      // What somebody wrote above the second stays there.
      String kept = between.isBlank() ? "" : between.stripLeading();
      return of(text.substring(0, places.get(0)[0]) + kept + text.substring(second));
    }
    int open = container.start() + 1;
    int close = container.end() - 1;
    int comma = commaBehind(places.get(0)[1], close);
    String left =
        text.substring(open, places.get(0)[0])
            + (comma < 0
                ? text.substring(places.get(0)[1], close)
                : text.substring(places.get(0)[1], comma) + text.substring(comma + 1, close));
    return of(text.substring(0, open) + (left.isBlank() ? "" : left) + text.substring(close));
  }
}
