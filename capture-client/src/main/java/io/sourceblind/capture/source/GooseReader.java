// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the sessions of Goose: a database, formerly a file of messages for each.
final class GooseReader implements SourceReader {

  private final Reading reading;

  GooseReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.GOOSE;
  }

  @Override
  public boolean reads(Head head) throws IOException {
    if (Database.isOne(head)) {
      return Database.has(head.path(), "messages", "session_id", "role", "content_json");
    }
    return head.name().endsWith(".jsonl")
        && head.anyRow(row ->
            (row.has("working_dir") && row.has("description"))
                || (row.has("role") && row.has("created") && Json.array(row, "content") != null));
  }

  @Override
  public void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    if (!Database.isOne(Head.of(file))) {
      GooseMessages messages =
          new GooseMessages(reading, Source.TRANSCRIPT, Names.stem(file), events);
      JsonLines.read(file, messages);
      messages.end();
      return;
    }
    try (Connection connection = Database.open(file)) {
      for (String id : sessions(connection)) {
        GooseMessages messages = new GooseMessages(reading, Source.DB, id, events);
        read(connection, id, messages);
        messages.end();
      }
    } catch (SQLException unreadable) {
      GooseMessages messages = new GooseMessages(reading, Source.DB, Names.stem(file), events);
      messages.gap(GapReason.PARSE_ERROR);
      messages.end();
    }
  }

  private static List<String> sessions(Connection connection) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select session_id from messages group by session_id order by min(id)")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  private static void read(Connection connection, String id, GooseMessages messages)
      throws SQLException {
    Set<String> columns = Database.columns(connection, "sessions");
    if (columns.containsAll(List.of("id", "working_dir"))) {
      try (PreparedStatement about =
          connection.prepareStatement("select working_dir from sessions where id = ?")) {
        about.setString(1, id);
        try (ResultSet row = about.executeQuery()) {
          if (row.next()) {
            messages.in(row.getString(1));
          }
        }
      }
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select role, content_json, created_timestamp
              from messages where session_id = ? order by id
            """)) {
      select.setString(1, id);
      try (ResultSet rows = select.executeQuery()) {
        for (int number = 1; rows.next(); number++) {
          message(rows.getString(1), rows.getString(2), rows.getLong(3), number, messages);
          messages.between();
        }
      }
    }
  }

  private static void message(
      String role, @Nullable String content, long created, int number, GooseMessages messages) {
    JsonNode parts = JsonLines.parsed(content);
    if (parts == null || !parts.isArray()) {
      messages.gap(GapReason.PARSE_ERROR);
      return;
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("role", role);
    row.put("created", created);
    row.set("content", parts);
    try {
      messages.row(row, number, content == null ? 0 : content.length());
    } catch (RuntimeException surprise) {
      // A record we misread must not cost the rest of the session; its content is in no message.
      messages.gap(GapReason.PARSE_ERROR);
    }
  }
}
