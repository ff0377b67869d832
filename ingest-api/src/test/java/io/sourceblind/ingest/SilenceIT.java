// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.ingest.allowlist.Trees;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What was refused is repeated nowhere: in no answer, no log, no meter, no row.
@ExtendWith(OutputCaptureExtension.class)
class SilenceIT {
  private static final String CANARY = "Canary9c1";
  private static final String SOURCE = CANARY + " = source(of, truth);";

  private static Site site;

  @BeforeAll
  static void start() {
    site = new Site("logging.level.root=info");
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void aValueThatIsRefusedOrDroppedIsRepeatedNowhere(CapturedOutput output) {
    var answers = new StringBuilder();
    for (var kind : site.allowlist.kinds().keySet()) {
      var events = new ArrayList<ObjectNode>();
      for (var name : Trees.whole(site.allowlist, kind, Site.now()).propertyNames()) {
        for (var wrong : wrongs()) {
          var event = Trees.whole(site.allowlist, kind, Site.now());
          event.set(name, wrong);
          event.set("unlisted", wrong);
          event.set(CANARY, wrong);
          events.add(event);
        }
      }

      var response = site.send(site.ours.token(), Site.lines(events));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(Site.verdicts(response)).noneMatch("accepted"::equals);
      answers.append(response.body()).append(response.headers().map());
    }

    assertThat(answers).doesNotContain(CANARY);
    assertSilence(output);
  }

  @Test
  void aRequestThatIsRefusedIsRepeatedNowhere(CapturedOutput output) {
    var answers = new StringBuilder();
    var token = site.ours.token();
    for (var body :
        List.of(
            "{\"" + CANARY,
            "[\"" + CANARY,
            CANARY,
            "{\"kind\":\"" + CANARY + "\",\"kind\":1}",
            "\"" + SOURCE + "\"",
            "{\"" + CANARY + "\":1e999999999}",
            "{\"seq\":" + "9".repeat(100) + ",\"x\":\"" + CANARY + "\"}")) {
      for (var type : List.of(Site.NDJSON, "application/json", "text/" + CANARY, CANARY, "a/b/c")) {
        for (var encoding : List.of("identity", "gzip", CANARY)) {
          var headers =
              Map.of("Content-Type", type, "Content-Encoding", encoding, "Accept", "a/" + CANARY);
          var response = site.send(token, body.getBytes(UTF_8), headers);
          answers.append(response.body()).append(response.headers().map());
          assertThat(response.statusCode()).isBetween(200, 499);
        }
      }
    }
    for (var path :
        List.of("/" + CANARY, "/v1/events?x=" + CANARY, "/v1/;" + CANARY, "/%2e/" + CANARY)) {
      for (var method : List.of("GET", "PATCH", CANARY)) {
        for (var who : List.of(token, CANARY, "sbd_" + CANARY)) {
          var response =
              site.exchange(
                  method,
                  path,
                  who,
                  HttpRequest.BodyPublishers.ofString(SOURCE),
                  Map.of("X-" + CANARY, CANARY, "Cookie", "session=" + CANARY));
          answers.append(response.body()).append(response.headers().map());
          assertThat(response.statusCode()).isBetween(400, 499);
        }
      }
    }

    assertThat(answers).doesNotContain(CANARY);
    assertSilence(output);
  }

  @Test
  void anyOutputWouldBeSeen(CapturedOutput output) {
    System.out.println("twin of " + CANARY);

    assertThat(output).contains(CANARY);
  }

  private static void assertSilence(CapturedOutput output) {
    assertThat(output).doesNotContain(CANARY);
    assertThat(EmbeddedDatabase.serverLog()).doesNotContain(CANARY);
    assertThat(
            site.part(MeterRegistry.class).getMeters().stream()
                .map(meter -> meter.getId().toString()))
        .noneMatch(id -> id.contains(CANARY));
    assertThat(
            site.superuser()
                .sql("select coalesce(string_agg(to_json(e)::text, ' '), '') from capture.event e")
                .query(String.class)
                .single())
        .doesNotContain(CANARY);
  }

  private static List<JsonNode> wrongs() {
    var json = JsonNodeFactory.instance;
    return List.of(
        json.stringNode(SOURCE),
        json.objectNode().put(CANARY, SOURCE),
        json.arrayNode().add(SOURCE).add(json.arrayNode().add(SOURCE)));
  }
}
