// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotOffered;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The same cells for programs of the organization.
@RestController
class TeamApi {
  private final Clock clock;

  TeamApi(Clock clock) {
    this.clock = clock;
  }

  record TeamList(List<NamedTeam> teams) {}

  record NamedTeam(UUID id, String name) {}

  record CellList(UUID leaf, List<OneCell> cells) {}

  /// @param value missing where the number is withheld
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OneCell(
      String metric,
      String week,
      int weeks,
      String state,
      @Nullable Double value,
      double step,
      int people,
      int rules,
      @JsonProperty("released_on") String releasedOn) {
    static OneCell of(Cell cell) {
      return new OneCell(
          cell.metric().sqlName(),
          cell.week().toString(),
          cell.weeks(),
          cell.value() == null ? "withheld" : "released",
          cell.value(),
          cell.step(),
          cell.people(),
          cell.rules(),
          cell.releasedOn().toString());
    }
  }

  @GetMapping("/v1/teams")
  TeamList teams(Reading reading) {
    var since = IsoWeek.lastDue(clock);
    return new TeamList(
        reading.read("teams", jdbc -> Teams.all(jdbc, reading.organization(), since)).stream()
            .map(team -> new NamedTeam(team.id(), team.name()))
            .toList());
  }

  @GetMapping("/v1/cells")
  CellList cells(
      @RequestParam String leaf,
      @RequestParam(required = false) @Nullable String metric,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      Reading reading) {
    var id = Ids.of(leaf);
    var period = Period.of(from, to, clock);
    var only = metric == null ? Metric.released() : List.of(metricOf(metric));
    var cells =
        reading.read(
            "team:" + id,
            jdbc -> {
              Teams.nameOf(jdbc, reading.organization(), id);
              return Cells.of(jdbc, reading.organization(), id, period.first(), period.last());
            });
    return new CellList(
        id, cells.stream().filter(cell -> only.contains(cell.metric())).map(OneCell::of).toList());
  }

  /// For Prometheus, and so for Grafana.
  @GetMapping(value = "/v1/cells/latest", produces = "text/plain;version=0.0.4;charset=utf-8")
  String latest(Reading reading) {
    return reading.read("teams", jdbc -> Exposition.of(jdbc, reading.organization()));
  }

  private static Metric metricOf(String name) {
    return Metric.released().stream()
        .filter(metric -> metric.sqlName().equals(name))
        .findFirst()
        .orElseThrow(NotOffered::new);
  }
}
