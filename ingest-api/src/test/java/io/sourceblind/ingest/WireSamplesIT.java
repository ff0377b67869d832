// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Trees;
import io.sourceblind.ingest.allowlist.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The samples that the client's test writes are what this server takes.
class WireSamplesIT {

  @Test
  void thereIsASampleOfEachKindAndTheAllowlistTakesItWhole() throws IOException {
    var kinds = new ArrayList<String>();
    for (var sample : samples()) {
      var then = Instant.parse(sample.path("occurred_at").asString());
      var allowlist = Allowlist.load(Clock.fixed(then.plusSeconds(1), ZoneOffset.UTC));

      var verdict = allowlist.decide(sample);

      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.Allowed.class,
              allowed -> {
                assertThat(JsonMapper.shared().readTree(allowed.event().toString()))
                    .isEqualTo(sample);
                assertThat(allowed.dropped()).isEmpty();
              });
      kinds.add(sample.path("kind").asString());
    }

    assertThat(kinds)
        .containsExactlyInAnyOrderElementsOf(Allowlist.load(Clock.systemUTC()).kinds().keySet());
  }

  @Test
  void theSamplesAreAcceptedOverHttp() throws IOException {
    var samples = samples().stream().map(WireSamplesIT::asOfNow).toList();

    try (var site = new Site()) {
      var response = site.send(site.ours.token(), Site.lines(samples));

      assertThat(Site.verdicts(response)).hasSize(15).containsOnly("accepted");
      assertThat(Site.json(response).path("dropped_fields").asInt(-1)).isZero();
    }
  }

  /// A sample has a fixed day, and a day passes out of the window.
  private static ObjectNode asOfNow(ObjectNode sample) {
    var then = Instant.parse(sample.path("occurred_at").asString());
    var late = Duration.between(then, Instant.parse(sample.path("observed_at").asString()));
    var now = Site.now().minus(Duration.ofMinutes(1));
    return sample
        .deepCopy()
        .put("event_id", Trees.id(now).toString())
        .put("occurred_at", now.toString())
        .put("observed_at", now.plus(late).toString());
  }

  private static List<ObjectNode> samples() throws IOException {
    var samples = new ArrayList<ObjectNode>();
    try (var files = Files.newDirectoryStream(Checkout.path("docs/wire"), "*.json")) {
      for (var file : files) {
        samples.add((ObjectNode) JsonMapper.shared().readTree(Files.readString(file)));
      }
    }
    return samples;
  }
}
