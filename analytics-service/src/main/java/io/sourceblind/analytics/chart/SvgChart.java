// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import static io.sourceblind.analytics.chart.Svg.number;

import io.sourceblind.analytics.chart.Point.Hidden;
import io.sourceblind.analytics.chart.Point.Missing;
import java.util.List;

/// One number over some weeks, as a stepped line. The line breaks where a week is hidden or
/// missing; nothing is ever drawn in between. Colours are the style sheet's: elements carry classes
/// only.
public final class SvgChart {
  private static final double WIDTH = 320;
  private static final double HEIGHT = 150;
  private static final double LEFT = 40;
  private static final double RIGHT = 316;
  private static final double TOP = 10;
  private static final double BOTTOM = 126;

  /// Below this many hidden weeks in a row, the words do not fit in unless they are turned.
  private static final int WEEKS_FOR_WORDS = 5;

  private static final double SPARK_WIDTH = 120;
  private static final double SPARK_HEIGHT = 28;

  private final String id;
  private final Chart chart;
  private Svg svg = new Svg();

  /// @param id unlike any other on the page; letters, digits and hyphens
  public SvgChart(String id, Chart chart) {
    this.id = id;
    this.chart = chart;
  }

  /// The chart with its axes.
  public String draw() {
    svg = new Svg();
    svg.add(
        "<svg class='chart' viewBox='0 0 %s %s' role='img' aria-labelledby='%s-t %s-d'>",
        number(WIDTH), number(HEIGHT), id, id);
    svg.add(
        "<title id='%s-t'>%s</title><desc id='%s-d'>%s</desc>",
        id, chart.title(), id, chart.inWords());
    if (chart.points().stream().anyMatch(Hidden.class::isInstance)) {
      svg.add(
          "<defs><pattern id='%s-h' width='7' height='7' patternUnits='userSpaceOnUse'"
              + " patternTransform='rotate(45)'><path class='hatch' d='M0 0V7'/></pattern></defs>",
          id);
    }
    axes();
    hiddenWeeks();
    missingWeeks();
    breaks();
    line();
    pointers();
    svg.add("</svg>");
    return svg.toString();
  }

  /// The line alone, for beside a number that says the same in words.
  public String drawSpark() {
    svg = new Svg();
    svg.add(
        "<svg class='spark' viewBox='0 0 %s %s' preserveAspectRatio='none' aria-hidden='true'"
            + " focusable='false'>",
        number(SPARK_WIDTH), number(SPARK_HEIGHT));
    var slot = SPARK_WIDTH / chart.points().size();
    for (var run : chart.lines()) {
      var path = new StringBuilder();
      for (var at = run.from(); at <= run.to(); at++) {
        var y = number(SPARK_HEIGHT - 3 - (SPARK_HEIGHT - 6) * chart.share(chart.valueAt(at)));
        path.append(
            at == run.from()
                ? "M%s %sH%s".formatted(number(at * slot), y, number((at + 1) * slot))
                : "V%sH%s".formatted(y, number((at + 1) * slot)));
      }
      svg.add("<path class='line' d='%s'/>", path);
    }
    svg.add("</svg>");
    return svg.toString();
  }

  private void axes() {
    for (var part : new double[] {0, 0.5, 1}) {
      var y = number(y(part * chart.top()));
      svg.add(
          "<path class='%s' d='M%s %sH%s'/>",
          part == 0 ? "base" : "grid", number(LEFT), y, number(RIGHT));
      svg.add(
          "<text class='tick' x='%s' y='%s' dy='3.5' text-anchor='end'>%s</text>",
          number(LEFT - 7), y, chart.words().apply(part * chart.top()));
    }
    var last = chart.points().size() - 1;
    for (var at : last < 2 ? List.of(0) : List.of(0, last / 2, last)) {
      var anchor = at == 0 ? "start" : at == last ? "end" : "middle";
      var x = at == 0 ? LEFT : at == last ? RIGHT : (x(at) + x(at + 1)) / 2;
      svg.add(
          "<text class='tick' x='%s' y='%s' text-anchor='%s'>%s</text>",
          number(x), number(BOTTOM + 17), anchor, chart.points().get(at).label());
    }
  }

  private void hiddenWeeks() {
    for (var run : chart.runsOf(Hidden.class)) {
      var width = x(run.to() + 1) - x(run.from());
      var middle = (x(run.from()) + x(run.to() + 1)) / 2;
      var centre = (TOP + BOTTOM) / 2;
      svg.add(
          "<rect class='hidden' x='%s' y='%s' width='%s' height='%s' fill='url(#%s-h)'/>",
          number(x(run.from())), number(TOP), number(width), number(BOTTOM - TOP), id);
      var turned = run.weeks() < WEEKS_FOR_WORDS;
      svg.add(
          "<text class='note' text-anchor='middle' dy='3.5' transform='translate(%s"
              + " %s)%s'>%s</text>",
          number(middle), number(centre), turned ? " rotate(-90)" : "", chart.hiddenWords());
    }
  }

  private void missingWeeks() {
    for (var run : chart.runsOf(Missing.class)) {
      svg.add(
          "<path class='missing' d='M%s %sH%s'/>",
          number(x(run.from()) + 3), number(BOTTOM - 4), number(x(run.to() + 1) - 3));
    }
  }

  private void breaks() {
    for (var at : chart.breaks()) {
      svg.add("<path class='break' d='M%s %sV%s'/>", number(x(at)), number(TOP), number(BOTTOM));
    }
  }

  private void line() {
    for (var run : chart.lines()) {
      var path = new StringBuilder();
      for (var at = run.from(); at <= run.to(); at++) {
        path.append(
            at == run.from()
                ? "M%s %s".formatted(number(x(at)), number(y(chart.valueAt(at))))
                : "");
        path.append("V%sH%s".formatted(number(y(chart.valueAt(at))), number(x(at + 1))));
      }
      svg.add("<path class='area' d='%sV%sH%sZ'/>", path, number(BOTTOM), number(x(run.from())));
      svg.add("<path class='line' d='%s'/>", path);
      for (var at = run.from(); at <= run.to(); at++) {
        svg.add(
            "<circle class='%s' cx='%s' cy='%s' r='2.6'/>",
            chart.valueAt(at) == 0 ? "dot zero" : "dot",
            number((x(at) + x(at + 1)) / 2),
            number(y(chart.valueAt(at))));
      }
    }
  }

  /// What whoever points at a week is told; the same stands in the table.
  private void pointers() {
    for (var at = 0; at < chart.points().size(); at++) {
      svg.add(
          "<rect class='week' x='%s' y='%s' width='%s' height='%s'><title>%s</title></rect>",
          x(at), TOP, x(at + 1) - x(at), BOTTOM - TOP, chart.inWords(at));
    }
  }

  private double x(int at) {
    return LEFT + at * (RIGHT - LEFT) / chart.points().size();
  }

  private double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * chart.share(value);
  }
}
