// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Reason;
import io.sourceblind.ingest.allowlist.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What holds for every tree. Each property is a question to a decision, so that it can be put to a
/// careless one as well.
class AllowlistPropertiesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final Allowlist ALLOWLIST = Allowlist.load(Clock.fixed(NOW, ZoneOffset.UTC));
  private static final FuzzedEvents EVENTS = new FuzzedEvents(NOW);
  private static final SecondOpinion SECOND = new SecondOpinion(NOW);

  @Property
  void whatIsStoredOfAnyTreeIsASubsetOfTheAllowlistAndFitsItsBounds(
      @ForAll @Size(max = 300) byte[] program) {
    var anything = EVENTS.anything(new Draws(program), 6);
    var event = EVENTS.bent(new Draws(program));

    assertThat(SECOND.objections(anything, ALLOWLIST.decide(anything))).isEmpty();
    assertThat(SECOND.objections(event, ALLOWLIST.decide(event))).isEmpty();
  }

  @Property
  void anUnlistedFieldNeverChangesWhatIsStored(
      @ForAll @Size(max = 300) byte[] program, @ForAll @Size(max = 60) byte[] more) {
    assertThat(anUnlistedFieldChangesSomething(ALLOWLIST::decide, program, more)).isFalse();
  }

  @Property
  void decidingTwiceGivesTheSame(@ForAll @Size(max = 300) byte[] program) {
    assertThat(theSecondTimeDiffers(ALLOWLIST::decide, program)).isFalse();
  }

  @Property
  void decidingOnWhatIsKeptKeepsAllOfIt(@ForAll @Size(max = 300) byte[] program) {
    assertThat(somethingOfTheKeptIsNotKept(ALLOWLIST::decide, program)).isFalse();
  }

  @Property
  void theOrderOfFieldsDoesNotMatter(@ForAll @Size(max = 300) byte[] program, @ForAll long seed) {
    assertThat(theOrderMatters(ALLOWLIST::decide, program, seed)).isFalse();
  }

  @Example
  void aDecisionThatAnUnlistedFieldChangesIsFound() {
    Function<JsonNode, Verdict> keepsIt = mistake("lets an unlisted field through");
    Function<JsonNode, Verdict> keepsItBelow = mistake("lets an unlisted field through below");
    Function<JsonNode, Verdict> refusesIt =
        given ->
            ALLOWLIST.decide(given).dropped().isEmpty()
                ? ALLOWLIST.decide(given)
                : new Verdict.Refused(null, "event", Reason.NOT_ON_THE_LIST, List.of());

    for (var careless : List.of(keepsIt, keepsItBelow, refusesIt)) {
      assertThat(programs())
          .anyMatch(program ->
              anUnlistedFieldChangesSomething(careless, program, new byte[] {0, 5})
                  || anUnlistedFieldChangesSomething(careless, program, new byte[] {1, 5}));
    }
  }

  @Example
  void aDecisionThatRemembersIsFound() {
    var calls = new AtomicInteger();
    Function<JsonNode, Verdict> moody =
        given -> ALLOWLIST.decide(calls.incrementAndGet() % 2 == 0 ? given : given.path("kind"));

    assertThat(programs()).anyMatch(program -> theSecondTimeDiffers(moody, program));
  }

  @Example
  void aDecisionThatKeepsWhatItWouldNotTakeIsFound() {
    for (var mistake : List.of("lets an unlisted field through", "changes a value")) {
      assertThat(programs())
          .anyMatch(program -> somethingOfTheKeptIsNotKept(mistake(mistake), program));
    }
  }

  @Example
  void aDecisionForWhichTheOrderMattersIsFound() {
    Function<JsonNode, Verdict> inARow =
        given -> {
          var names = List.copyOf(given.propertyNames());
          return ALLOWLIST.decide(
              names.isEmpty() ? given : ((ObjectNode) given.deepCopy()).without(names.getLast()));
        };

    assertThat(programs()).anyMatch(program -> theOrderMatters(inARow, program, 7));
  }

  private static boolean anUnlistedFieldChangesSomething(
      Function<JsonNode, Verdict> decide, byte[] program, byte[] more) {
    var plain = EVENTS.bent(new Draws(program));
    if (!(plain instanceof ObjectNode object)) {
      return false;
    }
    var draws = new Draws(more);
    var fuller = object.deepCopy();
    var below = draws.oneIn(2) && fuller.path("redaction").isObject();
    var place = below ? (ObjectNode) fuller.path("redaction") : fuller;
    place.set(EVENTS.unlistedName(draws), EVENTS.anything(draws, 4));

    return !withoutCounts(decide.apply(object)).equals(withoutCounts(decide.apply(fuller)));
  }

  private static boolean theSecondTimeDiffers(Function<JsonNode, Verdict> decide, byte[] program) {
    var event = EVENTS.bent(new Draws(program));
    var copy = event.deepCopy();

    return !decide.apply(event).equals(decide.apply(event)) || !event.equals(copy);
  }

  private static boolean somethingOfTheKeptIsNotKept(
      Function<JsonNode, Verdict> decide, byte[] program) {
    return decide.apply(EVENTS.bent(new Draws(program))) instanceof Verdict.Allowed allowed
        && !decide
            .apply(allowed.event().deepCopy())
            .equals(new Verdict.Allowed(allowed.eventId(), allowed.event(), List.of()));
  }

  private static boolean theOrderMatters(
      Function<JsonNode, Verdict> decide, byte[] program, long seed) {
    var event = EVENTS.bent(new Draws(program));
    var inOrder = decide.apply(event);
    var outOfOrder = decide.apply(shuffled(event, new Random(seed)));

    return !withoutCounts(inOrder).equals(withoutCounts(outOfOrder))
        || !inOrder.dropped().stream()
            .sorted()
            .toList()
            .equals(outOfOrder.dropped().stream().sorted().toList());
  }

  private static Verdict withoutCounts(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allowed(var id, var event, _) -> new Verdict.Allowed(id, event, List.of());
      case Verdict.Refused(var id, var field, var reason, _) ->
          new Verdict.Refused(id, field, reason, List.of());
    };
  }

  private static JsonNode shuffled(JsonNode tree, Random random) {
    if (!tree.isObject()) {
      return tree;
    }
    var names = new ArrayList<>(tree.propertyNames());
    Collections.shuffle(names, random);
    var shuffled = JsonNodeFactory.instance.objectNode();
    names.forEach(name -> shuffled.set(name, shuffled(tree.path(name), random)));
    return shuffled;
  }

  private static Function<JsonNode, Verdict> mistake(String name) {
    return Objects.requireNonNull(CarelessDecisions.of(ALLOWLIST).get(name));
  }

  private static List<byte[]> programs() {
    return FuzzedEvents.programs(3_000).toList();
  }
}
