// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.analytics.access.Reading;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What somebody takes along: an engineer all that is held of them, as it is stored, an
/// organization its settings, people and released numbers. Rows are written as they are read, so
/// size is no matter.
@RestController
class Exports {
  private static final int ROWS_AT_ONCE = 1_000;

  private static final List<String> OF_AN_ENGINEER =
      List.of(
          """
          select json_strip_nulls(row_to_json(e))::text
            from capture.event e
           where org_id = :org
           order by occurred_on, occurred_at, seq, event_id
          """,
          """
          select json_build_object('week', week, 'metric', metric, 'value', value)::text
            from release.person_week
           where org_id = :org
           order by week, metric
          """);

  private static final List<String> OF_AN_ORGANIZATION =
      List.of(
          """
          select json_build_object('type', 'organization', 'id', id, 'name', name,
                   'retention_days', retention_days, 'created_at', created_at)::text
            from identity.organization
           where id = :org
          """,
          """
          select json_build_object('type', 'team', 'id', id, 'name', name)::text
            from identity.team
           where org_id = :org
           order by name
          """,
          """
          select json_build_object('type', 'person', 'id', id, 'team', team_id, 'name', name,
                   'email', email, 'role', role, 'joined_on', joined_on)::text
            from identity.person
           where org_id = :org
           order by name, id
          """,
          """
          select json_build_object('type', 'cell', 'team', team_id, 'metric', metric, 'week', week,
                   'state', state, 'value', value, 'step', step, 'people', people, 'rules', rules)::text
            from release.released_cell
           where org_id = :org
           order by week, team_id, metric
          """);

  @GetMapping("/me/export.jsonl")
  void own(Reading reading, HttpServletResponse response) throws IOException {
    lines("own-data", OF_AN_ENGINEER, reading, response);
  }

  @GetMapping("/data/export.jsonl")
  void organization(Reading reading, HttpServletResponse response) throws IOException {
    lines("organization-data", OF_AN_ORGANIZATION, reading, response);
  }

  @GetMapping("/me/export.csv")
  void table(Reading reading, HttpServletResponse response) throws IOException {
    file(response, "text/csv;charset=UTF-8", "sourceblind.csv");
    var out = writer(response);
    var begun =
        reading.begin(
            "own-data",
            jdbc -> {
              jdbc.sql(
                      """
                      select * from capture.event
                       where org_id = :org
                       order by occurred_on, occurred_at, seq, event_id
                      """)
                  .param("org", reading.organization())
                  .withFetchSize(ROWS_AT_ONCE)
                  .query(row -> {
                    row(row, out);
                  });
              return out;
            });
    out.flush();
    reading.record("export.finished", begun.uid().toString());
  }

  private static void lines(
      String target, List<String> selects, Reading reading, HttpServletResponse response)
      throws IOException {
    file(response, "application/x-ndjson;charset=UTF-8", "sourceblind.jsonl");
    var out = writer(response);
    var begun =
        reading.begin(
            target,
            jdbc -> {
              for (var select : selects) {
                jdbc.sql(select)
                    .param("org", reading.organization())
                    .withFetchSize(ROWS_AT_ONCE)
                    .query(row -> {
                      write(out, row.getString(1), "\n");
                    });
              }
              return out;
            });
    out.flush();
    reading.record("export.finished", begun.uid().toString());
  }

  private static void file(HttpServletResponse response, String type, String name) {
    response.setContentType(type);
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(name));
  }

  private static Writer writer(HttpServletResponse response) throws IOException {
    return new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), UTF_8));
  }

  private static void row(ResultSet row, Writer out) throws SQLException {
    var columns = row.getMetaData();
    var names = new ArrayList<String>();
    var values = new ArrayList<String>();
    for (var column = 1; column <= columns.getColumnCount(); column++) {
      names.add(columns.getColumnName(column));
      var value = row.getString(column);
      values.add(value == null ? "" : cell(value));
    }
    if (row.isFirst()) {
      write(out, String.join(",", names), "\r\n");
    }
    write(out, String.join(",", values), "\r\n");
  }

  /// RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it.
  static String cell(String value) {
    var formula = value.matches("[=+@\\t\\r].*|-[^0-9].*") ? "'" + value : value;
    return formula.matches("[^\",\\r\\n]*") ? formula : "\"" + formula.replace("\"", "\"\"") + "\"";
  }

  private static void write(Writer out, String text, String end) {
    try {
      out.write(text);
      out.write(end);
    } catch (IOException gone) {
      throw new UncheckedIOException("Nobody takes the export any more", gone);
    }
  }
}
