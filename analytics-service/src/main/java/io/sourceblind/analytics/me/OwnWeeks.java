// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.sourceblind.analytics.chart.Chart;
import io.sourceblind.analytics.chart.Point;
import io.sourceblind.analytics.chart.SvgChart;
import io.sourceblind.analytics.metric.Formula.Rate;
import io.sourceblind.analytics.metric.Group;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.rollup.RollUp;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An engineer's own exact numbers by week.
final class OwnWeeks {
  private static final int LEAST_PROMPTS = ((Rate) Metric.OFF_HOURS.formula()).least();

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

    /// Whether somebody has to say something before there can be a number.
    public boolean asksForHours() {
      return metric == Metric.OFF_HOURS;
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

  private record Prompt(LocalDate occurredOn, Instant occurredAt) {}

  /// The share of prompts outside of somebody's hours, for weeks with enough of them. It is in no
  /// table, and what time it was where they are is known to nobody before this page is opened.
  private static Map<IsoWeek, Double> outside(
      OwnHours hours, JdbcClient jdbc, UUID organization, List<IsoWeek> weeks) {
    var byWeek =
        jdbc
            .sql(
                """
                select occurred_on, occurred_at from capture.event
                 where org_id = :org and occurred_on between :first and :last and %s
                """
                    .formatted(RollUp.IS_A_PROMPT))
            .param("org", organization)
            .param("first", weeks.getFirst().monday())
            .param("last", weeks.getLast().monday().plusDays(6))
            .query(DataClassRowMapper.newInstance(Prompt.class))
            .stream()
            .collect(groupingBy(prompt -> IsoWeek.of(prompt.occurredOn())));
    var shares = new HashMap<IsoWeek, Double>();
    byWeek.forEach((week, prompts) -> {
      if (prompts.size() >= LEAST_PROMPTS) {
        var out = prompts.stream().filter(prompt -> !hours.cover(prompt.occurredAt())).count();
        shares.put(week, (double) out / prompts.size());
      }
    });
    return shares;
  }

  /// @param hours nothing if somebody has not said which are theirs
  static List<Chapter> of(
      JdbcClient jdbc, UUID organization, List<IsoWeek> weeks, Optional<OwnHours> hours) {
    var values =
        rows(jdbc, weeks).stream()
            .collect(
                groupingBy(
                    row -> Metric.of(row.metric()),
                    toMap(row -> new IsoWeek(row.week()), Row::value)));
    hours.ifPresent(own -> values.put(Metric.OFF_HOURS, outside(own, jdbc, organization, weeks)));
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
