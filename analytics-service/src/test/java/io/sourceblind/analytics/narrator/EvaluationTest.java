// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.analytics.narrator.Claims.Fault;
import io.sourceblind.analytics.narrator.Claims.Untrue;
import io.sourceblind.analytics.narrator.Narrator.Claim;
import io.sourceblind.analytics.narrator.Series.Kind;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Forty groups with known facts, told by the rules, and told wrongly in every way we know.
class EvaluationTest {
  private static final Pattern MOVED =
      Pattern.compile(
          "(.+) (rose|fell) by ([0-9]+) steps, from about ([0-9.]+)%( or less)? in (\\S+) to about"
              + " ([0-9.]+)%( or less)? in (\\S+)\\.");
  private static final Pattern STAYED =
      Pattern.compile(
          "(.+) stayed within one step of about ([0-9.]+)%( or less)? from (\\S+) to (\\S+)\\.");

  static Stream<Series> series() {
    return Series.all();
  }

  @Test
  void thereAreFortyAndOfEveryKind() {
    assertThat(Series.all()).hasSize(40);
    assertThat(Series.all().map(Series::kind)).contains(Kind.values());
  }

  /// Looked up here once more, by other code than that which checks it there.
  @ParameterizedTest
  @MethodSource("series")
  void everyNumberOfTheRulesIsTheGroups(Series series) {
    var claims = new Rules().write(series.dossier()).claims();

    assertThat(claims).hasSize(series.kind() == Kind.TWO_THAT_CONTRADICT ? 2 : 1);
    for (var claim : claims) {
      var moved = MOVED.matcher(claim.text());
      var stayed = STAYED.matcher(claim.text());
      if (moved.matches()) {
        var title = moved.group(1);
        var from = Objects.requireNonNull(series.steps(title, moved.group(6)));
        var to = Objects.requireNonNull(series.steps(title, moved.group(9)));
        assertThat(Double.parseDouble(moved.group(4))).isEqualTo(from * 5.0);
        assertThat(Double.parseDouble(moved.group(7))).isEqualTo(to * 5.0);
        assertThat(Long.parseLong(moved.group(3))).isEqualTo(Math.abs(to - from)).isGreaterThan(1);
        assertThat(moved.group(2)).isEqualTo(to > from ? "rose" : "fell");
        assertThat(series.comparable(title)).contains(moved.group(6), moved.group(9));
      } else {
        assertThat(stayed.matches()).as(claim.text()).isTrue();
        assertThat(series.comparable(stayed.group(1))).contains(stayed.group(4), stayed.group(5));
        assertThat(Double.parseDouble(stayed.group(2)))
            .isEqualTo(
                5.0 * Objects.requireNonNull(series.steps(stayed.group(1), stayed.group(5))));
      }
    }
    var words = String.join(" ", claims.stream().map(Claim::text).toList());
    switch (series.kind()) {
      case RISES, HIDDEN_IN_BETWEEN, OTHER_PEOPLE_IN_BETWEEN ->
          assertThat(words).contains(" rose ").doesNotContain(" fell ");
      case FALLS -> assertThat(words).contains(" fell ").doesNotContain(" rose ");
      case STAYS -> assertThat(words).contains(" stayed ");
      case AT_THE_LOWEST_STEP -> assertThat(words).contains(" stayed ", "about 5% or less");
      case TWO_THAT_CONTRADICT ->
          assertThat(words).contains("First-run pass rose", "Tests touched fell");
    }
  }

