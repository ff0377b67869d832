// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import io.sourceblind.analytics.chart.Point.Hidden;
import io.sourceblind.analytics.chart.Point.Missing;
import java.util.List;
import java.util.Locale;

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
  private final StringBuilder svg = new StringBuilder(4096);

  /// @param id unlike any other on the page; letters, digits and hyphens
  public SvgChart(String id, Chart chart) {
    this.id = id;
    this.chart = chart;
  }

  /// The chart with its axes.
  public String draw() {
    svg.setLength(0);
    add(
        "<svg class='chart' viewBox='0 0 %s %s' role='img' aria-labelledby='%s-t %s-d'>",
        n(WIDTH), n(HEIGHT), id, id);
    add(
        "<title id='%s-t'>%s</title><desc id='%s-d'>%s</desc>",
        id, escape(chart.title()), id, escape(chart.inWords()));
    if (chart.points().stream().anyMatch(Hidden.class::isInstance)) {
      add(
          "<defs><pattern id='%s-h' width='7' height='7' patternUnits='userSpaceOnUse'"
              + " patternTransform='rotate(45)'><path class='hatch' d='M0 0V7'/></pattern></defs>",
          id);
    }
    axes();
    hiddenWeeks();
    missingWeeks();
    breaks();
    line();
    add("</svg>");
    return svg.toString();
  }

  /// The line alone, for beside a number that says the same in words.
  public String drawSpark() {
    svg.setLength(0);
    add(
        "<svg class='spark' viewBox='0 0 %s %s' preserveAspectRatio='none' aria-hidden='true'"
            + " focusable='false'>",
        n(SPARK_WIDTH), n(SPARK_HEIGHT));
    var slot = SPARK_WIDTH / chart.points().size();
    for (var run : chart.lines()) {
      var path = new StringBuilder();
      for (var at = run.from(); at <= run.to(); at++) {
        var y = n(SPARK_HEIGHT - 3 - (SPARK_HEIGHT - 6) * chart.share(chart.valueAt(at)));
        path.append(
            at == run.from()
                ? "M%s %sH%s".formatted(n(at * slot), y, n((at + 1) * slot))
                : "V%sH%s".formatted(y, n((at + 1) * slot)));
      }
      add("<path class='line' d='%s'/>", path);
    }
    add("</svg>");
    return svg.toString();
  }

  private void axes() {
    for (var part : new double[] {0, 0.5, 1}) {
      var y = n(y(part * chart.top()));
      add("<path class='%s' d='M%s %sH%s'/>", part == 0 ? "base" : "grid", n(LEFT), y, n(RIGHT));
      add(
          "<text class='tick' x='%s' y='%s' dy='3.5' text-anchor='end'>%s</text>",
          n(LEFT - 7), y, escape(chart.words().apply(part * chart.top())));
    }
    var last = chart.points().size() - 1;
    for (var at : last < 2 ? List.of(0) : List.of(0, last / 2, last)) {
      var anchor = at == 0 ? "start" : at == last ? "end" : "middle";
      var x = at == 0 ? LEFT : at == last ? RIGHT : (x(at) + x(at + 1)) / 2;
      add(
          "<text class='tick' x='%s' y='%s' text-anchor='%s'>%s</text>",
          n(x), n(BOTTOM + 17), anchor, escape(chart.points().get(at).label()));
    }
  }

  private void hiddenWeeks() {
    for (var run : chart.runsOf(Hidden.class)) {
      var width = x(run.to() + 1) - x(run.from());
      var middle = (x(run.from()) + x(run.to() + 1)) / 2;
      var centre = (TOP + BOTTOM) / 2;
      add(
          "<rect class='hidden' x='%s' y='%s' width='%s' height='%s' fill='url(#%s-h)'/>",
          n(x(run.from())), n(TOP), n(width), n(BOTTOM - TOP), id);
      var turned = run.weeks() < WEEKS_FOR_WORDS;
      add(
          "<text class='note' text-anchor='middle' dy='3.5' transform='translate(%s"
              + " %s)%s'>%s</text>",
          n(middle), n(centre), turned ? " rotate(-90)" : "", escape(chart.hiddenWords()));
    }
  }

  private void missingWeeks() {
    for (var run : chart.runsOf(Missing.class)) {
      add(
          "<path class='missing' d='M%s %sH%s'/>",
          n(x(run.from()) + 3), n(BOTTOM - 4), n(x(run.to() + 1) - 3));
    }
  }

  private void breaks() {
    for (var at : chart.breaks()) {
      add("<path class='break' d='M%s %sV%s'/>", n(x(at)), n(TOP), n(BOTTOM));
    }
  }

  private void line() {
    for (var run : chart.lines()) {
      var path = new StringBuilder();
      for (var at = run.from(); at <= run.to(); at++) {
        path.append(at == run.from() ? "M%s %s".formatted(n(x(at)), n(y(chart.valueAt(at)))) : "");
        path.append("V%sH%s".formatted(n(y(chart.valueAt(at))), n(x(at + 1))));
      }
      add("<path class='area' d='%sV%sH%sZ'/>", path, n(BOTTOM), n(x(run.from())));
      add("<path class='line' d='%s'/>", path);
      for (var at = run.from(); at <= run.to(); at++) {
        add(
            "<circle class='%s' cx='%s' cy='%s' r='2.6'/>",
            chart.valueAt(at) == 0 ? "dot zero" : "dot",
            n((x(at) + x(at + 1)) / 2),
            n(y(chart.valueAt(at))));
      }
    }
  }

  private double x(int at) {
    return LEFT + at * (RIGHT - LEFT) / chart.points().size();
  }

  private double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * chart.share(value);
  }

  @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be one more dependency.
  private void add(String form, Object... arguments) {
    svg.append(form.formatted(arguments).replace('\'', '"'));
  }

  /// A coordinate, as short as it may be.
  private static String n(double value) {
    var text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
