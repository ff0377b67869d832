// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sourceblind.ingest.BatchReader.Item;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A body on its whole way: unpacked, taken apart, decided on, answered. Only the database is not
/// there; what it would take counts as added.
class WholeWayFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final IngestSettings SETTINGS =
      new IngestSettings(24, DataSize.ofKilobytes(64), Duration.ofSeconds(30), 1, 1, 1, 1);
  private static final BodyReader BODIES = new BodyReader(SETTINGS);
  private static final BatchReader BATCHES = new BatchReader(SETTINGS);
  private static final Allowlist ALLOWLIST = Allowlist.load(Clock.fixed(NOW, ZoneOffset.UTC));
  private static final FuzzedEvents EVENTS = new FuzzedEvents(NOW);
  private static final SecondOpinion SECOND = new SecondOpinion(NOW);
  private static final JsonMapper PLAIN = JsonMapper.shared();
  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  static Stream<byte[]> programs() {
    return FuzzedEvents.programs(60);
  }

  static Set<String> mistakes() {
    return CarelessDecisions.of(ALLOWLIST).keySet();
  }

  @MethodSource("programs")
  @FuzzTest
  void noBatchEndsInAFaultAndNoAnswerRepeatsSource(byte[] program) {
    if (!Canary.isIn(program)) {
      assertThat(objections(program, ALLOWLIST::decide)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aCarelessDecisionIsFound(String mistake) {
    var careless = Objects.requireNonNull(CarelessDecisions.of(ALLOWLIST).get(mistake));

    assertThat(FuzzedEvents.programs(3_000))
        .anyMatch(program -> !objections(program, careless).isEmpty());
  }

  private static List<String> objections(byte[] program, Function<JsonNode, Verdict> decide) {
    var draws = new Draws(program);
    var asArray = draws.oneIn(2);
    var objections = new ArrayList<String>();
    var packed =
        draws.oneIn(8) ? Packed.raw(draws) : Packed.of(draws, more -> batch(asArray, more));
    String answer;
    try {
      var body = packed.read(BODIES);
      var items = asArray ? BATCHES.array(body) : BATCHES.lines(body);
      answer = PLAIN.writeValueAsString(answer(items, decide, objections));
    } catch (Refusal refusal) {
      answer = PLAIN.writeValueAsString(refusal.problem());
      if (refusal.problem().status() / 100 != 4) {
        objections.add("a refusal that blames us");
      }
    }
    if (Canary.isIn(answer)) {
      objections.add("the answer repeats the canary");
    }
    return objections;
  }

  /// As the service puts it together.
  private static Answer answer(
      List<Item> items, Function<JsonNode, Verdict> decide, List<String> objections) {
    var answers = new ArrayList<Answer.OfEvent>();
    var dropped = 0;
    for (var item : items) {
      var verdict =
          switch (item) {
            case Item.Event(var tree) -> {
              var decided = decide.apply(tree);
              objections.addAll(SECOND.objections(tree, decided));
              yield decided;
            }
            case Item.Broken(var reason) -> new Verdict.Refused(null, "line", reason, List.of());
          };
      dropped += verdict.dropped().size();
      answers.add(
          switch (verdict) {
            case Verdict.Allowed good -> Answer.OfEvent.stored(good.eventId(), new Fate.Added());
            case Verdict.Refused bad -> Answer.OfEvent.refused(bad);
          });
    }
    return new Answer(answers, dropped);
  }

  private static byte[] batch(boolean asArray, Draws draws) {
    var cut = draws.oneIn(16);
    var events = new ArrayList<String>();
    for (var more = draws.below(4); more >= 0; more--) {
      var event = (draws.oneIn(2) ? ASCII : PLAIN).writeValueAsString(EVENTS.bent(draws));
      events.add(garbled(event, draws));
    }
    var batch =
        asArray
            ? events.stream().collect(Collectors.joining(",", "[", "]"))
            : String.join("\n", events) + "\n";
    return (cut ? batch.substring(0, draws.below(batch.length())) : batch).getBytes(UTF_8);
  }

  /// What no tree can say: things said twice, comments, pieces that are no JSON.
  private static String garbled(String event, Draws draws) {
    return switch (draws.below(12)) {
      case 8 -> event.replaceFirst("\\{", "{\"kind\":\"turn.failed\",");
      case 9 -> {
        var at = draws.below(event.length() + 1);
        yield event.substring(0, at) + draws.oneOf(Canary.SOURCE) + event.substring(at);
      }
      case 10 -> event.replace(",", " ,\t").replace(":", " : ");
      case 11 -> draws.oneOf(List.of("\ufeff", "/**/", "'", "NaN", "01", "+1", "}", "]]")) + event;
      default -> event;
    };
  }
}
