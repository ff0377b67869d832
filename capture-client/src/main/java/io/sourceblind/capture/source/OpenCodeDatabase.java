// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
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

/// OpenCode's database: sessions, their messages, and the parts of each.
final class OpenCodeDatabase {

  private OpenCodeDatabase() {}

  private record Known(
      String id, @Nullable String folder, @Nullable String version, @Nullable String parent) {}

  static void read(Reading reading, Path file, Consumer<CapturedEvent> events) throws IOException {
    try (Connection connection = Database.open(file)) {
      for (Known known : sessions(connection)) {
        OpenCodeMessages messages = new OpenCodeMessages(reading, Source.DB, known.id(), events);
        messages.about(known.id(), known.folder(), known.version(), known.parent());
        read(connection, known.id(), messages);
        messages.end();
      }
    } catch (SQLException unreadable) {
      Session session =
          new Session(
              io.sourceblind.events.Tool.OPENCODE, Source.DB, reading, Names.stem(file), events);
      session.gap(GapReason.PARSE_ERROR, null);
      session.end();
    }
  }

  private static List<Known> sessions(Connection connection) throws SQLException {
    Set<String> columns = Database.columns(connection, "session");
    boolean described = columns.containsAll(List.of("id", "directory", "version", "parent_id"));
    List<Known> sessions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                described
                    ? """
                    select m.session_id, s.directory, s.version, s.parent_id
                      from (select session_id, min(time_created) as first
                              from message group by session_id) m
                      left join session s on s.id = m.session_id
                     order by m.first, m.session_id
                    """
                    : """
                    select session_id, null, null, null
                      from message group by session_id order by min(time_created), session_id
                    """)) {
      while (rows.next()) {
        sessions.add(
            new Known(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
      }
    }
    return sessions;
  }

  private static void read(Connection connection, String session, OpenCodeMessages messages)
      throws SQLException {
    try (PreparedStatement parts =
        connection.prepareStatement(
            """
            select m.id, m.data, p.data
              from message m left join part p on p.message_id = m.id
             where m.session_id = ?
             order by m.time_created, m.id, p.time_created, p.id
            """)) {
      parts.setString(1, session);
      String open = "";
      int number = 0;
      try (ResultSet rows = parts.executeQuery()) {
        while (rows.next()) {
          String id = rows.getString(1);
          if (!id.equals(open)) {
            open = id;
            JsonNode message = JsonLines.parsed(rows.getString(2));
            if (message == null || !message.isObject()) {
              messages.gap(GapReason.PARSE_ERROR);
              open = "";
              continue;
            }
            messages.message(id, message);
          }
          number++;
          part(rows.getString(3), number, messages);
          messages.between();
        }
      }
    }
  }

  private static void part(@Nullable String text, int number, OpenCodeMessages messages) {
    if (text == null) {
      return;
    }
    JsonNode part = text.length() > JsonLines.LONGEST_LINE ? null : JsonLines.parsed(text);
    if (part == null || !part.isObject()) {
      messages.gap(GapReason.PARSE_ERROR);
      return;
    }
    try {
      messages.row(part, number, text.length());
    } catch (RuntimeException surprise) {
      // A record we misread must not cost the rest of the session; its content is in no message.
      messages.gap(GapReason.PARSE_ERROR);
    }
  }
}
