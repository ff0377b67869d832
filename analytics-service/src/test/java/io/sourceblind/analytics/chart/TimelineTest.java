// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.chart.Timeline.Bar;
import java.io.StringReader;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class TimelineTest {
  private static final List<LocalDate> DAYS =
      List.of(LocalDate.parse("2026-11-20"), LocalDate.parse("2026-11-21"));

  @Test
  void aDayHasItsBarsAtTheirHours() {
    var drawn = drawn(bar("2026-11-20T06:00:00Z", "2026-11-20T12:00:00Z"));

    assertThat(bars(drawn)).isOne();
    // From a quarter of the width to a half of it, in the row of the first day.
    assertThat(drawn).contains("<rect class=\"bar\" x=\"222\" y=\"13\" width=\"138\"");
  }

  @Test
  void whatLastsOverMidnightIsOnEitherDay() {
    assertThat(bars(drawn(bar("2026-11-20T23:00:00Z", "2026-11-21T01:00:00Z")))).isEqualTo(2);
  }

  @Test
  void whatIsOnNoneOfItsDaysIsNotOnIt() {
    assertThat(bars(drawn(bar("2026-11-18T06:00:00Z", "2026-11-18T07:00:00Z")))).isZero();
    assertThat(bars(drawn(bar("2026-11-22T00:00:00Z", "2026-11-22T07:00:00Z")))).isZero();
  }

  @Test
  void whatIsOverAtOnceCanBePointedAt() {
    assertThat(drawn(bar("2026-11-20T06:00:00Z", "2026-11-20T06:00:00Z"))).contains("width=\"3\"");
  }

  @Test
  void itSaysInWordsWhatIsToBeSeen() {
    assertThat(drawn(bar("2026-11-20T06:00:00Z", "2026-11-20T12:00:00Z")))
        .contains("role=\"img\" aria-labelledby=\"t-t t-d\"")
        .contains("2 days from Fri 20 Nov to Sat 21 Nov, on 1 of them something began, 1 in all.");
  }

  @Test
  void itIsWellFormedAndCarriesNeitherStyleNorScript() throws Exception {
    var drawn =
        drawn(
            new Bar(
                Instant.parse("2026-11-20T06:00:00Z"),
                Instant.parse("2026-11-20T07:00:00Z"),
                "<script>\"&'"));

    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(drawn)));
    assertThat(drawn).doesNotContain("style=").doesNotContain("<script").doesNotContain("href");
  }

  private static Bar bar(String from, String to) {
    return new Bar(Instant.parse(from), Instant.parse(to), "Claude Code");
  }

  private static String drawn(Bar bar) {
    return new Timeline("Sessions", DAYS, List.of(bar)).draw("t");
  }

  private static long bars(String drawn) {
    return Pattern.compile("<rect class=\"bar\"").matcher(drawn).results().count();
  }
}
