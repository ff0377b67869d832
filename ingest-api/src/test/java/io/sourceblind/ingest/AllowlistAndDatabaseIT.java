// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.ingest.allowlist.Trees;
import io.sourceblind.ingest.allowlist.Verdict;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Random events against the layers as they run: what the second takes the third takes, and nothing
/// that is sent ends in a fault of ours. A failure names the seed that it came from.
class AllowlistAndDatabaseIT {
  private static final int EVENTS = 600;
  private static final int BATCHES = 300;

  private static Site site;

  @BeforeAll
  static void start() {
    site = unhurried();
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void whatTheAllowlistTakesTheDatabaseTakes() {
    var seed = new SecureRandom().nextLong();
    var events = allowed(site, seed);

    var refused = refusedByTheDatabase(site, events);

    assertThat(refused).as("seed %d", seed).isEmpty();
    assertThat(events).as("seed %d", seed).hasSizeGreaterThan(EVENTS / 2);
  }

  @Test
  void aDatabaseThatIsNarrowerThanTheAllowlistIsFound() {
    try (var narrow = unhurried()) {
      narrow
          .superuser()
          .sql("alter domain capture.exit_code add constraint narrower check (value < 100)")
          .update();

      var refused = refusedByTheDatabase(narrow, allowed(narrow, 7));

      assertThat(refused).contains("command.executed narrower");
    }
  }

  @Test
  void noBatchEndsInAFaultAndNoSourceIsStoredLoggedOrRepeated() {
    var seed = new SecureRandom().nextLong();
    var before = site.stored();

    var answers = send(site, seed);

    assertThat(answers).as("seed %d", seed).allMatch(answer -> answer.statusCode() < 500);
    assertThat(answers).as("seed %d", seed).noneMatch(answer -> Canary.isIn(answer.body()));
    assertThat(Canary.isIn(everythingIn(site))).as("seed %d", seed).isFalse();
    assertThat(Canary.isIn(EmbeddedDatabase.serverLog())).as("seed %d", seed).isFalse();
    assertThat(site.stored() - before).as("seed %d", seed).isGreaterThan(BATCHES / 10);
  }

  @Test
  void aFaultAndASourceThatIsStoredAreFound() {
    try (var broken = unhurried()) {
      var event = Trees.needed(broken.allowlist, "command.executed", Site.now());
      broken.database.withoutDdlGuard();
      broken
          .superuser()
          .sql(
              "alter domain capture.program drop constraint program;"
                  + " alter domain capture.program drop constraint program_length")
          .update();
      add(broken, List.of(event.put("program", Canary.SOURCE.getFirst())));
      broken.superuser().sql("revoke insert on capture.event from ingest_writer").update();

      var answers = send(broken, 7);

      assertThat(answers).anyMatch(answer -> answer.statusCode() >= 500);
      assertThat(Canary.isIn(everythingIn(broken))).isTrue();
    }
  }

  /// No limit on requests stands before what is to be tried.
  private static Site unhurried() {
    return new Site("ingest.per-device=100000", "ingest.per-organization=100000");
  }

  private static List<ObjectNode> allowed(Site site, long seed) {
    var events = new FuzzedEvents(Site.now());
    return FuzzedEvents.programs(EVENTS, seed)
        .map(program -> withAnIdOfItsOwn(events.listed(new Draws(program))))
        .filter(event -> site.allowlist.decide(event) instanceof Verdict.Allowed)
        .toList();
  }

  private static ObjectNode withAnIdOfItsOwn(ObjectNode event) {
    var at = Instant.parse(event.path("occurred_at").stringValue());
    return event.put("event_id", Trees.id(at).toString());
  }

  /// Their kinds and the rules that they break.
  private static List<String> refusedByTheDatabase(Site site, List<ObjectNode> events) {
    var fates = add(site, events);
    var refused = new ArrayList<String>();
    for (var i = 0; i < events.size(); i++) {
      switch (fates.get(i)) {
        case Fate.Added _ -> {}
        case Fate.Known _ -> refused.add("known before");
        case Fate.Past _ -> refused.add("past");
        case Fate.Refused(var rule) ->
            refused.add(events.get(i).path("kind").stringValue() + " " + rule);
      }
    }
    return refused;
  }

  private static List<Fate> add(Site site, List<ObjectNode> events) {
    var store = new EventStore(site.database.as(DatabaseRole.INGEST_WRITER));
    return store.add(List.of(store.batch(site.ours.tenant(), events, List.of()))).getFirst();
  }

  private static List<HttpResponse<String>> send(Site site, long seed) {
    var events = new FuzzedEvents(Site.now());
    return FuzzedEvents.programs(BATCHES, seed)
        .map(program -> {
          var draws = new Draws(program);
          var asArray = draws.oneIn(2);
          var packed =
              draws.oneIn(8)
                  ? Packed.raw(draws)
                  : Packed.of(draws, more -> batch(events, asArray, more));
          return site.send(
              site.ours.token(),
              packed.body(),
              Map.of(
                  "Content-Type",
                  asArray ? "application/json" : Site.NDJSON,
                  "Content-Encoding",
                  packed.encoding()));
        })
        .toList();
  }

  private static byte[] batch(FuzzedEvents events, boolean asArray, Draws draws) {
    var trees = Stream.of(events.bent(draws), events.listed(draws), events.bent(draws));
    var text = trees.map(JsonNode::toString);
    return (asArray
            ? text.collect(Collectors.joining(",", "[", "]"))
            : text.collect(Collectors.joining("\n", "", "\n")))
        .getBytes(UTF_8);
  }

  private static String everythingIn(Site site) {
    return site.superuser()
        .sql("select coalesce(string_agg(to_json(e)::text, ' '), '') from capture.event e")
        .query(String.class)
        .single();
  }
}
