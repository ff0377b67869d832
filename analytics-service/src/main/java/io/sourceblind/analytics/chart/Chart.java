// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import io.sourceblind.analytics.chart.Point.Hidden;
import io.sourceblind.analytics.chart.Point.Missing;
import io.sourceblind.analytics.chart.Point.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/// One number over some weeks, whatever it is drawn with.
///
/// @param breaks at which weeks other people began to be counted
/// @param top the upper end of the axis, which begins at zero
/// @param words a value as people read it
/// @param hiddenWords what stands where a week is hidden
public record Chart(
    String title,
    List<Point> points,
    List<Integer> breaks,
    double top,
    DoubleFunction<String> words,
    String hiddenWords) {

  public Chart {
    if (points.isEmpty() || !(top > 0)) {
      throw new IllegalArgumentException("A chart has at least one week and an axis above zero");
    }
    points = List.copyOf(points);
    breaks = List.copyOf(breaks);
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

  /// Weeks in a row that are of one kind.
  record Run(int from, int to) {
    int weeks() {
      return to - from + 1;
    }
  }

  List<Run> runsOf(Class<? extends Point> kind) {
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

  /// Weeks in a row that have a value and were made of the same people.
  List<Run> lines() {
    var lines = new ArrayList<Run>();
    for (var run : runsOf(Value.class)) {
      var from = run.from();
      for (var at = run.from() + 1; at <= run.to(); at++) {
        if (breaks.contains(at)) {
          lines.add(new Run(from, at - 1));
          from = at;
        }
      }
      lines.add(new Run(from, run.to()));
    }
    return lines;
  }

  double valueAt(int at) {
    return ((Value) points.get(at)).value();
  }

  /// How far up the axis a value is, from 0 to 1.
  double share(double value) {
    return Math.clamp(value / top, 0, 1);
  }

  /// What one would say who looks at it.
  String inWords() {
    var shown = points.stream().filter(Value.class::isInstance).map(Value.class::cast).toList();
    var text = new StringBuilder();
    text.append(
        "%d weeks from %s to %s. "
            .formatted(points.size(), points.getFirst().label(), points.getLast().label()));
    if (!shown.isEmpty()) {
      var lowest = shown.stream().min(Chart::byValue).orElseThrow();
      var highest = shown.stream().max(Chart::byValue).orElseThrow();
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
    for (var at : breaks) {
      text.append("Other people are counted from %s on. ".formatted(points.get(at).label()));
    }
    return text.toString().strip();
  }

  /// One week of it.
  String inWords(int at) {
    return switch (points.get(at)) {
      case Value(var label, var value) -> "Week of %s: %s".formatted(label, words.apply(value));
      case Hidden(var label) -> "Week of %s: %s".formatted(label, hiddenWords);
      case Missing(var label) -> "Week of %s: no number".formatted(label);
    };
  }

  private static void append(StringBuilder text, long weeks, String what) {
    if (weeks > 0) {
      text.append("%d %s: %s. ".formatted(weeks, weeks == 1 ? "week" : "weeks", what));
    }
  }

  private static int byValue(Value one, Value other) {
    return Double.compare(one.value(), other.value());
  }
}
