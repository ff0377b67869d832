// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditEntryTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "somebody@example.com",
        "Some Body",
        "two\nlines",
        "a \"quoted\" word",
        "back\\slash",
        "<b>",
        "Łódź",
        ""
      })
  void textThatCouldNameAPersonFitsNowhere(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("thing.done", text, Map.of()))
        .withMessage("The target is not an id or a short name: letters, digits and ._:/,=+-");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("thing.done", "page", Map.of("reason", text)))
        .withMessage(
            "The detail `reason` is not an id or a short name: letters, digits and ._:/,=+-");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry(text, "page", Map.of()))
        .withMessage("The action is not `thing.done`: lower-case letters, digits, dots");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0b1b36ad-5a4b-4a0f-9d8b-5f6b1f0a7c11",
        "team-page",
        "2026-W12",
        "/v1/events",
        "2026-09-01T12:00:00Z",
        "metric=prompts,weeks=4"
      })
  void idsAndShortNamesFit(String text) {
    assertThat(entry("thing.done", text, Map.of("what", text)).target()).isEqualTo(text);
  }

  @Test
  void aLongTextIsRefusedAndNotRepeated() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("thing.done", "x".repeat(201), Map.of()))
        .withMessageNotContaining("xxx");
  }

  @Test
  void aDetailCannotPassForAFieldOfTheEntry() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("thing.done", "page", Map.of("org", "another")))
        .withMessage("Every entry has its own `org`");
  }

  @Test
  void numbersThatAReaderMayRoundAreRefused() {
    var largest = (1L << 53) - 1;

    assertThat(entry("thing.done", "page", Map.of("count", largest, "least", -largest)).details())
        .containsEntry("count", largest)
        .containsEntry("least", -largest);
    for (var tooLarge : new Object[] {largest + 1, -largest - 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> entry("thing.done", "page", Map.of("count", tooLarge)))
          .withMessage("The detail `count` is not between -2^53 and 2^53");
    }
  }

  @Test
  void onlyStringsWholeNumbersAndBooleansAreKept() {
    assertThat(entry("thing.done", "page", Map.of("a", "x", "b", 1, "c", 2L, "d", true)).details())
        .isEqualTo(Map.of("a", "x", "b", 1L, "c", 2L, "d", true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("thing.done", "page", Map.of("share", 0.5)))
        .withMessage("The detail `share` is a Double; strings, longs and booleans are kept");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("thing.done", "page", Map.of("Not-A-Name", 1)))
        .withMessage("The name of a detail is not lower-case letters, digits and _");
  }

  @Test
  void anEntryHasAFewDetails() {
    var many = new HashMap<String, Object>();
    IntStream.range(0, 33).forEach(i -> many.put("d" + i, i));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry("thing.done", "page", many))
        .withMessage("An entry has at most 32 details, not 33");
  }

  @Test
  void anEntryDoesNotChangeWithTheMapItWasMadeFrom() {
    var details = new HashMap<String, Object>(Map.of("count", 1));
    var entry = entry("thing.done", "page", details);

    details.put("count", 2);

    assertThat(entry.details()).isEqualTo(Map.of("count", 1L));
  }

  @Test
  void aJobHasOneIdEverywhereAndNotThatOfACommandOfTheSameName() {
    assertThat(Actor.job("retention")).isEqualTo(Actor.job("retention"));
    assertThat(Actor.job("retention").id()).isNotEqualTo(Actor.operator("retention").id());
  }

  private static AuditEntry entry(String action, String target, Map<String, Object> details) {
    return new AuditEntry(new UUID(0, 1), Actor.job("test"), action, target, Outcome.DONE, details);
  }
}
