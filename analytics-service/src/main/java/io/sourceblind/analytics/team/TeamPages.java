// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.metric.Group;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/// What a manager sees: the teams by name, and the released numbers of one.
@Controller
class TeamPages {
  static final int WEEKS = 13;

  /// Read side by side: how much, how well checked, how sound, how big.
  private static final List<Metric> TILES =
      List.of(
          Metric.ACTIVE_DAYS,
          Metric.VERIFIED_SESSIONS,
          Metric.FIRST_RUN_PASS,
          Metric.SMALL_BATCHES);

  private static final DateTimeFormatter RELEASE_TIME =
      DateTimeFormatter.ofPattern("EEEE d MMMM, HH:mm 'UTC'", Locale.ENGLISH).withZone(UTC);

  private final Clock clock;

  TeamPages(Clock clock) {
    this.clock = clock;
  }

  /// Metrics that answer one question.
  record Chapter(String title, List<Trend> trends) {}

  @GetMapping("/teams")
  String teams(Reading reading, Model model) {
    var since = IsoWeek.lastDue(clock).minus(WEEKS - 1);
    model.addAttribute(
        "teams", reading.read("teams", jdbc -> Teams.all(jdbc, reading.organization(), since)));
    model.addAttribute("nextRelease", nextRelease());
    return "teams";
  }

  private record Found(String name, List<Cell> cells) {}

  @GetMapping("/teams/{team}")
  String team(@PathVariable String team, Reading reading, Model model) {
    var id = Ids.of(team);
    var weeks = IsoWeek.lastDue(clock).andBefore(WEEKS);
    var found =
        reading.read(
            "team:" + id,
            jdbc ->
                new Found(
                    Teams.nameOf(jdbc, reading.organization(), id),
                    Cells.of(jdbc, reading.organization(), id, weeks.getFirst(), weeks.getLast())));
    var trends = trends(weeks, found.cells());
    model.addAttribute("name", found.name());
    if (!found.cells().isEmpty()) {
      var latest = found.cells().getLast();
      model.addAttribute("people", latest.people());
      model.addAttribute("latestWeek", latest.week().span());
    }
    model.addAttribute(
        "period", "%s to %s".formatted(weeks.getFirst().label(), weeks.getLast().end()));
    model.addAttribute("tiles", TILES.stream().map(trends::get).toList());
    model.addAttribute("chapters", chapters(trends));
    model.addAttribute("nextRelease", nextRelease());
    return "team";
  }

  private static Map<Metric, Trend> trends(List<IsoWeek> weeks, List<Cell> cells) {
    var byMetric =
        cells.stream().collect(groupingBy(Cell::metric, toMap(Cell::week, cell -> cell)));
    return Metric.released().stream()
        .collect(
            toMap(
                metric -> metric,
                metric -> new Trend(metric, weeks, byMetric.getOrDefault(metric, Map.of()))));
  }

  private static List<Chapter> chapters(Map<Metric, Trend> trends) {
    var chapters = new ArrayList<Chapter>();
    for (var group : Group.values()) {
      var ofGroup =
          Metric.released().stream()
              .filter(metric -> metric.group() == group)
              .flatMap(metric -> Stream.ofNullable(trends.get(metric)))
              .toList();
      if (!ofGroup.isEmpty()) {
        chapters.add(new Chapter(group.title(), ofGroup));
      }
    }
    return chapters;
  }

  private String nextRelease() {
    var next = IsoWeek.lastDue(clock);
    while (!next.expected().isAfter(clock.instant())) {
      next = next.plus(1);
    }
    return RELEASE_TIME.format(next.expected());
  }
}
