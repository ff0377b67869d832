// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class AllowlistTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final Allowlist ALLOWLIST = Allowlist.load(Clock.fixed(NOW, ZoneOffset.UTC));

  static Iterable<String> kinds() {
    return ALLOWLIST.kinds().keySet();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anEventOfListedFieldsIsAllowedAsItIs(String kind) {
    var whole = Trees.whole(ALLOWLIST, kind, NOW);
    var needed = Trees.needed(ALLOWLIST, kind, NOW);

    assertThat(allowed(whole).event()).isEqualTo(whole).isNotSameAs(whole);
    assertThat(allowed(needed).event()).isEqualTo(needed);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anEventWithoutAFieldThatItNeedsIsRefused(String kind) {
    var needed = Trees.needed(ALLOWLIST, kind, NOW);

    for (var name : needed.propertyNames()) {
      if (name.equals("session_ref") && kind.equals("rationale.recorded")) {
        continue;
      }
      var poorer = needed.deepCopy();
      poorer.remove(name);

      assertThat(refused(poorer).field()).isEqualTo(name);
      assertThat(refused(poorer).reason()).isEqualTo(Reason.MISSING);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anUnlistedFieldNeverChangesWhatIsStored(String kind) {
    var random = new Random(kind.hashCode());
    var plain = Trees.whole(ALLOWLIST, kind, NOW);

    for (var i = 0; i < 200; i++) {
      var more = plain.deepCopy();
      var name = "x1" + Long.toString(random.nextLong(), 36) + (random.nextBoolean() ? "é{" : "");
      more.set(name, anything(random, 3));
      more.withObject("/redaction").set(name, anything(random, 3));

      var verdict = allowed(more);

      assertThat(verdict.event()).isEqualTo(plain);
      assertThat(verdict.dropped()).containsExactly("other", "other");
    }
  }

  @Test
  void aFieldOfAnotherKindIsUnlisted() {
    var event = Trees.needed(ALLOWLIST, "turn.failed", NOW);
    event.put("text", "words that belong to a prompt");

    var verdict = allowed(event);

    assertThat(verdict.event().has("text")).isFalse();
    assertThat(verdict.dropped()).containsExactly("text");
  }

  @Test
  void whatIsDroppedIsCountedByNameOnlyIfItIsShapedLikeOne() {
    var event = Trees.needed(ALLOWLIST, "turn.failed", NOW);
    event.put("tool_input", 1);
    event.put("Tool", 1);
    event.put("rm -rf", 1);
    event.put("", 1);
    event.put("a".repeat(41), 1);
    event.withObject("/redaction").put("message", 1);

    var verdict = allowed(event);

    assertThat(verdict.dropped())
        .containsExactlyInAnyOrder("tool_input", "other", "other", "other", "other", "message");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt.sent", "", "PROMPT.SUBMITTED", "envelope"})
  void anUnknownKindIsRefused(String kind) {
    var event = Trees.needed(ALLOWLIST, "turn.failed", NOW).put("kind", kind);

    assertThat(refused(event)).extracting(Verdict.Refused::reason).isEqualTo(Reason.UNKNOWN_KIND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "'x'", "[]", "null", "true", "[{}]"})
  void whatIsNotAnObjectIsRefused(String json) {
    assertThat(refused(Trees.json(json)).reason()).isEqualTo(Reason.NOT_AN_OBJECT);
    assertThat(refusedAs("redaction", Trees.json(json)).reason()).isEqualTo(Reason.NOT_AN_OBJECT);
  }

  @ParameterizedTest
  @CsvSource({
    "kind, null, UNKNOWN_KIND",
    "tool, null, NOT_A_STRING",
    "seq, null, NOT_A_WHOLE_NUMBER",
    "model, null, NOT_A_STRING",
    "is_subagent, 0, NOT_TRUE_OR_FALSE",
    "mcp_server_count, 1000, OUT_OF_RANGE",
    "os, {}, NOT_A_STRING"
  })
  void aListedValueThatDoesNotFitRefusesTheEvent(String field, String json, Reason reason) {
    var verdict = refusedAs(field, Trees.json(json));

    assertThat(verdict.field()).isEqualTo(field);
    assertThat(verdict.reason()).isEqualTo(reason);
  }

  @Test
  void aRefusalWithinAnObjectNamesItsPlace() {
    var verdict = refusedAs("redaction", Trees.json("{'dropped_fields':-1}"));

    assertThat(verdict.field()).isEqualTo("redaction.dropped_fields");
  }

  @Test
  void aRefusalRepeatsTheIdIfItIsOne() {
    var good = Trees.needed(ALLOWLIST, "turn.failed", NOW).put("retries", -1);
    var bad = good.deepCopy().put("event_id", "canary");

    assertThat(refused(good).eventId()).hasToString(good.path("event_id").stringValue());
    assertThat(refused(bad).eventId()).isNull();
    assertThat(refused(bad).toString()).doesNotContain("canary");
  }

  @Test
  void theTimeOfTheIdIsTheTimeOfTheEvent() {
    var event = Trees.needed(ALLOWLIST, "turn.failed", NOW);
    event.put("occurred_at", NOW.plusMillis(1).toString());

    assertThat(refused(event).reason()).isEqualTo(Reason.NOT_THE_TIME_OF_THE_ID);
  }

  @Test
  void anEventIsAtMost90DaysOldAnd5MinutesAhead() {
    var days = Duration.ofDays(90);
    var minutes = Duration.ofMinutes(5);

    allowed(Trees.needed(ALLOWLIST, "turn.failed", NOW.minus(days)));
    allowed(Trees.needed(ALLOWLIST, "turn.failed", NOW.plus(minutes)));
    assertThat(
            refused(Trees.needed(ALLOWLIST, "turn.failed", NOW.minus(days).minusMillis(1)))
                .reason())
        .isEqualTo(Reason.TOO_OLD);
    assertThat(
            refused(Trees.needed(ALLOWLIST, "turn.failed", NOW.plus(minutes).plusMillis(1)))
                .reason())
        .isEqualTo(Reason.IN_THE_FUTURE);
  }

  @Test
  void whenItWasSeenIsBoundedLikeWhenItHappened() {
    assertThat(refusedAs("observed_at", Trees.json("'1999-01-01T00:00:00Z'")).reason())
        .isEqualTo(Reason.TOO_OLD);
  }

  @Test
  void onlyARationaleMayLieOutsideASession() {
    var failed = Trees.needed(ALLOWLIST, "turn.failed", NOW);
    failed.remove("session_ref");
    var rationale = Trees.needed(ALLOWLIST, "rationale.recorded", NOW);
    rationale.remove("session_ref");

    assertThat(refused(failed).field()).isEqualTo("session_ref");
    allowed(rationale);
  }

  @Test
  void aPathIsThereOnlyUnderItsPolicy() {
    var hashed = Trees.whole(ALLOWLIST, "file.touched", NOW).put("path_mode", "hashed");
    var extension = hashed.deepCopy().put("path_mode", "extension");
    extension.remove("path");

    assertThat(refused(hashed).field()).isEqualTo("path");
    assertThat(refused(extension).field()).isEqualTo("path_ref");
  }

  @Test
  void aFieldPastItsExpiryIsDroppedAndCounted() {
    var lastDay = Instant.parse("2027-05-31T23:59:59.999Z");
    var nextDay = lastDay.plusMillis(1);

    var before = at(lastDay).decide(prompt(lastDay));
    var after = at(nextDay).decide(prompt(nextDay));

    assertThat(before)
        .isInstanceOfSatisfying(
            Verdict.Allowed.class, allowed -> assertThat(allowed.event().has("text")).isTrue());
    assertThat(after)
        .isInstanceOfSatisfying(
            Verdict.Allowed.class,
            allowed -> {
              assertThat(allowed.event().has("text")).isFalse();
              assertThat(allowed.dropped()).containsExactly("text");
            });
  }

  @Test
  void anEventWhoseNeededFieldIsPastItsExpiryIsRefused() {
    var later = Instant.parse("2027-06-01T00:00:00.000Z");

    var verdict = at(later).decide(Trees.needed(ALLOWLIST, "rationale.recorded", later));

    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.EXPIRED));
  }

  @Test
  void whatExpiresSoonIsKnown() {
    var month = at(Instant.parse("2027-05-01T00:00:00Z"));

    assertThat(ALLOWLIST.expiringWithin(30)).isEmpty();
    assertThat(month.expiringWithin(29)).isEmpty();
    assertThat(month.expiringWithin(30))
        .containsExactlyInAnyOrder(
            "prompt.submitted.text", "file.touched.path", "rationale.recorded.text");
  }

  @Test
  void whatIsAllowedIsNeverAPartOfWhatWasGiven() {
    var given = Trees.whole(ALLOWLIST, "command.executed", NOW);
    var verdict = allowed(given);

    given.withArray("/flags").add("-canary");
    given.withObject("/redaction").put("canary", 1);

    assertThat(verdict.event().toString()).doesNotContain("canary");
  }

  private static ObjectNode prompt(Instant at) {
    return Trees.whole(ALLOWLIST, "prompt.submitted", at);
  }

  private static Allowlist at(Instant now) {
    return Allowlist.load(Clock.fixed(now, ZoneOffset.UTC));
  }

  private static JsonNode anything(Random random, int depth) {
    var json = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> json.numberNode(random.nextLong());
      case 1 -> json.stringNode("select canary from " + random.nextLong());
      case 2 -> json.nullNode();
      case 3 -> json.booleanNode(random.nextBoolean());
      case 4 -> json.arrayNode().add(anything(random, depth - 1));
      default -> json.objectNode().set("text", anything(random, depth - 1));
    };
  }

  private static Verdict.Allowed allowed(JsonNode event) {
    var verdict = ALLOWLIST.decide(event);
    assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
    return (Verdict.Allowed) verdict;
  }

  private static Verdict.Refused refused(JsonNode event) {
    var verdict = ALLOWLIST.decide(event);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return (Verdict.Refused) verdict;
  }

  private static Verdict.Refused refusedAs(String field, JsonNode value) {
    var event = Trees.whole(ALLOWLIST, "session.started", NOW);
    event.set(field, value);
    return refused(event);
  }

  @Test
  void theAllowlistKnowsFifteenKinds() {
    assertThat(List.copyOf(ALLOWLIST.kinds().keySet())).hasSize(15);
  }
}
