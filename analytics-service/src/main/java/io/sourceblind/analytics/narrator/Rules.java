// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.release.ReleasedCell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Writes by fixed rules: what moved most since the same people are counted, in steps. It asks
/// nobody.
final class Rules implements Narrator {
  private static final int MOST = 3;

  /// Cells without a gap or a change of people, up to the youngest.
  private record Run(List<ReleasedCell> cells) {
    ReleasedCell first() {
      return cells.getFirst();
    }

    ReleasedCell last() {
      return cells.getLast();
    }

    long moved() {
      return Dossier.stepsBetween(first(), last());
    }

    boolean isSteady() {
      return cells.stream()
          .allMatch(cell -> Math.abs(Dossier.stepsBetween(cell, last())) < Claims.LEAST_MOVEMENT);
    }
  }

  @Override
  public Draft write(Dossier dossier) {
    var runs = dossier.byMetric().values().stream().flatMap(cells -> run(cells).stream()).toList();
    var claims = new ArrayList<Claim>();
    runs.stream()
        .filter(run -> Math.abs(run.moved()) >= Claims.LEAST_MOVEMENT)
        .sorted(Comparator.comparingLong((Run run) -> -Math.abs(run.moved())))
        .limit(MOST)
        .forEach(run ->
            claims.add(
                claim(
                    "%s %s by %d steps, from about %s in %s to about %s in %s."
                        .formatted(
                            run.first().metric().title(),
                            run.moved() > 0 ? "rose" : "fell",
                            Math.abs(run.moved()),
                            Dossier.value(run.first()),
                            run.first().week(),
                            Dossier.value(run.last()),
                            end(run.last())),
                    run,
                    dossier)));
    if (claims.isEmpty()) {
      runs.stream()
          .filter(Run::isSteady)
          .limit(MOST)
          .forEach(run ->
              claims.add(
                  claim(
                      "%s stayed within one step of about %s from %s to %s."
                          .formatted(
                              run.last().metric().title(),
                              Dossier.value(run.last()),
                              run.first().week(),
                              end(run.last())),
                      run,
                      dossier)));
    }
    return new Draft(List.copyOf(claims), 0);
  }

  private static Optional<Run> run(List<ReleasedCell> cells) {
    var first = cells.size() - 1;
    while (first > 0 && Claims.follows(cells.get(first - 1), cells.get(first))) {
      first--;
    }
    var run = cells.subList(first, cells.size());
    return run.size() < 2 ? Optional.empty() : Optional.of(new Run(run));
  }

  private static Claim claim(String text, Run run, Dossier dossier) {
    return new Claim(text, run.cells().stream().map(dossier::idOf).toList());
  }

  private static String end(ReleasedCell cell) {
    return cell.week().plus(cell.weeks() - 1).toString();
  }
}
