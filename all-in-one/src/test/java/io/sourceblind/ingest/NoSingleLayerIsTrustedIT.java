// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.capture.Capture;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Takes the three layers away in turn. Any one of them alone keeps every planted line of source
/// out of the database; with none of them the lines must be found, or this test proves nothing.
class NoSingleLayerIsTrustedIT {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Lines of source as people have them in prompts, files, commands and answers of tools.
  private static final List<String> CANARIES =
      List.of(
          "int canaryOne = ledger.debit(account, 4711);",
          "def canary_two(self, amount): return amount * 2",
          "const canaryThree = await fetch(`/api/${id}`);",
          "if (canaryFour != null && canaryFour.isOpen()) { close(); }",
          "SELECT canary_five FROM ledger WHERE owner = 42;",
          "<div className=\"canary-six\">{props.children}</div>",
          "export CANARY_SEVEN=sk-live-0123456789abcdef0123",
          "fn canary_eight(&mut self) -> Result<(), Error> {",
          "#include <canary_nine.h>",
          "canary_ten: [\"a\", \"b\"]  # yaml");

  enum Layer {
    REDACTION,
    ALLOWLIST,
    DATABASE
  }

  @TempDir Path folder;

  static Stream<Set<Layer>> everySelection() {
    var selections = new ArrayList<Set<Layer>>();
    selections.add(EnumSet.noneOf(Layer.class));
    for (var layer : Layer.values()) {
      for (var without : List.copyOf(selections)) {
        var with = EnumSet.of(layer);
        with.addAll(without);
        selections.add(with);
      }
    }
    return selections.stream();
  }

  @ParameterizedTest(name = "with {0}")
  @MethodSource("everySelection")
  void anyLayerThatIsLeftKeepsSourceOut(Set<Layer> layers) throws Exception {
    try (var database = EmbeddedDatabase.fresh();
        var api = RunningApi.over(database)) {
      if (!layers.contains(Layer.DATABASE)) {
        takeTheDatabasesGuardsAway(database);
      }
      var engineer = RunningApi.enrol(database);

      var events =
          layers.contains(Layer.REDACTION)
              ? whatTheClientWouldSend(api.url(), engineer)
              : whatACarelessClientWouldSend();
      if (layers.contains(Layer.ALLOWLIST)) {
        post(api.url(), engineer, events);
      } else {
        storeAsItCame(database, engineer, events);
      }

      var found = canariesIn(database);
      if (layers.isEmpty()) {
        assertThat(found).as("without any layer").isEqualTo(Set.copyOf(CANARIES));
      } else {
        assertThat(found).as("with " + layers).isEmpty();
      }
      if (layers.contains(Layer.REDACTION)) {
        assertThat(rows(database)).as("what the real client sends is stored").isGreaterThan(5);
      }
    }
  }

  /// The real client over a session that has every canary in every place where a session has text.
  private List<ObjectNode> whatTheClientWouldSend(String url, RunningApi.Engineer engineer)
      throws IOException {
    var session = Files.createDirectories(folder.resolve("logs")).resolve("session.jsonl");
    Files.write(session, canarySession());
    var token = Files.writeString(folder.resolve("token"), engineer.token());
    var home = folder.resolve("client").toString();
    run("enroll", "--home", home, "--server", url, "--token-file", token.toString());
    var preview = run("preview", "--home", home, session.toString());
    var events = new ArrayList<ObjectNode>();
    for (var line : preview.lines().toList()) {
      if (line.startsWith("{")) {
        events.add((ObjectNode) JSON.readTree(line));
      }
    }
    assertThat(events).as("the preview shows the exact JSON").hasSizeGreaterThan(5);
    return events;
  }

  private static String run(String... args) {
    var output = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    var code =
        Capture.run(
            InputStream.nullInputStream(),
            new PrintStream(output, true, UTF_8),
            new PrintStream(errors, true, UTF_8),
            args);
    assertThat(code).as(errors.toString(UTF_8)).isZero();
    return output.toString(UTF_8);
  }

