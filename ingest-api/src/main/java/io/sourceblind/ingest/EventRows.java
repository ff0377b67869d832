// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.db.RowArray;
import io.sourceblind.ingest.allowlist.Times;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Writes events as rows of `wire.event`, the shape in which the database reads a batch.
///
/// Everything is written in the database's binary form and from what it is: there is no text that
/// the database would have to read, and would repeat in an error where it cannot.
final class EventRows {
  private static final String TYPE = "wire.event";
  private static final String NESTED = "redaction";
  private static final int NULL = -1;

  /// The database counts microseconds from here.
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final List<Column> columns;
  private final Map<String, Column> byName = new HashMap<>();

  private EventRows(List<Column> columns) {
    this.columns = columns;
    columns.forEach(column -> byName.put(column.name(), column));
  }

  /// Reads the shape from the catalogue, so that there is one list of columns less to keep equal.
  static EventRows shapedBy(JdbcClient jdbc) {
    var columns = new ArrayList<Column>();
    jdbc.sql(
            """
            select a.attname as name, a.atttypid::bigint as oid,
                   format_type(a.atttypid, null) as type
              from pg_attribute a
             where a.attrelid = cast(:type as regclass) and a.attnum > 0 and not a.attisdropped
             order by a.attnum
            """)
        .param("type", TYPE)
        .query(Attribute.class)
        .list()
        .forEach(attribute ->
            columns.add(
                new Column(
                    columns.size(),
                    attribute.name(),
                    (int) attribute.oid(),
                    Type.of(attribute.type()))));
    return new EventRows(columns);
  }

  /// An event as the database will read it, or the column that it does not fit into.
  sealed interface Written {

    /// A row of the array that the database reads.
    ///
    /// @param id the event's own, 32 digits; batches are sorted by it
    /// @param at when it occurred; null if it does not say
    record Row(String id, @Nullable Instant at, ByteBuffer bytes) implements Written {}

    /// The value is of another type than the column.
    record Misfit(String column) implements Written {}
  }

  /// Writes one event. Whatever has no column is left out.
  Written row(JsonNode event) {
    var values = new byte[columns.size()] @Nullable [];
    var misfit = fill(values, "", event);
    return misfit == null
        ? new Written.Row(idOf(values), timeOf(values), together(values))
        : new Written.Misfit(misfit);
  }

  /// Writes what the object says into the places of its columns; the name of one that it does not
  /// fit into is given back.
  private @Nullable String fill(byte[] @Nullable [] values, String within, JsonNode object) {
    for (var field : object.properties()) {
      // A name that is made anew is hashed anew.
      var name = within.isEmpty() ? field.getKey() : within + field.getKey();
      var value = field.getValue();
      var column = byName.get(name);
      if (name.equals(NESTED)) {
        var misfit = fill(values, NESTED + "_", value);
        if (misfit != null) {
          return misfit;
        }
      } else if (column != null && !value.isNull()) {
        var bytes = column.type().bytes(value);
        if (bytes == null) {
          return name;
        }
        values[column.place()] = bytes;
      }
    }
    return null;
  }

  private String idOf(byte[] @Nullable [] values) {
    var id = value("event_id", values);
    return id == null ? "" : HexFormat.of().formatHex(id);
  }

  private @Nullable Instant timeOf(byte[] @Nullable [] values) {
    var at = value("occurred_at", values);
    return at == null ? null : EPOCH.plus(ByteBuffer.wrap(at).getLong(), ChronoUnit.MICROS);
  }

  private byte @Nullable [] value(String name, byte[] @Nullable [] values) {
    return values[Objects.requireNonNull(byName.get(name)).place()];
  }

  /// How many values follow, and of each its type, its length and itself: what `record_recv` reads.
  private ByteBuffer together(byte[] @Nullable [] values) {
    var length = Integer.BYTES * (1 + 2 * values.length);
    for (var value : values) {
      length += value == null ? 0 : value.length;
    }
    var row = ByteBuffer.allocate(length).putInt(values.length);
    for (var column : columns) {
      var value = values[column.place()];
      row.putInt(column.oid());
      if (value == null) {
        row.putInt(NULL);
      } else {
        row.putInt(value.length).put(value);
      }
    }
    return row.flip();
  }

  /// The rows as one value of `wire.event[]`.
  static RowArray array(List<Written.Row> rows) {
    return new RowArray(TYPE, rows.stream().map(Written.Row::bytes).toList());
  }

  private record Attribute(String name, long oid, String type) {}

  /// @param oid of its type; 32 bits without a sign
  private record Column(int place, String name, int oid, Type type) {}

  private enum Type {
    TEXT,
    LIST,
    NUMBER,
    TRUTH,
    ID,
    TIME;

    /// Of `text`, the type of the elements of a list, in every database.
    private static final int TEXT_OID = 25;

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
    byte @Nullable [] bytes(JsonNode value) {
      return switch (this) {
        case TEXT -> text(value);
        case LIST -> list(value);
        case NUMBER ->
            value.isIntegralNumber() && value.canConvertToLong() ? number(value.longValue()) : null;
        case TRUTH -> value.isBoolean() ? new byte[] {(byte) (value.booleanValue() ? 1 : 0)} : null;
        case ID -> value.isString() ? id(value.stringValue().replace("-", "")) : null;
        case TIME -> value.isString() ? time(Times.parse(value.stringValue())) : null;
      };
    }

    private static byte[] number(long value) {
      return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte @Nullable [] text(JsonNode value) {
      if (!value.isString()) {
        return null;
      }
      var text = value.stringValue();
      // Neither can be written in the database's encoding.
      var broken = text.indexOf('\0') >= 0 || hasLoneSurrogate(text);
      return broken ? null : text.getBytes(UTF_8);
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

    /// What `array_recv` reads: dimensions, whether a null is among them, the type of the elements,
    /// how many there are from which number on, and of each its length and itself.
    private static byte @Nullable [] list(JsonNode value) {
      if (!value.isArray()) {
        return null;
      }
      var texts = new ArrayList<byte[]>();
      var length = 5 * Integer.BYTES;
      for (var element : value) {
        var text = text(element);
        if (text == null) {
          return null;
        }
        texts.add(text);
        length += Integer.BYTES + text.length;
      }
      if (texts.isEmpty()) {
        return ByteBuffer.allocate(3 * Integer.BYTES).putInt(8, TEXT_OID).array();
      }
      var list = ByteBuffer.allocate(length).putInt(1).putInt(0).putInt(TEXT_OID);
      list.putInt(texts.size()).putInt(1);
      texts.forEach(text -> list.putInt(text.length).put(text));
      return list.array();
    }

    private static byte @Nullable [] id(String digits) {
      try {
        return digits.length() == 32 ? HexFormat.of().parseHex(digits) : null;
      } catch (IllegalArgumentException _) {
        return null;
      }
    }

    private static byte @Nullable [] time(@Nullable Instant time) {
      return time == null ? null : number(ChronoUnit.MICROS.between(EPOCH, time));
    }
  }
}
