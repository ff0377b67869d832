// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.groupingBy;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.deletion.RetentionHealth;
import io.sourceblind.analytics.metric.Group;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.narrator.TeamNote;
import io.sourceblind.analytics.trust.Panel;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/// What a manager sees: the teams by name, the released numbers of one, and of all together.
@Controller
class TeamPages {
  /// Read side by side: how much, how well checked, how sound, how big.
  private static final List<Metric> TILES =
      List.of(
          Metric.ACTIVE_DAYS,
          Metric.VERIFIED_SESSIONS,
          Metric.FIRST_RUN_PASS,
          Metric.SMALL_BATCHES);

  private static final DateTimeFormatter RELEASE_TIME =
      DateTimeFormatter.ofPattern("EEEE d MMMM, HH:mm 'UTC'", Locale.ENGLISH).withZone(UTC);

  private final RetentionHealth retention;
  private final Clock clock;

  TeamPages(RetentionHealth retention, Clock clock) {
    this.retention = retention;
    this.clock = clock;
  }

  /// Metrics that answer one question.
  record Chapter(String title, String owner, List<Trend> trends) {}

  /// A group's numbers in a period.
  private record Found(String name, List<Cell> cells, Set<IsoWeek> breaks) {
    static Found of(JdbcClient jdbc, UUID organization, UUID group, Period period) {
      return new Found(
          Teams.nameOf(jdbc, organization, group),
          Cells.of(jdbc, organization, group, period.first(), period.last()),
          Cells.breaks(jdbc, organization, group, period.first(), period.last()));
    }
  }

  @GetMapping("/teams")
  String teams(Reading reading, Model model) {
    var since = IsoWeek.lastDue(clock).minus(Period.USUAL_WEEKS - 1);
    model.addAttribute(
        "teams",
        readPage(reading, "teams", model, jdbc -> Teams.all(jdbc, reading.organization(), since)));
    model.addAttribute("nextRelease", nextRelease());
    return "teams";
  }

  @GetMapping("/teams/{team}")
  String team(
      @PathVariable String team,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      Reading reading,
      Model model) {
    var period = Period.of(from, to, clock);
    var group = Ids.of(team);
    var found =
        readPage(
            reading,
            "team:" + group,
            model,
            jdbc -> {
              TeamNote.of(jdbc, reading.organization(), group, period.first(), period.last())
                  .ifPresent(note -> model.addAttribute("note", note));
              return Found.of(jdbc, reading.organization(), group, period);
            });
    model.addAttribute("name", found.name());
    model.addAttribute("place", "/teams/" + group);
    show(model, period, found.cells(), found.breaks());
    return "team";
  }

  @GetMapping("/organization")
  String organization(
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      Reading reading,
      Model model) {
    var period = Period.of(from, to, clock);
    var cells =
        readPage(
            reading,
            "organization",
            model,
            jdbc -> OrganizationLine.of(jdbc, reading.organization(), period));
    model.addAttribute("name", "Organization");
    model.addAttribute("place", "/organization");
    show(model, period, cells, Set.of());
    return "team";
  }

  @GetMapping("/teams/{team}/cells.csv")
  ResponseEntity<String> csv(
      @PathVariable String team,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      Reading reading) {
    var period = Period.of(from, to, clock);
    var found = read(reading, Ids.of(team), period);
    return download(
        MediaType.parseMediaType("text/csv;charset=UTF-8"),
        "cells-%s-%s.csv".formatted(period.first(), period.last()),
        Csv.of(found.cells(), found.breaks()));
  }

  @GetMapping("/teams/{team}/{metric}.png")
  ResponseEntity<byte[]> picture(
      @PathVariable String team,
      @PathVariable String metric,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      Reading reading) {
    var shown =
        Metric.released().stream()
            .filter(known -> known.sqlName().equals(metric))
            .findFirst()
            .orElseThrow(NotFound::new);
    var period = Period.of(from, to, clock);
    var found = read(reading, Ids.of(team), period);
    var ofMetric = found.cells().stream().filter(cell -> cell.metric() == shown).toList();
    var png =
        new Trend(shown, period.weeks(), found.breaks(), ofMetric)
            .picture(
                found.name(),
                "%s. Means of the whole group, in steps; never one person's. Sourceblind, rules %d."
                    .formatted(period.span(), ofMetric.isEmpty() ? 0 : ofMetric.getLast().rules()));
    return download(
        MediaType.IMAGE_PNG, "%s-%s-%s.png".formatted(metric, period.first(), period.last()), png);
  }

  /// Reads for a page, with what it says of the controls.
  private <T> T readPage(
      Reading reading, String target, Model model, Function<JdbcClient, T> work) {
    model.addAttribute("daysLate", retention.daysLate());
    return reading.read(
        target,
        jdbc -> {
          model.addAttribute("panel", Panel.of(jdbc, reading.organization(), clock));
          return work.apply(jdbc);
        });
  }

  private static Found read(Reading reading, UUID group, Period period) {
    return reading.read(
        "team:" + group, jdbc -> Found.of(jdbc, reading.organization(), group, period));
  }

  private static <T> ResponseEntity<T> download(MediaType type, String name, T body) {
    return ResponseEntity.ok()
        .contentType(type)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(name))
        .body(body);
  }

  private void show(Model model, Period period, List<Cell> cells, Set<IsoWeek> breaks) {
    var trends = trends(period.weeks(), cells, breaks);
    if (!cells.isEmpty()) {
      var latest = cells.getLast();
      model.addAttribute("people", latest.people());
      model.addAttribute("latestWeek", latest.span());
      model.addAttribute("rules", latest.rules());
      model.addAttribute("releasedOn", latest.releasedOn());
    }
    model.addAttribute("period", period);
    model.addAttribute("choices", Period.choices(clock));
    model.addAttribute("withheld", cells.stream().filter(cell -> cell.value() == null).count());
    model.addAttribute("cells", cells.size());
    model.addAttribute("tiles", TILES.stream().map(trends::get).toList());
    model.addAttribute("chapters", chapters(trends));
    model.addAttribute("nextRelease", nextRelease());
  }

  private static Map<Metric, Trend> trends(
      List<IsoWeek> weeks, List<Cell> cells, Set<IsoWeek> breaks) {
    var byMetric = cells.stream().collect(groupingBy(Cell::metric));
    var trends = new LinkedHashMap<Metric, Trend>();
    for (var metric : Metric.released()) {
      trends.put(
          metric, new Trend(metric, weeks, breaks, byMetric.getOrDefault(metric, List.of())));
    }
    return trends;
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
        chapters.add(new Chapter(group.title(), group.owner(), ofGroup));
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
