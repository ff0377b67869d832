// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
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

  record CellList(@JsonProperty("team_id") UUID teamId, List<OneCell> cells) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OneCell(
      String metric, String week, String state, @Nullable Double value, double step, int people) {
    static OneCell of(Cell cell) {
      return new OneCell(
          cell.metric().sqlName(),
          cell.week().toString(),
          cell.value() == null ? "withheld" : "released",
          cell.value(),
          cell.step(),
          cell.people());
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

  @GetMapping("/v1/teams/{team}/cells")
  CellList cells(@PathVariable String team, Reading reading) {
    var id = Ids.of(team);
    var weeks = IsoWeek.lastDue(clock).andBefore(TeamPages.WEEKS);
    var cells =
        reading.read(
            "team:" + id,
            jdbc -> {
              Teams.nameOf(jdbc, reading.organization(), id);
              return Cells.of(jdbc, reading.organization(), id, weeks.getFirst(), weeks.getLast());
            });
    return new CellList(id, cells.stream().map(OneCell::of).toList());
  }
}
