// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static java.time.ZoneOffset.UTC;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Decides which fields of an event may enter. What is not listed does not.
public final class Allowlist {
  private static final Duration OLDEST = Duration.ofDays(90);
  private static final Duration AHEAD = Duration.ofMinutes(5);
  private static final String OUTSIDE_A_SESSION = "rationale.recorded";
  private static final int LONGEST_NAME = 40;

  private final List<FieldRule> envelope;
  private final Map<String, List<FieldRule>> kinds;
  private final Map<String, Fields> fieldsOfKinds = new LinkedHashMap<>();
  private final Clock clock;

  Allowlist(List<FieldRule> envelope, Map<String, List<FieldRule>> kinds, Clock clock) {
    this.envelope = envelope;
    this.kinds = kinds;
    this.clock = clock;
    kinds.forEach((kind, own) -> fieldsOfKinds.put(kind, Fields.of(envelope, own)));
  }

  /// Reads the file that is shipped with this package.
  ///
  /// @throws InvalidAllowlist if it is broken; its message names the place
  public static Allowlist load(Clock clock) {
    return AllowlistFile.read(shipped(), clock);
  }

  /// The SHA-256 of that file.
  public static String fingerprint() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(shipped()));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static byte[] shipped() {
    try (var file = Allowlist.class.getResourceAsStream("allowlist.json")) {
      return Objects.requireNonNull(file).readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// The fields that every event has.
  public List<FieldRule> envelope() {
    return envelope;
  }

  /// The further fields of each kind.
  public Map<String, List<FieldRule>> kinds() {
    return kinds;
  }

  /// The fields that are let in no longer than so many days from today; they are named as
  /// `prompt.submitted.text`.
  public List<String> expiringWithin(int days) {
    var last = today(clock.instant()).plusDays(days);
    var names = new ArrayList<String>();
    envelope.stream()
        .filter(rule -> !rule.expires().isAfter(last))
        .map(FieldRule::name)
        .forEach(names::add);
    kinds.forEach((kind, rules) ->
        rules.stream()
            .filter(rule -> !rule.expires().isAfter(last))
            .map(rule -> kind + "." + rule.name())
            .forEach(names::add));
    return names;
  }

  /// Decides on one event.
  public Verdict decide(JsonNode event) {
    var dropped = new ArrayList<String>();
    if (!event.isObject()) {
      return new Verdict.Refused(null, "event", Reason.NOT_AN_OBJECT, dropped);
    }
    var id = idOf(event);
    var kind = event.get("kind");
    if (kind == null) {
      return new Verdict.Refused(id, "kind", Reason.MISSING, dropped);
    }
    var fields = kind.isString() ? fieldsOfKinds.get(kind.stringValue()) : null;
    if (fields == null) {
      return new Verdict.Refused(id, "kind", Reason.UNKNOWN_KIND, dropped);
    }
    var now = clock.instant();
    try {
      dropUnknown(event, fields, dropped);
      var kept = keep(event, fields.top(), "", today(now), dropped);
      for (var part : fields.parts().entrySet()) {
        var within = event.get(part.getKey());
        kept.set(
            part.getKey(),
            keep(
                demandObject(within, part.getKey()),
                part.getValue(),
                part.getKey() + ".",
                today(now),
                dropped));
      }
      demandAgreement(kept, kind.stringValue(), now);
      return new Verdict.Allowed(Objects.requireNonNull(id), kept, dropped);
    } catch (Misfit misfit) {
      return new Verdict.Refused(id, misfit.field, misfit.reason, dropped);
    }
  }

  private static ObjectNode keep(
      JsonNode given,
      Map<String, FieldRule> rules,
      String within,
      LocalDate today,
      List<String> dropped)
      throws Misfit {
    var kept = JsonNodeFactory.instance.objectNode();
    for (var entry : rules.entrySet()) {
      var name = entry.getKey();
      var rule = entry.getValue();
      var value = given.get(name);
      if (rule.expired(today)) {
        if (value != null) {
          dropped.add(name);
        }
        if (rule.required()) {
          throw new Misfit(within + name, Reason.EXPIRED);
        }
      } else if (value != null) {
        var refused = rule.bound().refuse(value);
        if (refused != null) {
          throw new Misfit(within + name, refused);
        }
        kept.set(name, rule.bound().copy(value));
      } else if (rule.required()) {
        throw new Misfit(within + name, Reason.MISSING);
      }
    }
    return kept;
  }

  private static JsonNode demandObject(@Nullable JsonNode part, String name) throws Misfit {
    if (part == null) {
      throw new Misfit(name, Reason.MISSING);
    }
    if (!part.isObject()) {
      throw new Misfit(name, Reason.NOT_AN_OBJECT);
    }
    return part;
  }

  private static void dropUnknown(JsonNode event, Fields fields, List<String> dropped) {
    for (var name : event.propertyNames()) {
      var part = fields.parts().get(name);
      if (part != null) {
        event.path(name).propertyNames().stream()
            .filter(inner -> !part.containsKey(inner))
            .map(Allowlist::countable)
            .forEach(dropped::add);
      } else if (!fields.top().containsKey(name)) {
        dropped.add(countable(name));
      }
    }
  }

  /// What no field can say alone.
  private static void demandAgreement(ObjectNode kept, String kind, Instant now) throws Misfit {
    var occurredAt = timeIn(kept, "occurred_at");
    var id = EventIds.parse(kept.path("event_id").stringValue());
    if (id == null || !EventIds.timeOf(id).equals(occurredAt)) {
      throw new Misfit("occurred_at", Reason.NOT_THE_TIME_OF_THE_ID);
    }
    demandInTheWindow("occurred_at", occurredAt, now);
    demandInTheWindow("observed_at", timeIn(kept, "observed_at"), now);
    if (!kept.has("session_ref") && !kind.equals(OUTSIDE_A_SESSION)) {
      throw new Misfit("session_ref", Reason.MISSING);
    }
    var pathMode = kept.path("path_mode").stringValue("");
    if (kept.has("path") && !pathMode.equals("relative")) {
      throw new Misfit("path", Reason.AGAINST_THE_PATH_MODE);
    }
    if (kept.has("path_ref") && pathMode.equals("extension")) {
      throw new Misfit("path_ref", Reason.AGAINST_THE_PATH_MODE);
    }
  }

  private static void demandInTheWindow(String field, Instant time, Instant now) throws Misfit {
    if (time.isBefore(now.minus(OLDEST))) {
      throw new Misfit(field, Reason.TOO_OLD);
    }
    if (time.isAfter(now.plus(AHEAD))) {
      throw new Misfit(field, Reason.IN_THE_FUTURE);
    }
  }

  private static Instant timeIn(ObjectNode kept, String field) throws Misfit {
    var time = Times.parse(kept.path(field).stringValue());
    if (time == null) {
      throw new Misfit(field, Reason.NOT_A_UTC_TIME);
    }
    return time;
  }

  private static LocalDate today(Instant now) {
    return LocalDate.ofInstant(now, UTC);
  }

  private static @Nullable UUID idOf(JsonNode event) {
    var id = event.get("event_id");
    return id != null && id.isString() ? EventIds.parse(id.stringValue()) : null;
  }

  /// An unknown name can itself be a message: only one that is shaped like a field is counted as it
  /// is.
  private static String countable(String name) {
    var shaped =
        !name.isEmpty()
            && name.length() <= LONGEST_NAME
            && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_');
    return shaped ? name : "other";
  }

  /// The rules of one kind, envelope included.
  ///
  /// @param parts the rules within nested objects, by the object's name
  private record Fields(Map<String, FieldRule> top, Map<String, Map<String, FieldRule>> parts) {

    static Fields of(List<FieldRule> envelope, List<FieldRule> own) {
      var fields = new Fields(new LinkedHashMap<>(), new LinkedHashMap<>());
      envelope.forEach(fields::add);
      own.forEach(fields::add);
      return fields;
    }

    private void add(FieldRule rule) {
      var dot = rule.name().indexOf('.');
      if (dot < 0) {
        top.put(rule.name(), rule);
      } else {
        parts
            .computeIfAbsent(rule.name().substring(0, dot), _ -> new LinkedHashMap<>())
            .put(rule.name().substring(dot + 1), rule);
      }
    }
  }

  /// A field that does not fit; it never leaves this class.
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1;

    private final String field;
    private final Reason reason;

    Misfit(String field, Reason reason) {
      super(null, null, false, false);
      this.field = field;
      this.reason = reason;
    }
  }
}
