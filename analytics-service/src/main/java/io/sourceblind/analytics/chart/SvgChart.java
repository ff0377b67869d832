// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import io.sourceblind.analytics.chart.Point.Hidden;
import io.sourceblind.analytics.chart.Point.Missing;
import io.sourceblind.analytics.chart.Point.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

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
  private final String title;
  private final List<Point> points;
  private final double top;
  private final DoubleFunction<String> words;
  private final String hiddenWords;
  private final StringBuilder svg = new StringBuilder(4096);

  /// @param id unlike any other on the page; letters, digits and hyphens
  /// @param top the upper end of the axis, which begins at zero
  /// @param words a value as people read it
  /// @param hiddenWords what stands where a week is hidden
  public SvgChart(
      String id,
      String title,
      List<Point> points,
      double top,
      DoubleFunction<String> words,
      String hiddenWords) {
    if (points.isEmpty() || !(top > 0)) {
      throw new IllegalArgumentException("A chart has at least one week and an axis above zero");
    }
    this.id = id;
    this.title = title;
    this.points = List.copyOf(points);
    this.top = top;
    this.words = words;
    this.hiddenWords = hiddenWords;
  }

  /// The upper end for an axis on which these points are told apart, and no further than needed.
  public static double topFor(List<Point> points, double least) {
    var highest = least;
    for (var point : points) {
      if (point instanceof Value shown) {
        highest = Math.max(highest, shown.value());
      }
    }
    var power = Math.pow(10, Math.floor(Math.log10(highest)));
    for (var nice : new double[] {1, 1.5, 2, 3, 4, 5, 6, 8, 10}) {
      if (nice * power >= highest * 1.05) {
        return nice * power;
      }
    }
    return 12 * power;
  }

  /// The chart with its axes.
  public String draw() {
    svg.setLength(0);
    add(
        "<svg class='chart' viewBox='0 0 %s %s' role='img' aria-labelledby='%s-t %s-d'>",
        n(WIDTH), n(HEIGHT), id, id);
    add("<title id='%s-t'>%s</title><desc id='%s-d'>%s</desc>", id, escape(title), id, inWords());
    if (points.stream().anyMatch(Hidden.class::isInstance)) {
      add(
          "<defs><pattern id='%s-h' width='7' height='7' patternUnits='userSpaceOnUse'"
              + " patternTransform='rotate(45)'><path class='hatch' d='M0 0V7'/></pattern></defs>",
          id);
    }
    axes();
    hiddenWeeks();
    missingWeeks();
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
    var slot = SPARK_WIDTH / points.size();
    for (var run : runs()) {
      var path = new StringBuilder();
      for (var at = run.from(); at <= run.to(); at++) {
        var y = n(SPARK_HEIGHT - 3 - (SPARK_HEIGHT - 6) * share(valueAt(at)));
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

  /// Weeks in a row that have a value.
  private record Run(int from, int to) {}

  private List<Run> runs() {
    return runsOf(Value.class);
  }

  private List<Run> runsOf(Class<? extends Point> kind) {
    var runs = new ArrayList<Run>();
    var from = -1;
    for (var at = 0; at <= points.size(); at++) {
      var isKind = at < points.size() && kind.isInstance(points.get(at));
      if (isKind && from < 0) {
        from = at;
      } else if (!isKind && from >= 0) {
        runs.add(new Run(from, at - 1));
        from = -1;
      }
    }
    return runs;
  }

  private void axes() {
    for (var part : new double[] {0, 0.5, 1}) {
      var y = n(y(part * top));
      add("<path class='%s' d='M%s %sH%s'/>", part == 0 ? "base" : "grid", n(LEFT), y, n(RIGHT));
      add(
          "<text class='tick' x='%s' y='%s' dy='3.5' text-anchor='end'>%s</text>",
          n(LEFT - 7), y, escape(words.apply(part * top)));
    }
    var last = points.size() - 1;
    for (var at : last < 2 ? List.of(0) : List.of(0, last / 2, last)) {
      var anchor = at == 0 ? "start" : at == last ? "end" : "middle";
      var x = at == 0 ? LEFT : at == last ? RIGHT : (x(at) + x(at + 1)) / 2;
      add(
          "<text class='tick' x='%s' y='%s' text-anchor='%s'>%s</text>",
          n(x), n(BOTTOM + 17), anchor, escape(points.get(at).label()));
    }
  }

  private void hiddenWeeks() {
    for (var run : runsOf(Hidden.class)) {
      var width = x(run.to() + 1) - x(run.from());
      var middle = (x(run.from()) + x(run.to() + 1)) / 2;
      var centre = (TOP + BOTTOM) / 2;
      add(
          "<rect class='hidden' x='%s' y='%s' width='%s' height='%s' fill='url(#%s-h)'/>",
          n(x(run.from())), n(TOP), n(width), n(BOTTOM - TOP), id);
      var turned = run.to() - run.from() + 1 < WEEKS_FOR_WORDS;
      add(
          "<text class='note' text-anchor='middle' dy='3.5' transform='translate(%s %s)%s'>%s</text>",
          n(middle), n(centre), turned ? " rotate(-90)" : "", escape(hiddenWords));
    }
  }

  private void missingWeeks() {
    for (var run : runsOf(Missing.class)) {
      add(
          "<path class='missing' d='M%s %sH%s'/>",
          n(x(run.from()) + 3), n(BOTTOM - 4), n(x(run.to() + 1) - 3));
    }
  }

  private void line() {
    for (var run : runs()) {
      var path = new StringBuilder();
      for (var at = run.from(); at <= run.to(); at++) {
        path.append(at == run.from() ? "M%s %s".formatted(n(x(at)), n(y(valueAt(at)))) : "");
        path.append("V%sH%s".formatted(n(y(valueAt(at))), n(x(at + 1))));
      }
      add("<path class='area' d='%sV%sH%sZ'/>", path, n(BOTTOM), n(x(run.from())));
      add("<path class='line' d='%s'/>", path);
      for (var at = run.from(); at <= run.to(); at++) {
        add(
            "<circle class='%s' cx='%s' cy='%s' r='2.6'/>",
            valueAt(at) == 0 ? "dot zero" : "dot", n((x(at) + x(at + 1)) / 2), n(y(valueAt(at))));
      }
    }
  }

  /// What one would say who looks at it.
  private String inWords() {
    var shown = points.stream().filter(Value.class::isInstance).map(Value.class::cast).toList();
    var text = new StringBuilder();
    text.append(
        "%d weeks from %s to %s. "
            .formatted(points.size(), points.getFirst().label(), points.getLast().label()));
    if (!shown.isEmpty()) {
      var lowest = shown.stream().min(SvgChart::byValue).orElseThrow();
      var highest = shown.stream().max(SvgChart::byValue).orElseThrow();
      text.append(
          "Lowest %s in the week of %s, highest %s in the week of %s, latest %s in the week of %s. "
              .formatted(
                  words.apply(lowest.value()),
                  lowest.label(),
                  words.apply(highest.value()),
                  highest.label(),
                  words.apply(shown.getLast().value()),
                  shown.getLast().label()));
    }
    append(text, points.stream().filter(Hidden.class::isInstance).count(), hiddenWords);
    append(text, points.stream().filter(Missing.class::isInstance).count(), "no numbers");
    return escape(text.toString().strip());
  }

  private static void append(StringBuilder text, long weeks, String what) {
    if (weeks > 0) {
      text.append("%d %s: %s. ".formatted(weeks, weeks == 1 ? "week" : "weeks", what));
    }
  }

  private static int byValue(Value one, Value other) {
    return Double.compare(one.value(), other.value());
  }

  private double valueAt(int at) {
    return ((Value) points.get(at)).value();
  }

  private double x(int at) {
    return LEFT + at * (RIGHT - LEFT) / points.size();
  }

  private double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * share(value);
  }

  private double share(double value) {
    return Math.clamp(value / top, 0, 1);
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
