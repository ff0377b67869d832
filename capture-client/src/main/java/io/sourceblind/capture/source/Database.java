// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/// A tool's SQLite database, opened so that nothing of it changes.
final class Database {

  private static final String MAGIC = "SQLite format 3";

  private Database() {}

  static boolean isOne(Head head) {
    return head.text().startsWith(MAGIC);
  }

  /// While the tool is writing, its newest rows lie in a file beside the database, and SQLite must
  /// be allowed to look at that one; else the file is read as it lies there.
  static Connection open(Path file) throws SQLException, IOException {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    boolean live = Files.exists(log) && Files.size(log) > 0;
    Properties properties = new Properties();
    properties.setProperty("open_mode", "1");
    return DriverManager.getConnection(
        "jdbc:sqlite:"
            + file.toAbsolutePath().toUri().toString().replaceFirst("^file:/+", "file:/")
            + (live ? "?mode=ro" : "?mode=ro&immutable=1"),
        properties);
  }

  /// Whether the database has a table with these columns.
  static boolean has(Path file, String table, String... columns) throws IOException {
    try (Connection connection = open(file)) {
      return columns(connection, table).containsAll(List.of(columns));
    } catch (SQLException unreadable) {
      return false;
    }
  }

  static Set<String> columns(Connection connection, String table) throws SQLException {
    Set<String> columns = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select name from pragma_table_info('" + table + "')")) {
      while (rows.next()) {
        columns.add(rows.getString(1));
      }
    }
    return columns;
  }
}