  @ParameterizedTest
  @MethodSource("series")
  void whatTheRulesSayHolds(Series series) {
    var dossier = series.dossier();

    assertThatCode(() -> Claims.holding(new Rules().write(dossier).claims(), dossier))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("series")
  void everyLieAboutThemIsFound(Series series) {
    var dossier = series.dossier();
    var claims = new Rules().write(dossier).claims();

    for (var lie : Lies.about(claims.getFirst(), dossier)) {
      assertThatThrownBy(() -> Claims.holding(List.of(lie), dossier))
          .as("%s: %s %s", series, lie.text(), lie.cells())
          .isInstanceOf(Untrue.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Verified sessions rose by 7 steps, from about 30% in 2026-W39 to about 65% in 2026-W46. | c1 c8 |
          Verified sessions rose from about 30% to about 65%, over eight weeks. | c1 c8 |
          Verified sessions were at about 65% in 2026-W46. | c8 |
          Over 8 weeks, the verified sessions of this group rose. | c1 c8 |
          Verified sessions rose by 6 steps over 8 weeks. | c1 c8 | OTHER_NUMBERS
          Verified sessions rose from about 30% to about 99%. | c1 c8 | OTHER_NUMBERS
          Verified sessions rose from about 65% to about 30%. | c1 c8 | OTHER_NUMBERS
          Verified sessions fell over 8 weeks. | c1 c8 | OTHER_DIRECTION
          Verified sessions stayed flat over 8 weeks. | c1 c8 | OTHER_DIRECTION
          Verified sessions rose and fell over 8 weeks. | c1 c8 | OTHER_DIRECTION
          Verified sessions rose over 2 weeks. | c1 c2 | OTHER_DIRECTION
          Verified sessions rose in 2026-W45. | c1 c8 | OTHER_WEEKS
          Verified sessions rose by half. | c1 c8 | OTHER_WORDS
          Verified sessions rose because tests are faster. | c1 c8 | OTHER_WORDS
          Verified sessions rose, thanks to Alice. | c1 c8 | OTHER_WORDS
          Verified sessions rose by the most of all teams. | c1 c8 | OTHER_WORDS
          Verified sessions rose and should rise on. | c1 c8 | OTHER_WORDS
          Verified sessions were probably about 65% in 2026-W46. | c8 | OTHER_WORDS
          Prompts rose over 8 weeks. | c1 c8 | OTHER_METRICS
          Verified sessions rose over 8 weeks. | c1 c99 | UNKNOWN_CELL
          Verified sessions rose over 8 weeks. | | UNKNOWN_CELL
          See https://example.com for verified sessions. | c1 c8 | NO_PLAIN_SENTENCE
          <b>Verified sessions</b> rose over 8 weeks. | c1 c8 | NO_PLAIN_SENTENCE
          """)
  void eachRuleHasItsName(String text, @Nullable String cells, @Nullable String fault) {
    var dossier = Series.of(Kind.RISES, 0).dossier();
    var claim = new Claim(text, cells == null ? List.of() : List.of(cells.split(" ", -1)));
    var shifted = text.replace("30%", first(dossier)).replace("65%", last(dossier));
    var told = new Claim(shifted, claim.cells());

    if (fault == null) {
      assertThatCode(() -> Claims.holding(List.of(told), dossier)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> Claims.holding(List.of(told), dossier))
          .hasMessageContaining(Fault.valueOf(fault).name());
    }
  }

  private static String first(Dossier dossier) {
    return Dossier.value(Objects.requireNonNull(dossier.cell("c1")));
  }

  private static String last(Dossier dossier) {
    return Dossier.value(Objects.requireNonNull(dossier.cell("c8")));
  }

  @Test
  void nothingIsSaidOfAHiddenWeekOrAcrossIt() {
    var dossier = Series.of(Kind.HIDDEN_IN_BETWEEN, 0).dossier();
    var hidden =
        dossier.byMetric().values().iterator().next().stream()
            .filter(cell -> cell.value() == null)
            .findFirst()
            .orElseThrow();

    assertThatThrownBy(() ->
            Claims.holding(
                List.of(
                    new Claim("Small batches were at about 40%.", List.of(dossier.idOf(hidden)))),
                dossier))
        .hasMessageContaining(Fault.HIDDEN_CELL.name());
    assertThatThrownBy(() ->
            Claims.holding(
                List.of(new Claim("Small batches rose over 8 weeks.", List.of("c1", "c8"))),
                dossier))
        .hasMessageContaining(Fault.ACROSS_A_GAP.name());
  }

  @Test
  void nothingIsComparedAcrossAChangeOfPeople() {
    var dossier = Series.of(Kind.OTHER_PEOPLE_IN_BETWEEN, 0).dossier();

    assertThatThrownBy(() ->
            Claims.holding(
                List.of(new Claim("Failures that were mended rose.", List.of("c1", "c8"))),
                dossier))
        .hasMessageContaining(Fault.ACROSS_A_GAP.name());
  }

  @Test
  void theLowestStepIsNoExactNumber() {
    var dossier = Series.of(Kind.AT_THE_LOWEST_STEP, 0).dossier();

    assertThatThrownBy(() ->
            Claims.holding(
                List.of(new Claim("Stuck sessions were at about 5%.", List.of("c8"))), dossier))
        .hasMessageContaining(Fault.OTHER_NUMBERS.name());
    assertThatCode(() ->
            Claims.holding(
                List.of(new Claim("Stuck sessions were at about 5% or less.", List.of("c8"))),
                dossier))
        .doesNotThrowAnyException();
  }

  @Test
  void sixSentencesAreTooMany() {
    var dossier = Series.of(Kind.RISES, 0).dossier();
    var claim = new Claim("Verified sessions rose over 8 weeks.", List.of("c1", "c8"));

    assertThatCode(() -> Claims.holding(List.of(claim, claim, claim, claim, claim), dossier))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> Claims.holding(List.of(claim, claim, claim, claim, claim, claim), dossier))
        .hasMessageContaining(Fault.TOO_MANY_SENTENCES.name());
  }
}
