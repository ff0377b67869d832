// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Events that the allowlist has a place for, and what becomes of one that is bent out of shape.
final class FuzzedEvents {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> ENVELOPE =
      ListedFields.KINDS.stream()
          .map(kind -> ListedFields.of(kind).keySet())
          .reduce((some, others) -> {
            var both = new HashSet<>(some);
            both.retainAll(others);
            return both;
          })
          .orElseThrow();
  private static final int DEEPEST = 40;
  private static final int LONGEST_PROGRAM = 60;
  private static final long LONGEST_AGO = Duration.ofDays(89).toMillis();

  /// Kinds with words or names of somebody's own in them come up more often.
  private static final List<String> KINDS =
      ListedFields.KINDS.stream()
          .flatMap(kind ->
              Collections.nCopies(
                  ListedFields.of(kind).values().stream()
                          .anyMatch(line ->
                              Set.of("prose", "relative_path", "flags")
                                  .contains(line.path("type").stringValue()))
                      ? 4
                      : 1,
                  kind)
                  .stream())
          .toList();

  /// Sentences are made of them, and nearly all of what is refused in prose begins with one.
  private static final List<String> WORDS =
      List.of(
          "why",
          "does",
          "this",
          "fail,",
          "please",
          "look",
          "at",
          "the",
          "basket",
          "select",
          "from",
          "where",
          "insert",
          "into",
          "values",
          "update",
          "set",
          "delete",
          "create",
          "table",
          "order",
          "by",
          "limit",
          "identification",
          "division.",
          "import",
          "static",
          "as",
          "package",
          "using",
          "namespace",
          "begin",
          "rsa",
          "private",
          "key",
          "working-storage",
          "section",
          "token:",
          "password",
          "is",
          "abc12345",
          "AKIAIOSFODNN7EXAMPLE",
          "sk-ant-",
          "0x1f",
          "3.14",
          "a.b.c",
          "key:",
          "12",
          "--",
          "-----BEGIN",
          "naïve",
          "données",
          "ﬁne",
          "日本語",
          "。",
          "（",
          "हिन्दी",
          "[path]",
          "[code removed, 3 lines, java]",
          "[secret removed]",
          "[name",
          "]",
          "import.");

  /// What a text has within when it is meant to deceive: bidirectional marks, halves of characters,
  /// look-alikes, breaks of lines.
  private static final List<String> TRICKS =
      List.of(
          "\u202e",
          "\u200b",
          "\ufeff",
          "\ud800",
          "\udc00",
          "\u0000",
          "\u2028",
          "\n",
          "\r",
          "\t",
          "e\u0301",
          "\u037e",
          "\uff1d",
          "\uff5b",
          "\u2044",
          "\ud835\udc00",
          "\u00a0",
          "\ue000",
          "\u0378",
          "\u0430",
          "..",
          "/",
          "//",
          "[",
          "]",
          "  ",
          "\\u0000",
          "\"",
          "\\");

  private static final List<BigDecimal> NUMBERS =
      Stream.of(
              "0",
              "-1",
              "1",
              "32767",
              "32768",
              "2147483648",
              "9223372036854775807",
              "9223372036854775808",
              "-9223372036854775809",
              "1e40",
              "1.5",
              "-0.0",
              "1e-400",
              "18446744073709551616")
          .map(BigDecimal::new)
          .toList();

  private final Instant now;

  FuzzedEvents(Instant now) {
    this.now = now;
  }

  /// Rows of bytes to begin with.
  static Stream<byte[]> programs(int count) {
    return programs(count, 20261121);
  }

  static Stream<byte[]> programs(int count, long seed) {
    var random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(i -> {
          var program = new byte[i % LONGEST_PROGRAM * 8];
          random.nextBytes(program);
          return program;
        });
  }

  /// An event in which each value lies within its bound.
  ObjectNode listed(Draws draws) {
    var kind = draws.oneOf(KINDS);
    var envelope = draws.fromBehind();
    var at = now.minus(Duration.ofMillis(Math.floorMod(envelope.number(), LONGEST_AGO)));
    var event = JSON.objectNode();
    ListedFields.of(kind)
        .forEach((name, line) -> {
          var needed = line.path("required").booleanValue() || name.equals("session_ref");
          var own = ENVELOPE.contains(name) ? envelope : draws;
          if (needed || !own.oneIn(2)) {
            set(event, name, within(line, kind, at, own));
          }
        });
    if (!event.path("path_mode").stringValue("").equals("relative")) {
      event.remove("path");
    }
    if (event.path("path_mode").stringValue("").equals("extension")) {
      event.remove("path_ref");
    }
    return event;
  }

  /// An event with some of it changed, in ways that an attacker or an accident might think of.
  JsonNode bent(Draws draws) {
    var event = listed(draws);
    for (var changes = draws.below(6); changes > 0; changes--) {
      bend(event, draws);
    }
    return switch (draws.below(40)) {
      case 38 -> nested(event, draws.below(DEEPEST), draws);
      case 39 -> anything(draws, 4);
      default -> event;
    };
  }