  private static List<String> canarySession() {
    var rows = new ArrayList<String>();
    var at = Instant.now().minus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);
    var all = String.join("\n", CANARIES);
    var number = 0;
    for (var canary : CANARIES) {
      var call = "toolu_" + number;
      rows.add(
          row(
              at.plusSeconds(60L * number),
              "user",
              Map.of("role", "user", "content", "Please look at this:\n" + canary + "\nthanks")));
      rows.add(
          row(
              at.plusSeconds(60L * number + 5),
              "assistant",
              Map.of(
                  "id",
                  "msg_" + number,
                  "role",
                  "assistant",
                  "model",
                  "claude-sonnet-4-5",
                  "content",
                  List.of(
                      Map.of(
                          "type",
                          "tool_use",
                          "id",
                          call,
                          "name",
                          number % 2 == 0 ? "Bash" : "Edit",
                          "input",
                          Map.of(
                              "command", canary,
                              "description", canary,
                              "file_path", "/home/dev/app/" + canary,
                              "old_string", canary,
                              "new_string", all))),
                  "usage",
                  Map.of("input_tokens", 1, "output_tokens", 1))));
      var result = JSON.createObjectNode();
      result.put("stdout", all);
      result.put("originalFile", all);
      result.put("oldString", canary);
      result.put("newString", all);
      var row =
          (ObjectNode)
              JSON.readTree(
                  row(
                      at.plusSeconds(60L * number + 9),
                      "user",
                      Map.of(
                          "role",
                          "user",
                          "content",
                          List.of(
                              Map.of(
                                  "type", "tool_result",
                                  "tool_use_id", call,
                                  "content", all)))));
      row.set("toolUseResult", result);
      rows.add(JSON.writeValueAsString(row));
      number++;
    }
    return rows;
  }

  private static String row(Instant at, String type, Map<String, ?> message) {
    return JSON.writeValueAsString(
        Map.of(
            "type",
            type,
            "sessionId",
            "5c0f3a52-7a7e-4f0c-9b11-0d2b6f4c1a10",
            "uuid",
            UUID.randomUUID().toString(),
            "cwd",
            "/home/dev/app",
            "version",
            "2.1.34",
            "timestamp",
            at.toString(),
            "message",
            message));
  }

  /// Every sample of the wire contract, with one text field at a time replaced by a canary, and
  /// each canary also in a field that does not exist.
  private static List<ObjectNode> whatACarelessClientWouldSend() throws IOException {
    var events = new ArrayList<ObjectNode>();
    var samples = WireSamples.in(Path.of(".."));
    assertThat(samples).hasSize(15);
    for (var sample : samples) {
      for (var field : sample.propertyNames()) {
        var value = sample.path(field);
        var planted =
            value.isString()
                && !Set.of("event_id", "kind", "occurred_at", "observed_at").contains(field);
        if (planted || value.isArray()) {
          for (var canary : CANARIES) {
            var event = fresh(sample);
            if (value.isArray()) {
              event.putArray(field).add(canary);
            } else {
              event.put(field, canary);
            }
            event.put("body", canary);
            events.add(event);
          }
        }
      }
    }
    return events;
  }

  private static ObjectNode fresh(ObjectNode sample) {
    return WireSamples.fresh(sample, Instant.now().minusSeconds(60), ThreadLocalRandom.current());
  }

  private static void post(String url, RunningApi.Engineer engineer, List<ObjectNode> events)
      throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      for (var start = 0; start < events.size(); start += 200) {
        var batch = events.subList(start, Math.min(events.size(), start + 200));
        var body = String.join("\n", batch.stream().map(JSON::writeValueAsString).toList());
        var answer =
            http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/events"))
                    .header("Authorization", "Bearer " + engineer.token())
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(CANARIES).noneMatch(answer.body()::contains);
      }
    }
  }

  private static void storeAsItCame(
      EmbeddedDatabase database, RunningApi.Engineer engineer, List<? extends JsonNode> events) {
    var store = new EventStore(database.as(DatabaseRole.INGEST_WRITER));
    store.add(List.of(store.batch(engineer.tenant(), events, List.of())));
  }

  /// Drops every check of every domain and of the table: what is left is columns.
  private static void takeTheDatabasesGuardsAway(EmbeddedDatabase database) {
    database.withoutDdlGuard();
    JdbcClient.create(database.superuser())
        .sql(
            """
            do $$
            declare
              rule record;
            begin
              for rule in
                select k.conname, k.conrelid::regclass as of_table, t.typname as of_domain
                  from pg_constraint k
                  join pg_namespace n on n.oid = k.connamespace
                  left join pg_type t on t.oid = k.contypid
                 where n.nspname = 'capture' and k.contype = 'c' and k.conparentid = 0
                   and (k.contypid <> 0 or k.conrelid = 'capture.event'::regclass)
              loop
                if rule.of_domain is null then
                  execute format('alter table %s drop constraint %I', rule.of_table, rule.conname);
                else
                  execute format('alter domain capture.%I drop constraint %I', rule.of_domain, rule.conname);
                end if;
              end loop;
            end $$
            """)
        .update();
  }

  private static Set<String> canariesIn(EmbeddedDatabase database) {
    var jdbc = JdbcClient.create(database.superuser());
    var tables =
        jdbc.sql(
                """
                select format('%I.%I', schemaname, tablename) from pg_tables
                 where schemaname not in ('pg_catalog', 'information_schema')
                """)
            .query(String.class)
            .list();
    var dump = new StringBuilder();
    for (var table : tables) {
      jdbc
          .sql("select to_jsonb(t)::text from %s t".formatted(table))
          .query(String.class)
          .list()
          .stream()
          // As it stands, not as JSON escapes it.
          .map(row -> row.replace("\\\"", "\""))
          .forEach(dump::append);
    }
    return Set.copyOf(CANARIES.stream().filter(canary -> dump.indexOf(canary) >= 0).toList());
  }

  private static long rows(EmbeddedDatabase database) {
    return JdbcClient.create(database.superuser())
        .sql("select count(*) from capture.event")
        .query(Long.class)
        .single();
  }
}
