// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Events made from the allowlist itself, for tests.
public final class Trees {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final SplittableRandom RANDOM = new SplittableRandom(7);

  private Trees() {}

  /// An event with every field that its kind may have, each at its upper bound.
  public static ObjectNode whole(Allowlist allowlist, String kind, Instant at) {
    var event = JSON.objectNode();
    allowlist.envelope().forEach(rule -> put(event, rule, kind, at));
    allowlist.kinds().getOrDefault(kind, List.of()).forEach(rule -> put(event, rule, kind, at));
    return event;
  }

  /// An event with the fields that it must have.
  public static ObjectNode needed(Allowlist allowlist, String kind, Instant at) {
    var event = whole(allowlist, kind, at);
    allowlist.envelope().stream()
        .filter(rule -> !rule.required() && !rule.name().equals("session_ref"))
        .forEach(rule -> event.remove(rule.name()));
    allowlist.kinds().getOrDefault(kind, List.of()).stream()
        .filter(rule -> !rule.required())
        .forEach(rule -> event.remove(rule.name()));
    return event;
  }

  /// A UUIDv7 of the time.
  public static UUID id(Instant at) {
    var high = (at.toEpochMilli() << 16) | 0x7000 | RANDOM.nextInt(0x1000);
    return new UUID(high, (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
  }

  /// Reads JSON that is written with apostrophes.
  public static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static void put(ObjectNode event, FieldRule rule, String kind, Instant at) {
    var dot = rule.name().indexOf('.');
    if (dot > 0) {
      var part = event.withObject("/" + rule.name().substring(0, dot));
      part.set(rule.name().substring(dot + 1), most(rule.bound(), kind, at));
    } else {
      event.set(rule.name(), most(rule.bound(), kind, at));
    }
  }

  private static JsonNode most(Bound bound, String kind, Instant at) {
    return switch (bound) {
      case Bound.WholeNumber number -> JSON.numberNode(number.max());
      case Bound.TrueOrFalse _ -> JSON.booleanNode(true);
      case Bound.Choice choice -> JSON.stringNode(choice.words().getFirst());
      case Bound.Kind _ -> JSON.stringNode(kind);
      case Bound.Reference _ -> JSON.stringNode("f".repeat(32));
      case Bound.EventId _ -> JSON.stringNode(id(at).toString());
      case Bound.Time _ -> JSON.stringNode(at.toString());
      case Bound.Name name -> JSON.stringNode("a".repeat(name.max()));
      case Bound.Flags flags -> {
        var list = JSON.arrayNode();
        for (var i = 0; i < flags.most(); i++) {
          list.add("--" + "a".repeat(flags.max()));
        }
        yield list;
      }
      case Bound.RelativePath path ->
          JSON.stringNode(
              ("a".repeat(path.segment() - 1) + "/").repeat(4).substring(0, path.max() - 1));
      case Bound.Prose prose -> JSON.stringNode("ab ".repeat(prose.max() / 3).strip());
    };
  }
}
