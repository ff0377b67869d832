// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.sourceblind.analytics.chart.Chart;
import io.sourceblind.analytics.chart.Point;
import io.sourceblind.analytics.chart.SvgChart;
import io.sourceblind.analytics.metric.Group;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An engineer's own exact numbers by week.
final class OwnWeeks {
  private OwnWeeks() {}

  private record Row(String metric, LocalDate week, double value) {}

  /// One exact number of one week.
  record OwnNumber(String metric, String week, double value) {}

  static List<OwnNumber> numbers(JdbcClient jdbc, List<IsoWeek> weeks) {
    return rows(jdbc, weeks).stream()
        .map(row -> new OwnNumber(row.metric(), new IsoWeek(row.week()).toString(), row.value()))
        .toList();
  }

  record Chapter(String title, List<OwnTrend> trends) {}

  /// A row of the table under a chart.
  record Line(String week, String span, String value) {}

  /// One metric over the weeks.
  record OwnTrend(Metric metric, List<IsoWeek> weeks, Map<IsoWeek, Double> values) {
    public String id() {
      return metric.sqlName().replace('_', '-');
    }

    public String latest() {
      var value = values.get(weeks.getLast());
      return value == null ? "No number yet" : metric.scale().write(value);
    }

    /// What it was in half of the weeks that are over, or more; null before there is any.
    public @Nullable String usual() {
      var past =
          weeks.stream()
              .limit(weeks.size() - 1L)
              .map(values::get)
              .filter(Objects::nonNull)
              .sorted()
              .toList();
      return past.isEmpty() ? null : metric.scale().write(past.get((past.size() - 1) / 2));
    }

    public boolean anyMissing() {
      return values.size() < weeks.size();
    }

    public String chart() {
      var points = weeks.stream().map(this::point).toList();
      return new SvgChart(
              "c-" + id(),
              new Chart(
                  "%s, by week, yours alone".formatted(metric.title()),
                  points,
                  List.of(),
                  metric.scale().isShare() ? 1 : Chart.topFor(points, 1),
                  metric.scale()::write,
                  "hidden"))
          .draw();
    }

    public List<Line> rows() {
      return weeks.reversed().stream()
          .map(week -> {
            var value = values.get(week);
            return new Line(
                week.toString(),
                week.span(),
                value == null ? "No number" : metric.scale().write(value));
          })
          .toList();
    }

    private Point point(IsoWeek week) {
      var value = values.get(week);
      return value == null ? new Point.Missing(week.label()) : new Point.Value(week.label(), value);
    }
  }

  private static List<Row> rows(JdbcClient jdbc, List<IsoWeek> weeks) {
    return jdbc.sql(
            """
            select metric, week, value
              from release.person_week
             where week between :first and :last
             order by week, metric
            """)
        .param("first", weeks.getFirst().monday())
        .param("last", weeks.getLast().monday())
        .query(DataClassRowMapper.newInstance(Row.class))
        .list();
  }

  static List<Chapter> of(JdbcClient jdbc, List<IsoWeek> weeks) {
    var values =
        rows(jdbc, weeks).stream()
            .collect(
                groupingBy(
                    row -> Metric.of(row.metric()),
                    toMap(row -> new IsoWeek(row.week()), Row::value)));
    return Stream.of(Group.values())
        .map(group ->
            new Chapter(
                group.title(),
                Stream.of(Metric.values())
                    .filter(metric -> metric.group() == group)
                    .map(metric ->
                        new OwnTrend(metric, weeks, values.getOrDefault(metric, Map.of())))
                    .toList()))
        .toList();
  }
}
