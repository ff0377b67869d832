// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.chart.Chart;
import io.sourceblind.analytics.chart.Picture;
import io.sourceblind.analytics.chart.Point;
import io.sourceblind.analytics.chart.SvgChart;
import io.sourceblind.analytics.metric.Formula;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One metric of a group over some weeks, as its page shows it.
final class Trend {
  private final Metric metric;
  private final List<IsoWeek> weeks;
  private final Set<IsoWeek> breaks;
  private final Map<IsoWeek, Cell> cells = new HashMap<>();

  /// @param breaks the weeks in which other people began to be counted
  Trend(Metric metric, List<IsoWeek> weeks, Set<IsoWeek> breaks, Collection<Cell> cells) {
    this.metric = metric;
    this.weeks = weeks;
    this.breaks = breaks;
    for (var cell : cells) {
      for (var week : cell.last().andBefore(cell.weeks())) {
        this.cells.put(week, cell);
      }
    }
  }

  /// A row of the table under a chart.
  record Row(String week, String span, String value, String steps, String people, boolean broken) {}

  public Metric metric() {
    return metric;
  }

  public String id() {
    return metric.sqlName().replace('_', '-');
  }

  /// The youngest cell, if there is any.
  public @Nullable Cell latest() {
    return weeks.reversed().stream()
        .map(cells::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  public String chart() {
    return new SvgChart("c-" + id(), drawing()).draw();
  }

  public String spark() {
    return new SvgChart("s-" + id(), drawing()).drawSpark();
  }

  byte[] picture(String heading, String footing) {
    return new Picture(drawing()).png(heading, footing);
  }

  public boolean anyHidden() {
    return weeks.stream().map(cells::get).anyMatch(cell -> cell != null && cell.value() == null);
  }

  public boolean anyMissing() {
    return !cells.keySet().containsAll(weeks);
  }

  public boolean anyBreak() {
    return weeks.stream().anyMatch(breaks::contains);
  }

  /// What somebody counts as who has no value of their own; null where that cannot be.
  public @Nullable String otherwise() {
    return switch (metric.formula()) {
      case Formula.Count _ -> null;
      case Formula.Rate rate ->
          "Somebody with fewer than %d %s in a week counts as they did before, or as %s."
              .formatted(
                  rate.least(),
                  rate.bottom().replace('_', ' '),
                  metric.scale().write(rate.otherwise()));
    };
  }

  /// Newest first, as one reads a table; one row for each cell.
  public List<Row> rows() {
    return weeks.reversed().stream()
        .filter(week -> !cells.containsKey(week) || week.equals(lastShown(week)))
        .map(this::row)
        .toList();
  }

  /// The last week of the cell's period that the page shows.
  private IsoWeek lastShown(IsoWeek week) {
    var last = Objects.requireNonNull(cells.get(week)).last();
    return last.compareTo(weeks.getLast()) > 0 ? weeks.getLast() : last;
  }

  private Row row(IsoWeek week) {
    var cell = cells.get(week);
    if (cell == null) {
      return new Row(week.toString(), week.span(), "No number", "", "", breaks.contains(week));
    }
    return new Row(
        cell.period(),
        cell.span(),
        cell.words(),
        cell.value() == null ? "" : cell.steps(),
        String.valueOf(cell.people()),
        breaks.contains(cell.week()));
  }

  private Chart drawing() {
    var points = weeks.stream().map(this::point).toList();
    var scale = metric.scale();
    var step = cells.values().stream().mapToDouble(Cell::step).max().orElse(scale.cap());
    return new Chart(
        "%s, by week".formatted(metric.title()),
        points,
        weeks.stream().filter(breaks::contains).map(weeks::indexOf).toList(),
        scale.isShare() ? 1 : Math.min(scale.cap(), Chart.topFor(points, 2 * step)),
        scale::write,
        Cell.HIDDEN);
  }

  private Point point(IsoWeek week) {
    var cell = cells.get(week);
    if (cell == null) {
      return new Point.Missing(week.label());
    }
    return cell.value() == null
        ? new Point.Hidden(week.label())
        : new Point.Value(week.label(), cell.value());
  }
}
