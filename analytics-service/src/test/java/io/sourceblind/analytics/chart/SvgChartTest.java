// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.chart.Point.Hidden;
import io.sourceblind.analytics.chart.Point.Missing;
import io.sourceblind.analytics.chart.Point.Value;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class SvgChartTest {
  private static final List<Point> WEEKS =
      List.of(
          new Missing("2 Nov"),
          new Value("9 Nov", 20),
          new Value("16 Nov", 40),
          new Hidden("23 Nov"),
          new Value("30 Nov", 0));

  @Test
  void theSameNumbersGiveTheSameBytes() {
    var chart = chart(WEEKS);

    assertThat(chart.draw()).isEqualTo(chart.draw()).isEqualTo(chart(WEEKS).draw());
  }

  @Test
  void theLineBreaksWhereAWeekIsHidden() {
    var drawn = chart(WEEKS).draw();

    assertThat(count("<path class=\"line\"", drawn)).isEqualTo(2);
    assertThat(count("<circle", drawn)).isEqualTo(3);
  }

  @Test
  void hiddenMissingAndZeroLookDifferent() {
    var drawn = chart(WEEKS).draw();

    assertThat(count("<rect class=\"hidden\"", drawn)).isEqualTo(1);
    assertThat(drawn).contains(">Hidden: too few people</text>");
    assertThat(count("<path class=\"missing\"", drawn)).isEqualTo(1);
    assertThat(count("class=\"dot zero\"", drawn)).isEqualTo(1);
  }

  @Test
  void theLineBreaksWhereOtherPeopleAreCounted() {
    var drawn = chart(WEEKS, 2).draw();

    assertThat(count("<path class=\"line\"", drawn)).isEqualTo(3);
    assertThat(count("<path class=\"break\"", drawn)).isEqualTo(1);
    assertThat(drawn).contains("Other people are counted from 16 Nov on.");
  }

  @Test
  void aHiddenWeekHasNoNumberInIt() {
    var drawn = chart(List.of(new Hidden("2 Nov"), new Hidden("9 Nov"))).draw();

    assertThat(drawn).doesNotContain("class=\"line\"").doesNotContain("circle");
    assertThat(drawn)
        .contains("2 weeks from 2 Nov to 9 Nov. 2 weeks: Hidden: too few people.</desc>");
  }

  @Test
  void itSaysInWordsWhatIsToBeSeen() {
    assertThat(chart(WEEKS).draw())
        .contains("role=\"img\" aria-labelledby=\"c-x-t c-x-d\"")
        .contains("<title id=\"c-x-t\">Prompts &amp; more</title>")
        .contains(
            "5 weeks from 2 Nov to 30 Nov. Lowest 0 in the week of 30 Nov, highest 40 in the week"
                + " of 16 Nov, latest 0 in the week of 30 Nov. 1 week: Hidden: too few people."
                + " 1 week: no numbers.");
  }

  @Test
  void itIsWellFormedAndCarriesNeitherStyleNorScript() throws Exception {
    var drawn = chart(WEEKS).draw();

    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(drawn)));
    assertThat(drawn).doesNotContain("style=").doesNotContain("<script").doesNotContain("href");
  }

  @Test
  void aSparkIsNotReadOut() {
    assertThat(chart(WEEKS).drawSpark()).contains("aria-hidden=\"true\"").doesNotContain("<text");
  }

  @Test
  void anAxisIsNoLongerThanNeeded() {
    assertThat(Chart.topFor(WEEKS, 1)).isEqualTo(50);
    assertThat(Chart.topFor(List.of(new Value("2 Nov", 0.3)), 0.1)).isCloseTo(0.4, within());
    assertThat(Chart.topFor(List.of(new Missing("2 Nov")), 25)).isEqualTo(30);
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }

  private static SvgChart chart(List<Point> points, Integer... breaks) {
    return new SvgChart(
        "c-x",
        new Chart(
            "Prompts & more",
            points,
            List.of(breaks),
            50,
            value -> String.valueOf(Math.round(value)),
            "Hidden: too few people"));
  }

  private static long count(String what, String in) {
    return Pattern.compile(Pattern.quote(what)).matcher(in).results().count();
  }
}
