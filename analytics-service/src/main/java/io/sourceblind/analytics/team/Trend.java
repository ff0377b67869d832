// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.chart.Point;
import io.sourceblind.analytics.chart.SvgChart;
import io.sourceblind.analytics.metric.Formula;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One metric of a team over some weeks, as its page shows it.
final class Trend {
  private final Metric metric;
  private final List<IsoWeek> weeks;
  private final Map<IsoWeek, Cell> cells;

  Trend(Metric metric, List<IsoWeek> weeks, Map<IsoWeek, Cell> cells) {
    this.metric = metric;
    this.weeks = weeks;
    this.cells = cells;
  }

  /// A row of the table under a chart.
  record Row(String week, String span, String value, String steps, String people) {}

  public Metric metric() {
    return metric;
  }

  public String id() {
    return metric.sqlName().replace('_', '-');
  }

  /// The youngest cell, if there is any.
  public @Nullable Cell latest() {
    return weeks.reversed().stream()
        .flatMap(week -> Optional.ofNullable(cells.get(week)).stream())
        .findFirst()
        .orElse(null);
  }

  public String chart() {
    return drawing("c-" + id()).draw();
  }

  public String spark() {
    return drawing("s-" + id()).drawSpark();
  }

  public boolean anyHidden() {
    return cells.values().stream().anyMatch(cell -> cell.value() == null);
  }

  public boolean anyMissing() {
    return cells.size() < weeks.size();
  }

  /// What somebody counts as who has no value of their own; null where that cannot be.
  public @Nullable String otherwise() {
    return switch (metric.formula()) {
      case Formula.Count _ -> null;
      case Formula.Rate rate ->
          "Somebody with fewer than %d %s in a week counts as %s."
              .formatted(
                  rate.least(),
                  rate.bottom().replace('_', ' '),
                  metric.scale().write(rate.otherwise()));
    };
  }

  /// Newest first, as one reads a table.
  public List<Row> rows() {
    return weeks.reversed().stream().map(this::row).toList();
  }

  private Row row(IsoWeek week) {
    var cell = cells.get(week);
    if (cell == null) {
      return new Row(week.toString(), week.span(), "No number", "", "");
    }
    var steps = cell.value() == null ? "" : cell.steps();
    return new Row(
        week.toString(), week.span(), cell.words(), steps, String.valueOf(cell.people()));
  }

  private SvgChart drawing(String chart) {
    var points = weeks.stream().map(this::point).toList();
    var scale = metric.scale();
    var step = cells.values().stream().mapToDouble(Cell::step).max().orElse(scale.cap());
    return new SvgChart(
        chart,
        "%s, by week".formatted(metric.title()),
        points,
        scale.isShare() ? 1 : Math.min(scale.cap(), SvgChart.topFor(points, 2 * step)),
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