  /// Any JSON, up to a depth.
  JsonNode anything(Draws draws, int depth) {
    return switch (draws.below(depth > 0 ? 11 : 8)) {
      case 0 -> JSON.stringNode(draws.oneOf(Canary.SOURCE));
      case 1 -> JSON.stringNode(draws.text());
      case 2 -> JSON.stringNode(draws.oneOf(TRICKS));
      case 3 -> JSON.stringNode(prose(draws));
      case 4 -> number(draws);
      case 5 -> JSON.numberNode(draws.number());
      case 6 -> JSON.booleanNode(draws.oneIn(2));
      case 7 -> JSON.nullNode();
      case 8 -> {
        var list = JSON.arrayNode();
        for (var size = draws.below(20); size > 0; size--) {
          list.add(anything(draws, depth - 1));
        }
        yield list;
      }
      default -> {
        var object = JSON.objectNode();
        for (var size = draws.below(8); size > 0; size--) {
          object.set(name(draws), anything(draws, depth - 1));
        }
        yield object;
      }
    };
  }

  /// A name that no kind has a field of.
  String unlistedName(Draws draws) {
    var name = name(draws);
    return ListedFields.NAMES.contains(name) || name.equals("redaction") ? name + "_x" : name;
  }

  private void bend(ObjectNode event, Draws draws) {
    if (draws.oneIn(8)) {
      move(event, draws);
      return;
    }
    var names = List.copyOf(event.propertyNames());
    var place = draws.oneIn(6) && event.path("redaction").isObject() ? "redaction" : "";
    var within = place.isEmpty() ? event : (ObjectNode) event.path("redaction");
    // What is the kind's own stands last, and is what matters most.
    var inner = List.copyOf(within.propertyNames()).reversed();
    var some = draws.oneIn(2) ? inner.subList(0, inner.size() / 3) : inner;
    var name = some.isEmpty() ? "kind" : draws.oneOf(some);
    var value = within.has(name) ? within.path(name) : JSON.nullNode();
    switch (draws.below(11)) {
      case 0 -> within.set(name, anything(draws, 3));
      case 1 -> within.set(name(draws), anything(draws, 3));
      case 2 -> within.remove(name);
      case 3 -> {
        within.remove(name);
        within.set(twin(name, draws), value);
      }
      case 4 -> within.set(name, JSON.stringNode(spliced(value.asString(""), draws)));
      case 5 -> within.set(name, JSON.arrayNode().add(value));
      case 6 -> within.set(name, JSON.objectNode().set(name, value));
      case 7 -> within.set(name, number(draws));
      case 8 -> {
        if (!names.isEmpty()) {
          within.set(name, event.path(draws.oneOf(names)).deepCopy());
        }
      }
      case 9 -> {
        var line = ListedFields.of(event.path("kind").stringValue("")).get(name);
        if (line != null) {
          within.set(name, atTheEdge(line, draws));
        }
      }
      default -> within.set(name, nested(JSON.stringNode(name), draws.below(DEEPEST), draws));
    }
  }

  /// To where the window begins or ends, or one millisecond beyond it, with its id or without.
  private void move(ObjectNode event, Draws draws) {
    var beyond = draws.below(2);
    var to =
        draws.oneIn(2)
            ? now.minus(Duration.ofDays(90)).minusMillis(beyond)
            : now.plus(Duration.ofMinutes(5)).plusMillis(beyond);
    switch (draws.below(3)) {
      case 0 -> event.put("observed_at", to.toString());
      case 1 -> event.put("occurred_at", to.toString());
      default ->
          event
              .put("occurred_at", to.toString())
              .put("event_id", id(to, draws.number()).toString());
    }
  }

  private String name(Draws draws) {
    return switch (draws.below(6)) {
      case 0 -> draws.oneOf(ListedFields.NAMES);
      case 1 -> draws.oneOf(Canary.SOURCE);
      case 2 -> draws.text();
      case 3 -> twin(draws.oneOf(ListedFields.NAMES), draws);
      case 4 -> "redaction";
      default -> "tool_input";
    };
  }

  /// A name that looks much like another.
  private static String twin(String name, Draws draws) {
    return switch (draws.below(6)) {
      case 0 -> name.toUpperCase(Locale.ROOT);
      case 1 -> name + " ";
      case 2 -> name.replace('e', '\u0435');
      case 3 -> "redaction." + name;
      case 4 -> name + "\u0000";
      default -> "/" + name;
    };
  }

  private static String spliced(String text, Draws draws) {
    var at = text.isEmpty() ? 0 : draws.below(text.length() + 1);
    var piece =
        switch (draws.below(4)) {
          case 0 -> draws.oneOf(TRICKS);
          case 1 -> draws.oneOf(Canary.SOURCE);
          case 2 -> draws.oneOf(WORDS);
          default -> draws.text();
        };
    return text.substring(0, at) + piece + text.substring(at);
  }

  private static JsonNode nested(JsonNode value, int depth, Draws draws) {
    var list = draws.oneIn(2);
    var tree = value;
    for (var i = 0; i < depth; i++) {
      tree = list ? JSON.arrayNode().add(tree) : JSON.objectNode().set("kind", tree);
    }
    return tree;
  }

