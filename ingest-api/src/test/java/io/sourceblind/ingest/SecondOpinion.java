// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.ingest.allowlist.Verdict;
import java.math.BigInteger;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the allowlist should have decided, worked out a second time from the lines of its file,
/// with patterns instead of hand-written loops and nothing of the code under test.
///
/// Only the classifiers of prose are not here: a text may be refused that has nothing wrong with
/// it.
final class SecondOpinion {
  private static final Pattern EVENT_ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  private static final Pattern TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z");
  private static final Pattern REFERENCE = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern PART =
      Pattern.compile("(?!\\.\\.?$)(?! )[0-9\\p{IsAlphabetic} ._+@-]{1,128}");
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\[(path|name|link|personal data removed|(secret|code|diff|stack trace|output|data|text)"
              + " removed(, [a-z0-9 ]{1,32}){0,2})]");
  private static final Pattern PROSE =
      Pattern.compile(
          "[A-Za-z0-9 .,?!:'[\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{P}\\p{InThai}€&&[^\\x00-\\x7f]]-]*");
  private static final Pattern LONG_RUN = Pattern.compile("[\\p{L}0-9]{33}");
  private static final Pattern COUNTED = Pattern.compile("[a-z_]{1,40}");
  private static final IdentityHashMap<JsonNode, Pattern> NAMES = new IdentityHashMap<>();
  private static final Duration OLDEST = Duration.ofDays(90);
  private static final Duration AHEAD = Duration.ofMinutes(5);

  static {
    ListedFields.KINDS.stream()
        .flatMap(kind -> ListedFields.of(kind).values().stream())
        .filter(line -> Set.of("name", "flags").contains(line.path("type").stringValue()))
        .forEach(line -> NAMES.put(line, pattern(line)));
  }

  private final Instant now;
  private final Map<String, Boolean> expired = new ConcurrentHashMap<>();

  SecondOpinion(Instant now) {
    this.now = now;
  }

  /// What is wrong with the verdict; empty if nothing is.
  List<String> objections(JsonNode given, Verdict verdict) {
    var objections = new ArrayList<String>();
    if (Canary.isIn(verdict.toString())) {
      objections.add("it repeats the canary");
    }
    var kind = given.path("kind").stringValue("");
    var fields = given.isObject() ? ListedFields.of(kind) : Map.<String, JsonNode>of();
    var kept = kept(given, fields);
    var misfits = fields.isEmpty() ? Set.of("kind", "event") : misfits(given, kind, fields, kept);
    switch (verdict) {
      case Verdict.Allowed allowed -> {
        if (!misfits.isEmpty()) {
          objections.add("it is allowed, but these do not fit: " + misfits);
        }
        if (!allowed.event().equals(kept)) {
          objections.add("what is kept is not what is listed");
        }
        if (!sorted(allowed.dropped()).equals(sorted(dropped(given, fields)))) {
          objections.add("what is counted as dropped was not, or the reverse");
        }
        if (!allowed.eventId().toString().equals(given.path("event_id").stringValue(""))) {
          objections.add("it names another event");
        }
      }
      case Verdict.Refused refused -> {
        var doubted =
            refused.field().equals("text") && given.has("text") && fields.containsKey("text");
        if (!misfits.contains(refused.field()) && !doubted) {
          objections.add("it is refused for a field that fits");
        }
        var id = refused.eventId();
        if (id != null && !id.toString().equals(given.path("event_id").stringValue(""))) {
          objections.add("it names another event");
        }
        if (!dropped(given, fields).containsAll(refused.dropped())) {
          objections.add("what is counted as dropped was not");
        }
      }
    }
    return objections;
  }

  /// The names of all fields for which the event must be refused.
  private Set<String> misfits(
      JsonNode given, String kind, Map<String, JsonNode> fields, JsonNode kept) {
    var misfits = new TreeSet<String>();
    if (!given.path("redaction").isObject()) {
      misfits.add("redaction");
    }
    fields.forEach((name, line) -> {
      var value = at(given, name);
      var needed = line.path("required").booleanValue();
      if (isExpired(line) ? needed : value == null ? needed : !fits(line, value)) {
        misfits.add(name);
      }
    });
    var occurredAt = timeIn(kept, "occurred_at");
    var observedAt = timeIn(kept, "observed_at");
    if (isOutside(occurredAt) || !isTimeOf(kept.path("event_id").stringValue(""), occurredAt)) {
      misfits.add("occurred_at");
    }
    if (isOutside(observedAt)) {
      misfits.add("observed_at");
    }
    if (!kept.has("session_ref") && !kind.equals("rationale.recorded")) {
      misfits.add("session_ref");
    }
    var pathMode = kept.path("path_mode").stringValue("");
    if (kept.has("path") && !pathMode.equals("relative")) {
      misfits.add("path");
    }
    if (kept.has("path_ref") && pathMode.equals("extension")) {
      misfits.add("path_ref");
    }
    return misfits;
  }

  private ObjectNode kept(JsonNode given, Map<String, JsonNode> fields) {
    var kept = JsonNodeFactory.instance.objectNode();
    fields.forEach((name, line) -> {
      var value = at(given, name);
      if (name.startsWith("redaction.")) {
        kept.withObject("/redaction");
      }
      if (value != null && !isExpired(line)) {
        var own =
            value.isIntegralNumber() && value.canConvertToLong()
                ? JsonNodeFactory.instance.numberNode(value.longValue())
                : value;
        if (name.startsWith("redaction.")) {
          kept.withObject("/redaction").set(name.substring(10), own);
        } else {
          kept.set(name, own);
        }
      }
    });
    return kept;
  }

  private List<String> dropped(JsonNode given, Map<String, JsonNode> fields) {
    var dropped = new ArrayList<String>();
    for (var name : given.propertyNames()) {
      if (!name.equals("redaction")) {
        countDropped(name, name.contains(".") ? null : fields.get(name), dropped);
      }
    }
    for (var name : given.path("redaction").propertyNames()) {
      countDropped(name, fields.get("redaction." + name), dropped);
    }
    return dropped;
  }

  private void countDropped(String name, @Nullable JsonNode line, List<String> dropped) {
    if (line == null) {
      dropped.add(COUNTED.matcher(name).matches() ? name : "other");
    } else if (isExpired(line)) {
      dropped.add(name);
    }
  }

  private boolean isExpired(JsonNode line) {
    return expired.computeIfAbsent(
        line.path("expires").stringValue(),
        day -> LocalDate.parse(day).isBefore(LocalDate.ofInstant(now, UTC)));
  }

  private static @Nullable JsonNode at(JsonNode given, String name) {
    return name.startsWith("redaction.")
        ? given.path("redaction").get(name.substring(10))
        : given.get(name);
  }

  private boolean isOutside(@Nullable Instant time) {
    return time == null || time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(AHEAD));
  }

