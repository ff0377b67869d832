// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static java.time.ZoneOffset.UTC;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// One stored event as its engineer sees it: what happened in a sentence, and every field that is
/// kept of it. Fields come from the row itself, so one that is added later shows up by itself.
final class StoredEvent {
  static final int PAGE = 100;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEEE d MMMM uuuu", Locale.ENGLISH).withZone(UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH).withZone(UTC);
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss.SSS 'UTC'", Locale.ENGLISH).withZone(UTC);

  private final Map<String, Object> fields;

  StoredEvent(Map<String, Object> fields) {
    this.fields = fields;
  }

  /// A stored field: what it means, and its value.
  record Field(String words, String value) {}

  /// One more than a page, so that one sees whether there is a next one.
  static List<StoredEvent> page(
      JdbcClient jdbc, JsonMapper json, UUID organization, UUID session, int page) {
    return jdbc
        .sql(
            """
            select row_to_json(e)::text
              from capture.event e
             where org_id = :org and session_ref = :session
             order by occurred_at, seq, event_id
             limit :limit offset :offset
            """)
        .param("org", organization)
        .param("session", session)
        .param("limit", PAGE + 1)
        .param("offset", (page - 1) * PAGE)
        .query(String.class)
        .stream()
        .map(row -> new StoredEvent(present(json.readValue(row, new TypeReference<>() {}))))
        .toList();
  }

  public String kind() {
    return text("kind");
  }

  public String time() {
    return TIME.format(OffsetDateTime.parse(text("occurred_at")));
  }

  public String day() {
    return DAY.format(OffsetDateTime.parse(text("occurred_at")));
  }

  /// What happened, in one sentence.
  public String sentence() {
    return switch (kind()) {
      case "session.started" -> "A session began.";
      case "session.ended" -> "The session ended after %s.".formatted(count("turns", "turn"));
      case "prompt.submitted" ->
          "You sent a prompt of %s in %s."
              .formatted(count("chars", "character"), count("lines", "line"));
      case "turn.completed" ->
          "The tool finished its turn: %s, %s of answer (not stored)."
              .formatted(count("tool_calls", "tool call"), count("response_chars", "character"));
      case "turn.failed" -> "A turn failed: %s.".formatted(words("error_class"));
      case "tool.completed" ->
          "The tool used %s: %s.".formatted(text("tool_name"), words("status"));
      case "command.executed" ->
          "A command ran: %s%s, %s."
              .formatted(
                  text("program"),
                  fields.containsKey("subcommand") ? " " + text("subcommand") : "",
                  words("status"));
      case "file.touched" ->
          "A file (%s): %s, %s added, %s removed."
              .formatted(
                  words("category"),
                  words("op"),
                  count("lines_added", "line"),
                  count("lines_removed"));
      case "check.completed" ->
          "A check (%s) finished: %s.".formatted(words("check_type"), words("outcome"));
      case "permission.decided" ->
          "A call of %s was decided: %s.".formatted(text("tool_name"), words("decision"));
      case "model.usage" ->
          "%s answered: %s in, %s out."
              .formatted(text("model"), count("input_tokens", "token"), count("output_tokens"));
      case "context.compacted" -> "The tool shortened its context.";
      case "subagent.completed" -> "A sub-agent finished: %s.".formatted(words("status"));
      case "capture.gap" -> "Something could not be captured: %s.".formatted(words("reason"));
      case "rationale.recorded" -> "You wrote down why (%s).".formatted(words("about"));
      default -> "Something happened.";
    };
  }

  /// The words that are stored, after redaction, if the event has any.
  public @Nullable String prose() {
    return fields.containsKey("text") ? text("text") : null;
  }

  /// How much the redactor took out before anything left the machine.
  public String removed() {
    return "Removed on your machine: %s, %s, %s"
        .formatted(
            count("redaction_dropped_fields", "field"),
            count("redaction_dropped_bytes", "byte"),
            count("redaction_unknown_keys", "unknown key"));
  }

  /// Everything that is stored of the event.
  public List<Field> all() {
    return fields.entrySet().stream()
        .map(field -> new Field(FieldWords.of(field.getKey()), value(field.getKey())))
        .toList();
  }

  private String value(String field) {
    var value = fields.get(field);
    return switch (value) {
      case null -> "";
      case Boolean flag -> flag ? "yes" : "no";
      case Number number when field.endsWith("_ms") ->
          "%,d ms (%s)"
              .formatted(
                  number.longValue(), Durations.words(Duration.ofMillis(number.longValue())));
      case Number number -> String.format(Locale.ENGLISH, "%,d", number.longValue());
      case List<?> names ->
          names.isEmpty() ? "none" : String.join(" ", names.stream().map(String::valueOf).toList());
      default ->
          field.endsWith("_at")
              ? DAY_AND_TIME.format(OffsetDateTime.parse(value.toString()))
              : value.toString();
    };
  }

  private String text(String field) {
    return String.valueOf(fields.get(field));
  }

  private String words(String field) {
    return text(field).replace('_', ' ');
  }

  private String count(String field) {
    return fields.get(field) instanceof Number number
        ? String.format(Locale.ENGLISH, "%,d", number.longValue())
        : "an unknown number of";
  }

  /// A number of things, of which there may be one.
  private String count(String field, String thing) {
    return "%s %s%s".formatted(count(field), thing, count(field).equals("1") ? "" : "s");
  }

  private static Map<String, Object> present(Map<String, Object> row) {
    row.values().removeIf(value -> value == null);
    return row;
  }
}
