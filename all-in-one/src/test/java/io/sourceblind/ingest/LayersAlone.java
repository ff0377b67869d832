// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.db.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What layer 3 and layer 2 do alone with real pastes of code and with what the real client makes
/// of real prose; run by `bin/attack-layers`, which holds the goals.
final class LayersAlone {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int BATCH = 100;
  private static final ObjectNode SAMPLE = sample();

  private LayersAlone() {}

  /// Attacks and prints.
  ///
  /// @param args the folder with `positives.jsonl` and `negatives.jsonl`: lines of `{"text",
  ///   "source_lines"}`
  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var pastes = texts(folder.resolve("positives.jsonl"), true);
    var redactor = Redactor.standard();
    var prose =
        texts(folder.resolve("negatives.jsonl"), false).stream()
            .map(text -> redactor.redact(text).prose().text())
            .filter(text -> !text.isEmpty())
            .toList();

    try (var database = EmbeddedDatabase.fresh()) {
      var jdbc = JdbcClient.create(database.superuser());
      say("layer3_pastes_refused", 1 - share(insertedBy(jdbc, pastes), pastes));
      say("layer3_client_prose_accepted", share(insertedBy(jdbc, prose), prose));
    }
    try (var database = EmbeddedDatabase.fresh().withoutDdlGuard()) {
      withoutProseChecks(JdbcClient.create(database.superuser()));
      say("layer2_pastes_refused", 1 - share(acceptedOverHttp(database, pastes), pastes));
      say("layer2_client_prose_accepted", share(acceptedOverHttp(database, prose), prose));
    }
    System.exit(0);
  }

  private static void say(String name, double value) {
    System.out.printf(Locale.ROOT, "value %s %.4f%n", name, value);
  }

  private static double share(int part, List<String> whole) {
    return (double) part / whole.size();
  }

  /// As superuser, without the client, without ingest: a row of the table for each text.
  private static int insertedBy(JdbcClient jdbc, List<String> texts) {
    var taken = 0;
    var rules = new TreeMap<String, Integer>();
    for (var text : texts) {
      try {
        jdbc.sql(
                """
                insert into capture.event (org_id, person_id, occurred_on, kind, schema_version,
                    event_id, occurred_at, observed_at, seq, tool, client_version, source,
                    is_subagent, redaction_dropped_fields, redaction_dropped_bytes,
                    redaction_unknown_keys, text, about)
                select id, id, (uuid_extract_timestamp(id) at time zone 'UTC')::date,
                       'rationale.recorded', 1, id, uuid_extract_timestamp(id), now(), 0, 'other',
                       '1', 'log', false, 0, 0, 0, :text, 'note'
                  from (select uuidv7() as id)
                """)
            .param("text", text)
            .update();
        taken++;
      } catch (DataIntegrityViolationException refused) {
        rules.merge(ruleIn(refused), 1, Integer::sum);
      }
    }
    System.out.printf("layer 3: %d of %d taken; refused by %s%n", taken, texts.size(), rules);
    return taken;
  }

  private static String ruleIn(DataIntegrityViolationException refused) {
    var message = String.valueOf(refused.getMostSpecificCause().getMessage());
    return message.replaceFirst("(?s).*constraint \"(\\w+)\".*", "$1");
  }

  private static void withoutProseChecks(JdbcClient jdbc) {
    jdbc.sql(
            """
            do $$
            declare
              rule name;
            begin
              for rule in select conname from pg_constraint
                           where contypid = 'capture.prose'::regtype loop
                execute format('alter domain capture.prose drop constraint %I', rule);
              end loop;
            end $$
            """)
        .update();
  }

  private static int acceptedOverHttp(EmbeddedDatabase database, List<String> texts)
      throws Exception {
    var token = RunningApi.enrol(database).token();
    var accepted = 0;
    var reasons = new TreeMap<String, Integer>();
    try (var service = RunningApi.over(database);
        var http = HttpClient.newHttpClient()) {
      for (var from = 0; from < texts.size(); from += BATCH) {
        var some = texts.subList(from, Math.min(from + BATCH, texts.size()));
        for (var answer : post(http, service.events(), token, some)) {
          if (answer.path("verdict").asString().equals("accepted")) {
            accepted++;
          } else {
            reasons.merge(answer.path("reason").asString(), 1, Integer::sum);
          }
        }
      }
    }
    System.out.printf("layer 2: %d of %d taken; refused for %s%n", accepted, texts.size(), reasons);
    return accepted;
  }

  private static JsonNode post(HttpClient http, URI address, String token, List<String> texts)
      throws IOException, InterruptedException {
    var lines = new StringBuilder();
    for (var text : texts) {
      lines.append(JSON.writeValueAsString(event(text))).append('\n');
    }
    var answer =
        http.send(
            HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString(), UTF_8))
                .build(),
            HttpResponse.BodyHandlers.ofString(UTF_8));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("The service answered " + answer.statusCode());
    }
    return JSON.readTree(answer.body()).path("events");
  }

  private static ObjectNode event(String text) {
    return WireSamples.fresh(SAMPLE, Clock.systemUTC().instant(), ThreadLocalRandom.current())
        .put("text", text);
  }

  /// The texts of the cases that hold source code, or of those that hold none.
  private static List<String> texts(Path file, boolean source) throws IOException {
    return Files.readAllLines(file).stream()
        .map(JSON::readTree)
        .filter(row -> row.path("source_lines").isEmpty() != source)
        .map(row -> row.path("text").asString())
        .toList();
  }

  private static ObjectNode sample() {
    try {
      return WireSamples.in(Path.of("")).stream()
          .filter(sample -> sample.path("kind").stringValue("").equals("rationale.recorded"))
          .findAny()
          .orElseThrow();
    } catch (IOException missing) {
      throw new UncheckedIOException("Run it from the project's root", missing);
    }
  }
}