  private static boolean isTimeOf(String id, @Nullable Instant time) {
    return time != null
        && EVENT_ID.matcher(id).matches()
        && Long.parseLong(id.substring(0, 8) + id.substring(9, 13), 16) == time.toEpochMilli();
  }

  private static @Nullable Instant timeIn(JsonNode tree, String name) {
    try {
      var text = tree.path(name).stringValue("");
      return TIME.matcher(text).matches() && !text.contains("T24") && !text.contains(":60")
          ? Instant.parse(text)
          : null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static boolean fits(JsonNode line, JsonNode value) {
    var text = value.stringValue("");
    var type = line.path("type").stringValue();
    return switch (type) {
      case "integer" ->
          value.isIntegralNumber()
              && value.bigIntegerValue().compareTo(BigInteger.valueOf(line.path("min").longValue()))
                  >= 0
              && value.bigIntegerValue().compareTo(BigInteger.valueOf(line.path("max").longValue()))
                  <= 0;
      case "boolean" -> value.isBoolean();
      case "flags" ->
          value.isArray()
              && value.size() <= line.path("most").intValue()
              && value
                  .valueStream()
                  .allMatch(flag -> flag.isString() && isName(line, flag.stringValue()));
      default ->
          value.isString()
              && switch (type) {
                case "kind" -> ListedFields.KINDS.contains(text);
                case "choice" ->
                    line.path("words").valueStream().anyMatch(w -> w.stringValue().equals(text));
                case "reference" -> REFERENCE.matcher(text).matches();
                case "event_id" -> EVENT_ID.matcher(text).matches();
                case "time" ->
                    timeIn(JsonNodeFactory.instance.objectNode().put("t", text), "t") != null;
                case "name" -> isName(line, text);
                case "relative_path" -> isPath(line, text);
                case "prose" -> isProse(line, text);
                default -> throw new IllegalStateException("There is a type that nobody taught me");
              };
    };
  }

  private static boolean isName(JsonNode line, String text) {
    return Objects.requireNonNull(NAMES.get(line)).matcher(text).matches();
  }

  private static Pattern pattern(JsonNode line) {
    var flags = line.path("type").stringValue().equals("flags");
    return Pattern.compile(
        "%s[%s][%s]{0,%d}"
            .formatted(
                flags ? "--?" : "",
                flags ? "A-Za-z0-9" : line.path("first").stringValue(),
                flags
                    ? "A-Za-z0-9-"
                    : line.path("rest").stringValue().replace("[", "\\[").replace("]", "\\]"),
                line.path("max").intValue() - 1));
  }

  private static boolean isPath(JsonNode line, String text) {
    return text.codePointCount(0, text.length()) <= line.path("max").intValue()
        && Normalizer.isNormalized(text, Normalizer.Form.NFC)
        && Arrays.stream(text.split("/", -1)).allMatch(part -> PART.matcher(part).matches());
  }

  private static boolean isProse(JsonNode line, String text) {
    var words = PLACEHOLDER.matcher(text).replaceAll("path");
    return !text.isEmpty()
        && text.codePointCount(0, text.length()) <= line.path("max").intValue()
        && Normalizer.isNormalized(text, Normalizer.Form.NFC)
        && text.strip().equals(text)
        && !text.contains("  ")
        && PROSE.matcher(words).matches()
        && !LONG_RUN.matcher(PLACEHOLDER.matcher(text).replaceAll(".")).find();
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }
}