  private static JsonNode number(Draws draws) {
    var number = draws.oneOf(NUMBERS);
    return number.scale() > 0
        ? JSON.numberNode(number)
        : JSON.numberNode(
            draws.oneIn(2) ? number.toBigInteger() : BigInteger.valueOf(number.longValue()));
  }

  /// The last value within a bound and the first beyond it.
  private static JsonNode atTheEdge(JsonNode line, Draws draws) {
    var beyond = draws.below(2);
    return switch (line.path("type").stringValue()) {
      case "integer" ->
          draws.oneIn(2)
              ? JSON.numberNode(line.path("min").longValue() - beyond)
              : JSON.numberNode(line.path("max").longValue() + beyond);
      case "flags" -> {
        var flags = JSON.arrayNode();
        for (var i = line.path("most").intValue() + beyond; i > 0; i--) {
          flags.add(draws.oneIn(9) ? "--a=b" : "-" + "a".repeat(line.path("max").intValue()));
        }
        yield flags;
      }
      case "relative_path" ->
          JSON.stringNode(
              "é".repeat(line.path("segment").intValue() + (draws.oneIn(2) ? beyond : 0))
                  + "/a".repeat(draws.oneIn(2) ? 192 + beyond : 2)
                  + draws.oneOf(List.of("", "/..", "/.", "//", "/", "/../a")));
      case "prose" ->
          JSON.stringNode(
              switch (draws.below(4)) {
                case 0 -> "a".repeat(32 + beyond);
                case 1 -> "ab ".repeat(line.path("max").intValue() / 3) + "a".repeat(1 + beyond);
                case 2 -> "cafe\u0301".substring(0, 4 + beyond);
                default -> "a".repeat(beyond);
              });
      case "choice" ->
          JSON.stringNode(
              line.path("words").path(draws.below(line.path("words").size())).stringValue()
                  + " ".repeat(beyond));
      default -> JSON.stringNode("a".repeat(Math.max(32, line.path("max").intValue(32)) + beyond));
    };
  }

  private static JsonNode within(JsonNode line, String kind, Instant at, Draws draws) {
    return switch (line.path("type").stringValue()) {
      case "integer" -> {
        var min = line.path("min").longValue();
        var span = line.path("max").longValue() - min + 1;
        yield JSON.numberNode(min + Math.floorMod(draws.number(), span));
      }
      case "boolean" -> JSON.booleanNode(draws.oneIn(2));
      case "choice" -> {
        var words = line.path("words");
        yield JSON.stringNode(words.path(draws.below(words.size())).stringValue());
      }
      case "kind" -> JSON.stringNode(kind);
      case "event_id" -> JSON.stringNode(id(at, draws.number()).toString());
      case "time" -> JSON.stringNode(at.toString());
      case "reference" -> JSON.stringNode("%016x%016x".formatted(draws.number(), draws.number()));
      case "name" -> JSON.stringNode(name(line, draws));
      case "flags" -> {
        var flags = JSON.arrayNode();
        for (var size = draws.below(line.path("most").intValue() + 1); size > 0; size--) {
          flags.add(draws.oneOf(List.of("-q", "--batch-mode", "-1", "--a-", "-DskipTests")));
        }
        yield flags;
      }
      case "relative_path" -> JSON.stringNode(path(draws));
      case "prose" -> JSON.stringNode(prose(draws));
      default -> throw new IllegalStateException("There is a type that nobody taught me");
    };
  }

  private static UUID id(Instant at, long random) {
    var high = (at.toEpochMilli() << 16) | 0x7000 | (random & 0xfff);
    return new UUID(high, (random >>> 2) | 0x8000_0000_0000_0000L);
  }

  private static String name(JsonNode line, Draws draws) {
    var first = members(line.path("first").stringValue());
    var rest = members(line.path("rest").stringValue());
    var name = new StringBuilder().append(first.charAt(draws.below(first.length())));
    for (var length = draws.below(line.path("max").intValue()); length > 0; length--) {
      name.append(rest.charAt(draws.below(rest.length())));
    }
    return name.toString();
  }

  private static String members(String notation) {
    return notation
        .replace("0-9", "0123456789")
        .replace("A-Z", "ABCXYZ")
        .replace("a-z", "abcdefxyz");
  }

  private static String path(Draws draws) {
    var path = new StringBuilder("a");
    for (var parts = draws.below(6); parts > 0; parts--) {
      path.append(
          draws.oneOf(
              List.of(
                  "b", "/src", ".java", "/README", " x", "/日本", "/été", "@2", "/.env", "/...")));
    }
    return path.toString();
  }

  private static String prose(Draws draws) {
    var text = new StringBuilder("why");
    for (var words = draws.below(24); words > 0; words--) {
      text.append(' ').append(draws.oneIn(16) ? draws.text() : draws.oneOf(WORDS));
    }
    return text.toString();
  }

  private static void set(ObjectNode event, String name, JsonNode value) {
    if (name.startsWith("redaction.")) {
      event.withObject("/redaction").set(name.substring(10), value);
    } else {
      event.set(name, value);
    }
  }
}
