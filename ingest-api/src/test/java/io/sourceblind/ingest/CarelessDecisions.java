// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Reason;
import io.sourceblind.ingest.allowlist.Verdict;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decisions that each do one thing wrong, to see that it is noticed.
final class CarelessDecisions {
  private CarelessDecisions() {}

  static Map<String, Function<JsonNode, Verdict>> of(Allowlist allowlist) {
    return Map.of(
        "lets an unlisted field through",
        changingWhatIsKept(
            allowlist,
            (given, kept) ->
                given.properties().stream()
                    .filter(field -> !kept.has(field.getKey()))
                    .forEach(field -> kept.set(field.getKey(), field.getValue()))),
        "lets an unlisted field through below",
        changingWhatIsKept(
            allowlist,
            (given, kept) ->
                kept.withObject("/redaction").setAll((ObjectNode) given.path("redaction"))),
        "loses a field",
        changingWhatIsKept(allowlist, (_, kept) -> kept.remove("tool_version")),
        "changes a value",
        changingWhatIsKept(
            allowlist, (_, kept) -> kept.put("seq", kept.path("seq").longValue() ^ 1)),
        "counts nothing as dropped",
        given ->
            allowlist.decide(given) instanceof Verdict.Allowed allowed
                ? new Verdict.Allowed(allowed.eventId(), allowed.event(), List.of())
                : allowlist.decide(given),
        "looks at no bound",
        given ->
            allowlist.decide(given) instanceof Verdict.Refused refused && refused.eventId() != null
                ? new Verdict.Allowed(refused.eventId(), unbounded(given), refused.dropped())
                : allowlist.decide(given),
        "refuses what fits",
        given ->
            allowlist.decide(given) instanceof Verdict.Allowed
                ? new Verdict.Refused(null, "tool", Reason.NOT_ON_THE_LIST, List.of())
                : allowlist.decide(given),
        "repeats what it refuses",
        given ->
            allowlist.decide(given) instanceof Verdict.Refused refused
                ? new Verdict.Refused(
                    null,
                    refused.field() + given.at("/" + refused.field()),
                    refused.reason(),
                    List.of())
                : allowlist.decide(given),
        "names another event",
        given ->
            allowlist.decide(given) instanceof Verdict.Allowed allowed
                ? new Verdict.Allowed(new UUID(0, 0), allowed.event(), allowed.dropped())
                : allowlist.decide(given));
  }

  private static Function<JsonNode, Verdict> changingWhatIsKept(
      Allowlist allowlist, BiConsumer<JsonNode, ObjectNode> change) {
    return given -> {
      var verdict = allowlist.decide(given);
      if (verdict instanceof Verdict.Allowed allowed) {
        change.accept(given, allowed.event());
      }
      return verdict;
    };
  }

  /// The listed fields, whatever is in them.
  private static ObjectNode unbounded(JsonNode given) {
    var kept = (ObjectNode) given.deepCopy();
    kept.retain(ListedFields.of(given.path("kind").asString("")).keySet());
    kept.set("redaction", given.path("redaction"));
    return kept;
  }
}
