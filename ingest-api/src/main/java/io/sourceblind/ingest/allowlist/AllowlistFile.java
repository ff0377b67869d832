// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the allowlist's file and takes nothing in it for granted.
final class AllowlistFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern FIELD = Pattern.compile("[a-z][a-z0-9_]{0,39}");
  private static final Pattern ENVELOPE_FIELD =
      Pattern.compile("(redaction\\.)?" + FIELD.pattern());
  private static final Pattern KIND = Pattern.compile("[a-z]{2,20}\\.[a-z]{2,20}");
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final Pattern TEAM = Pattern.compile("[a-z]{2,20}");
  private static final int SHORTEST_PURPOSE = 12;

  /// What [Allowlist] itself reads, so a file without it is no allowlist.
  private static final Map<String, Class<? extends Bound>> NEEDED =
      Map.of(
          "kind", Bound.Kind.class,
          "event_id", Bound.EventId.class,
          "occurred_at", Bound.Time.class,
          "observed_at", Bound.Time.class,
          "session_ref", Bound.Reference.class);

  private AllowlistFile() {}

  static Allowlist read(byte[] file, Clock clock) {
    JsonNode root;
    try {
      root = JSON.readTree(file);
    } catch (JacksonException broken) {
      throw new InvalidAllowlist(
          "line %d".formatted(broken.getLocation().getLineNr()),
          "it is not JSON, or says a thing twice");
    }
    var top = new Attributes("top level", root);
    var envelope = fields("envelope", top.object("envelope"), ENVELOPE_FIELD);
    var kinds = new LinkedHashMap<String, List<FieldRule>>();
    for (var kind : top.object("kinds").properties()) {
      var place = "kinds." + kind.getKey();
      if (!KIND.matcher(kind.getKey()).matches()) {
        throw new InvalidAllowlist(place, "a kind is named like `prompt.submitted`");
      }
      kinds.put(kind.getKey(), fields(place, kind.getValue(), FIELD));
    }
    top.done();
    demandWhole(envelope, kinds);
    return new Allowlist(List.copyOf(envelope), kinds, clock);
  }

  private static void demandWhole(List<FieldRule> envelope, Map<String, List<FieldRule>> kinds) {
    var names = new HashSet<String>();
    envelope.forEach(rule -> names.add(rule.name()));
    NEEDED.forEach((name, bound) -> {
      if (envelope.stream()
          .noneMatch(rule -> rule.name().equals(name) && bound.isInstance(rule.bound()))) {
        throw new InvalidAllowlist("envelope." + name, "it must be there, with its own type");
      }
    });
    if (kinds.isEmpty()) {
      throw new InvalidAllowlist("kinds", "there must be at least one");
    }
    kinds.forEach((kind, rules) ->
        rules.stream()
            .map(FieldRule::name)
            .filter(name -> names.contains(name) || name.equals("redaction"))
            .forEach(name -> {
              throw new InvalidAllowlist(
                  "kinds.%s.%s".formatted(kind, name), "the envelope has this field already");
            }));
  }

  private static List<FieldRule> fields(String place, JsonNode fields, Pattern shape) {
    if (!fields.isObject()) {
      throw new InvalidAllowlist(place, "it must be an object with a line for each field");
    }
    var rules = new ArrayList<FieldRule>();
    for (var field : fields.properties()) {
      var here = place + "." + field.getKey();
      if (!shape.matcher(field.getKey()).matches()) {
        throw new InvalidAllowlist(
            here, "a field is named with lower-case letters, digits and `_`");
      }
      rules.add(rule(field.getKey(), new Attributes(here, field.getValue())));
    }
    return List.copyOf(rules);
  }

  private static FieldRule rule(String name, Attributes line) {
    var rule =
        new FieldRule(
            name,
            bound(line),
            line.flag("required"),
            sensitivity(line),
            line.text("owner", TEAM),
            line.text("reviewer", TEAM),
            line.date("expires"),
            line.text("purpose", null));
    line.done();
    if (rule.purpose().length() < SHORTEST_PURPOSE || !rule.purpose().endsWith(".")) {
      throw line.invalid("purpose", "it must be a sentence that says what the field is for");
    }
    return rule;
  }

  private static Bound bound(Attributes line) {
    var type = line.text("type", null);
    return switch (type) {
      case "boolean" -> new Bound.TrueOrFalse();
      case "choice" -> new Bound.Choice(line.words("words"));
      case "event_id" -> new Bound.EventId();
      case "flags" -> new Bound.Flags(line.count("most", 64), line.count("max", 64));
      case "integer" -> wholeNumber(line);
      case "kind" -> new Bound.Kind();
      case "name" ->
          new Bound.Name(line.characters("first"), line.characters("rest"), line.count("max", 64));
      case "prose" -> new Bound.Prose(line.count("max", 4_000));
      case "reference" -> new Bound.Reference();
      case "relative_path" ->
          new Bound.RelativePath(line.count("max", 512), line.count("segment", 128));
      case "time" -> new Bound.Time();
      default -> throw line.invalid("type", "there is no such type");
    };
  }

  private static Bound wholeNumber(Attributes line) {
    var min = line.number("min");
    var max = line.number("max");
    if (min >= max) {
      throw line.invalid("max", "it must be above `min`");
    }
    return new Bound.WholeNumber(min, max);
  }

  private static Sensitivity sensitivity(Attributes line) {
    var word = line.text("sensitivity", WORD);
    for (var sensitivity : Sensitivity.values()) {
      if (sensitivity.word().equals(word)) {
        return sensitivity;
      }
    }
    throw line.invalid("sensitivity", "it must be one of " + List.of(Sensitivity.values()));
  }

  /// The attributes of one line, of which each must be asked for.
  private static final class Attributes {
    private final String place;
    private final JsonNode line;
    private final Set<String> asked = new HashSet<>();

    Attributes(String place, JsonNode line) {
      this.place = place;
      this.line = line;
      if (!line.isObject()) {
        throw new InvalidAllowlist(place, "it must be an object");
      }
    }

    InvalidAllowlist invalid(String attribute, String whatIsRight) {
      return new InvalidAllowlist("%s, `%s`".formatted(place, attribute), whatIsRight);
    }

    private JsonNode get(String attribute) {
      asked.add(attribute);
      var value = line.get(attribute);
      if (value == null) {
        throw invalid(attribute, "it is missing");
      }
      return value;
    }

    JsonNode object(String attribute) {
      var value = get(attribute);
      if (!value.isObject()) {
        throw invalid(attribute, "it must be an object");
      }
      return value;
    }

    boolean flag(String attribute) {
      var value = get(attribute);
      if (!value.isBoolean()) {
        throw invalid(attribute, "it must be true or false");
      }
      return value.booleanValue();
    }

    String text(String attribute, @Nullable Pattern shape) {
      var value = get(attribute);
      if (!value.isString() || (shape != null && !shape.matcher(value.stringValue()).matches())) {
        throw invalid(attribute, "it must be a text of the right form");
      }
      return value.stringValue();
    }

    long number(String attribute) {
      var value = get(attribute);
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw invalid(attribute, "it must be a whole number");
      }
      return value.longValue();
    }

    int count(String attribute, int most) {
      var count = number(attribute);
      if (count < 1 || count > most) {
        throw invalid(attribute, String.format(Locale.ROOT, "it must be between 1 and %,d", most));
      }
      return (int) count;
    }

    List<String> words(String attribute) {
      var words = new ArrayList<String>();
      for (var word : get(attribute)) {
        if (!word.isString() || !WORD.matcher(word.stringValue()).matches()) {
          throw invalid(attribute, "a word has lower-case letters, digits and `_`");
        }
        words.add(word.stringValue());
      }
      if (words.isEmpty() || Set.copyOf(words).size() != words.size()) {
        throw invalid(attribute, "it must be a list of different words");
      }
      return List.copyOf(words);
    }

    Characters characters(String attribute) {
      try {
        return Characters.of(text(attribute, null));
      } catch (IllegalArgumentException wrong) {
        throw invalid(attribute, String.valueOf(wrong.getMessage()));
      }
    }

    LocalDate date(String attribute) {
      try {
        return LocalDate.parse(text(attribute, null));
      } catch (DateTimeException _) {
        throw invalid(attribute, "it must be a day like 2027-05-31");
      }
    }

    void done() {
      for (var attribute : line.propertyNames()) {
        if (!asked.contains(attribute)) {
          throw invalid(attribute, "there is no such attribute");
        }
      }
    }
  }
}
