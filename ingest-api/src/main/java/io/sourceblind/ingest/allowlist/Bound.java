// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which values a field may have.
public sealed interface Bound {

  /// Why the value may not enter, or null if it may.
  @Nullable Reason refuse(JsonNode value);

  /// The type's name, as the file writes it.
  String type();

  /// The bound in words, as `docs/privacy.md` writes it.
  String inWords();

  /// A value of our own, equal to one that is not refused.
  default JsonNode copy(JsonNode value) {
    return JsonNodeFactory.instance.stringNode(value.stringValue());
  }

  /// A number without a fraction, written as one.
  record WholeNumber(long min, long max) implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isIntegralNumber()) {
        return Reason.NOT_A_WHOLE_NUMBER;
      }
      var fits = value.canConvertToLong() && value.longValue() >= min && value.longValue() <= max;
      return fits ? null : Reason.OUT_OF_RANGE;
    }

    @Override
    public JsonNode copy(JsonNode value) {
      return JsonNodeFactory.instance.numberNode(value.longValue());
    }

    @Override
    public String type() {
      return "integer";
    }

    @Override
    public String inWords() {
      return String.format(Locale.ROOT, "%,d to %,d", min, max);
    }
  }

  /// Yes or no.
  record TrueOrFalse() implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      return value.isBoolean() ? null : Reason.NOT_TRUE_OR_FALSE;
    }

    @Override
    public JsonNode copy(JsonNode value) {
      return JsonNodeFactory.instance.booleanNode(value.booleanValue());
    }

    @Override
    public String type() {
      return "boolean";
    }

    @Override
    public String inWords() {
      return "true or false";
    }
  }

  /// A word of a closed list.
  record Choice(List<String> words) implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isString()) {
        return Reason.NOT_A_STRING;
      }
      return words.contains(value.stringValue()) ? null : Reason.NOT_ON_THE_LIST;
    }

    @Override
    public String type() {
      return "choice";
    }

    @Override
    public String inWords() {
      return words.stream().map("`%s`"::formatted).collect(Collectors.joining(" "));
    }
  }

  /// A kind of event: one that the file has fields for.
  record Kind() implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      return value.isString() ? null : Reason.UNKNOWN_KIND;
    }

    @Override
    public String type() {
      return "kind";
    }

    @Override
    public String inWords() {
      return "one of the kinds below";
    }
  }

  /// A keyed hash of sixteen bytes.
  record Reference() implements Bound {
    private static final Characters DIGITS = Characters.of("0-9a-f");

    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isString()) {
        return Reason.NOT_A_STRING;
      }
      var text = value.stringValue();
      return text.length() == 32 && DIGITS.make(text) ? null : Reason.NOT_A_REFERENCE;
    }

    @Override
    public String type() {
      return "reference";
    }

    @Override
    public String inWords() {
      return "32 of `0-9a-f`";
    }
  }

  /// A UUID of version 7, which begins with its time in milliseconds.
  record EventId() implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isString()) {
        return Reason.NOT_A_STRING;
      }
      return EventIds.parse(value.stringValue()) == null ? Reason.NOT_A_UUID_V7 : null;
    }

    @Override
    public String type() {
      return "event_id";
    }

    @Override
    public String inWords() {
      return "a UUID of version 7; its time is `occurred_at`";
    }
  }

  /// A point in time, in UTC and no finer than milliseconds.
  record Time() implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isString()) {
        return Reason.NOT_A_STRING;
      }
      return Times.parse(value.stringValue()) == null ? Reason.NOT_A_UTC_TIME : null;
    }

    @Override
    public String type() {
      return "time";
    }

    @Override
    public String inWords() {
      return "UTC, milliseconds; at most 90 days back and 5 minutes ahead";
    }
  }

  /// A short word of a small alphabet, such as a program or a version.
  record Name(Characters first, Characters rest, int max) implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isString()) {
        return Reason.NOT_A_STRING;
      }
      return refuse(value.stringValue(), first, rest, max);
    }

    static @Nullable Reason refuse(String text, Characters first, Characters rest, int max) {
      if (text.isEmpty()) {
        return Reason.EMPTY;
      }
      if (text.length() > max) {
        return Reason.TOO_LONG;
      }
      for (var i = 0; i < text.length(); i++) {
        if (!(i == 0 ? first : rest).has(text.charAt(i))) {
          return Reason.ALPHABET;
        }
      }
      return null;
    }

    @Override
    public String type() {
      return "name";
    }

    @Override
    public String inWords() {
      return "at most %d: one of `%s`, then `%s`".formatted(max, first, rest);
    }
  }

  /// Names of options, each with its one or two hyphens and without a value.
  ///
  /// @param most how many
  /// @param max how long each may be after its hyphens
  record Flags(int most, int max) implements Bound {
    private static final Characters FIRST = Characters.of("A-Za-z0-9");
    private static final Characters REST = Characters.of("A-Za-z0-9-");

    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isArray()) {
        return Reason.NOT_A_LIST;
      }
      if (value.size() > most) {
        return Reason.TOO_MANY;
      }
      for (var flag : value) {
        var refused = flag.isString() ? refuseFlag(flag.stringValue()) : Reason.NOT_A_STRING;
        if (refused != null) {
          return refused;
        }
      }
      return null;
    }

    private @Nullable Reason refuseFlag(String flag) {
      var hyphens = flag.startsWith("--") ? 2 : flag.startsWith("-") ? 1 : 0;
      return hyphens == 0
          ? Reason.ALPHABET
          : Name.refuse(flag.substring(hyphens), FIRST, REST, max);
    }

    @Override
    public JsonNode copy(JsonNode value) {
      var flags = JsonNodeFactory.instance.arrayNode();
      StreamSupport.stream(value.spliterator(), false)
          .map(JsonNode::stringValue)
          .forEach(flags::add);
      return flags;
    }

    @Override
    public String type() {
      return "flags";
    }

    @Override
    public String inWords() {
      return "at most %d; each `-` or `--`, then at most %d: one of `%s`, then `%s`"
          .formatted(most, max, FIRST, REST);
    }
  }

  /// A path below the root of a project.
  ///
  /// @param segment how long each part may be
  record RelativePath(int max, int segment) implements Bound {
    private static final String MARKS = "._+-@";

    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isString()) {
        return Reason.NOT_A_STRING;
      }
      var path = value.stringValue();
      var broken = TextForm.refuse(path, max);
      if (broken != null) {
        return broken;
      }
      for (var part : path.split("/", -1)) {
        var refused = refusePart(part);
        if (refused != null) {
          return refused;
        }
      }
      return null;
    }

    private @Nullable Reason refusePart(String part) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return Reason.NOT_BELOW_THE_PROJECT;
      }
      if (part.codePointCount(0, part.length()) > segment) {
        return Reason.TOO_LONG;
      }
      var fits =
          part.charAt(0) != ' '
              && part.codePoints()
                  .allMatch(c ->
                      (c >= '0' && c <= '9')
                          || Character.isAlphabetic(c)
                          || c == ' '
                          || MARKS.indexOf(c) >= 0);
      return fits ? null : Reason.ALPHABET;
    }

    @Override
    public String type() {
      return "relative_path";
    }

    @Override
    public String inWords() {
      return ("at most %d, parts of at most %d, with `/` between them: letters, digits, space and"
              + " `%s`; no `..`, no leading `/`, NFC")
          .formatted(max, segment, MARKS);
    }
  }

  /// Plain prose: see [ProseGate].
  record Prose(int max) implements Bound {
    @Override
    public @Nullable Reason refuse(JsonNode value) {
      if (!value.isString()) {
        return Reason.NOT_A_STRING;
      }
      var broken = TextForm.refuse(value.stringValue(), max);
      return broken == null ? ProseGate.refuse(value.stringValue()) : broken;
    }

    @Override
    public String type() {
      return "prose";
    }

    @Override
    public String inWords() {
      return String.format(Locale.ROOT, "plain prose, at most %,d characters", max);
    }
  }
}
