// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.time.ZoneOffset.UTC;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Writes events as rows of `wire.event`, the shape in which the database reads a batch.
///
/// Numbers, times and ids are printed from what they are and never passed on as text: the
/// database's own readers repeat in their error what they cannot read.
final class EventRows {
  private static final String NESTED = "redaction";
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}");
  private static final int LAST_YEAR = 9_999;

  private final Map<String, Column> columns;

  private EventRows(Map<String, Column> columns) {
    this.columns = columns;
  }

  /// Reads the shape from the catalogue, so that there is one list of columns less to keep equal.
  static EventRows shapedBy(JdbcClient jdbc) {
    var columns = new HashMap<String, Column>();
    jdbc.sql(
            """
            select a.attname as name, format_type(a.atttypid, null) as type
              from pg_attribute a
             where a.attrelid = 'wire.event'::regclass and a.attnum > 0 and not a.attisdropped
             order by a.attnum
            """)
        .query(Attribute.class)
        .list()
        .forEach(attribute ->
            columns.put(attribute.name(), new Column(columns.size(), Type.of(attribute.type()))));
    return new EventRows(columns);
  }

  /// An event as the database will read it, or the column that it does not fit into.
  sealed interface Written {

    /// A row of the value that the database reads.
    ///
    /// @param id the event's own, 32 digits; batches are sorted by it
    /// @param at when it occurred; null if it does not say
    record Row(String id, @Nullable Instant at, String text) implements Written {}

    /// The value is of another type than the column.
    record Misfit(String column) implements Written {}
  }

  /// Writes one event. Whatever has no column is left out.
  Written row(JsonNode event) {
    var values = new @Nullable String[columns.size()];
    var misfit = fill(values, "", event);
    if (misfit != null) {
      return new Written.Misfit(misfit);
    }
    var text = new StringBuilder(1_000);
    for (var value : values) {
      text.append(text.isEmpty() ? "\"(" : ",");
      if (value != null) {
        quote(value, text);
      }
    }
    var id = event.path("event_id").asString("").replace("-", "").toLowerCase(Locale.ROOT);
    return new Written.Row(id, timeOf(values), text.append(")\"").toString());
  }

  /// Prints what the object says into the places of its columns; the name of one that it does not
  /// fit into is given back.
  private @Nullable String fill(@Nullable String[] values, String within, JsonNode object) {
    for (var field : object.properties()) {
      // A name that is made anew is hashed anew.
      var name = within.isEmpty() ? field.getKey() : within + field.getKey();
      var value = field.getValue();
      var column = columns.get(name);
      if (name.equals(NESTED)) {
        var misfit = fill(values, NESTED + "_", value);
        if (misfit != null) {
          return misfit;
        }
      } else if (column != null && !value.isNull()) {
        values[column.place()] = column.type().print(value);
        if (values[column.place()] == null) {
          return name;
        }
      }
    }
    return null;
  }

  private @Nullable Instant timeOf(@Nullable String[] values) {
    var printed = values[Objects.requireNonNull(columns.get("occurred_at")).place()];
    return printed == null ? null : Instant.parse(printed);
  }

  /// The rows as one value of `wire.event[]`.
  static String together(List<Written.Row> rows) {
    var text = new StringBuilder(rows.stream().mapToInt(row -> row.text().length() + 1).sum() + 2);
    text.append('{');
    for (var row : rows) {
      if (text.length() > 1) {
        text.append(',');
      }
      text.append(row.text());
    }
    return text.append('}').toString();
  }

  /// A value within a row within an array: each of the two quotes and escapes.
  private static void quote(String value, StringBuilder text) {
    text.append("\\\"");
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append("\\\\\\");
      }
      text.append(c);
    }
    text.append("\\\"");
  }

  private record Attribute(String name, String type) {}

  private record Column(int place, Type type) {}

  private enum Type {
    TEXT,
    LIST,
    NUMBER,
    TRUTH,
    ID,
    TIME;

    static Type of(String name) {
      return switch (name) {
        case "text" -> TEXT;
        case "text[]" -> LIST;
        case "bigint" -> NUMBER;
        case "boolean" -> TRUTH;
        case "uuid" -> ID;
        case "timestamp with time zone" -> TIME;
        default -> throw new IllegalStateException("wire.event has a column of type " + name);
      };
    }

    /// The value as the database reads it, or null if it is of another type.
    @Nullable String print(JsonNode value) {
      return switch (this) {
        case TEXT -> text(value);
        case LIST -> list(value);
        case NUMBER ->
            value.isIntegralNumber() && value.canConvertToLong()
                ? Long.toString(value.longValue())
                : null;
        case TRUTH -> value.isBoolean() ? Boolean.toString(value.booleanValue()) : null;
        case ID ->
            value.isString() && EventRows.ID.matcher(value.stringValue()).matches()
                ? value.stringValue()
                : null;
        case TIME -> time(value);
      };
    }

    private static @Nullable String text(JsonNode value) {
      if (!value.isString()) {
        return null;
      }
      var text = value.stringValue();
      // Neither can be written in the database's encoding.
      var broken = text.indexOf('\0') >= 0 || hasLoneSurrogate(text);
      return broken ? null : text;
    }

    private static boolean hasLoneSurrogate(String text) {
      for (var i = 0; i < text.length(); i++) {
        if (Character.isSurrogate(text.charAt(i))) {
          if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
            return true;
          }
          i++;
        }
      }
      return false;
    }

    private static @Nullable String list(JsonNode value) {
      if (!value.isArray()) {
        return null;
      }
      var texts = new ArrayList<String>();
      for (var element : value) {
        var text = text(element);
        if (text == null) {
          return null;
        }
        texts.add('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
      }
      return "{" + String.join(",", texts) + "}";
    }

    private static @Nullable String time(JsonNode value) {
      if (!value.isString()) {
        return null;
      }
      try {
        var time = OffsetDateTime.parse(value.stringValue()).withOffsetSameInstant(UTC);
        var readable = time.getYear() >= 1 && time.getYear() <= LAST_YEAR;
        return readable ? time.toInstant().toString() : null;
      } catch (DateTimeException _) {
        return null;
      }
    }
  }
}
