// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.stream.Collectors.joining;

import io.sourceblind.analytics.access.Reading;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What somebody takes along: an engineer all that is held of them, as it is stored, an
/// organization its settings, people and released numbers. Rows are written to disk as they are
/// read, so size is no matter.
@RestController
class Exports {
  private static final int ROWS_AT_ONCE = 1_000;

  private static final String EVENTS =
      """
      select row_to_json(e)::text
        from capture.event e
       where org_id = :org
       order by occurred_on, occurred_at, seq, event_id
      """;

  private static final List<String> OF_AN_ENGINEER =
      List.of(
          EVENTS.replace("row_to_json(e)", "json_strip_nulls(row_to_json(e))"),
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

  private final JsonMapper json;

  Exports(JsonMapper json) {
    this.json = json;
  }

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
    var header = new AtomicBoolean(true);
    export(
        "own-data",
        reading,
        (jdbc, out) -> eachLine(jdbc, EVENTS, reading, line -> row(line, header, out)),
        new Download("text/csv;charset=UTF-8", "sourceblind.csv", response));
  }

  private static void lines(
      String target, List<String> selects, Reading reading, HttpServletResponse response)
      throws IOException {
    export(
        target,
        reading,
        (jdbc, out) -> {
          for (var select : selects) {
            eachLine(jdbc, select, reading, line -> write(out, line, "\n"));
          }
        },
        new Download("application/x-ndjson;charset=UTF-8", "sourceblind.jsonl", response));
  }

  private record Download(String type, String name, HttpServletResponse response) {}

  /// Reads into a file without a name first: whoever takes it slowly holds no transaction open, and
  /// nothing is left behind.
  private static void export(
      String target, Reading reading, BiConsumer<JdbcClient, Writer> rows, Download download)
      throws IOException {
    try (var file = nameless()) {
      var begun =
          reading.begin(
              target,
              jdbc -> {
                // Not closed: that would close the file.
                var out = new BufferedWriter(Channels.newWriter(file, UTF_8));
                rows.accept(jdbc, out);
                flush(out);
                return file;
              });
      var response = download.response();
      response.setContentType(download.type());
      response.setContentLengthLong(file.position());
      response.setHeader(
          HttpHeaders.CONTENT_DISPOSITION,
          "attachment; filename=\"%s\"".formatted(download.name()));
      Channels.newInputStream(file.position(0)).transferTo(response.getOutputStream());
      response.flushBuffer();
      reading.record("export.finished", begun.uid().toString());
    }
  }

  private static FileChannel nameless() throws IOException {
    var path = Files.createTempFile("sourceblind", ".export");
    try {
      return FileChannel.open(path, READ, WRITE);
    } finally {
      Files.delete(path);
    }
  }

  private static void flush(Writer out) {
    try {
      out.flush();
    } catch (IOException full) {
      throw new UncheckedIOException("The export cannot be written down", full);
    }
  }

  private static void eachLine(
      JdbcClient jdbc, String select, Reading reading, Consumer<String> work) {
    try (var lines =
        jdbc
            .sql(select)
            .param("org", reading.organization())
            .withFetchSize(ROWS_AT_ONCE)
            .query(String.class)
            .stream()) {
      lines.map(String::valueOf).forEach(work);
    }
  }

  private void row(String line, AtomicBoolean header, Writer out) {
    Map<String, @Nullable Object> fields = json.readValue(line, new TypeReference<>() {});
    if (header.getAndSet(false)) {
      write(out, String.join(",", fields.keySet()), "\r\n");
    }
    write(
        out,
        fields.values().stream()
            .map(value -> value == null ? "" : cell(value.toString()))
            .collect(joining(",")),
        "\r\n");
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
    } catch (IOException full) {
      throw new UncheckedIOException("The export cannot be written down", full);
    }
  }
}
