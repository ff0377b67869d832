// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.release.ReleasedCell;
import io.sourceblind.analytics.release.SomeCells;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Forty groups of which it is known what can be said.
record Series(Kind kind, long seed, List<ReleasedCell> cells) {
  static final IsoWeek FIRST = new IsoWeek(LocalDate.of(2026, 9, 21));
  private static final int WEEKS = 8;
  private static final double STEP = 0.05;

  /// What is known of a group.
  enum Kind {
    RISES,
    FALLS,
    STAYS,
    HIDDEN_IN_BETWEEN,
    OTHER_PEOPLE_IN_BETWEEN,
    AT_THE_LOWEST_STEP,
    TWO_THAT_CONTRADICT
  }

  static Stream<Series> all() {
    var counts = List.of(8, 8, 8, 6, 5, 3, 2);
    return IntStream.range(0, counts.size())
        .boxed()
        .flatMap(kind ->
            IntStream.range(0, counts.get(kind)).mapToObj(seed -> of(Kind.values()[kind], seed)));
  }

  static Series of(Kind kind, long seed) {
    var random = new Random(seed);
    var steps = 6 + random.nextInt(4);
    var gap = 2 + random.nextInt(3);
    return new Series(
        kind,
        seed,
        switch (kind) {
          case RISES -> line(Metric.VERIFIED_SESSIONS, week -> steps + week, -1, -1);
          case FALLS -> line(Metric.VERIFIED_SESSIONS, week -> 8 + steps - week, -1, -1);
          case STAYS -> line(Metric.FIRST_RUN_PASS, week -> steps + week % 2, -1, -1);
          case HIDDEN_IN_BETWEEN -> line(Metric.SMALL_BATCHES, week -> steps + week, gap, -1);
          case OTHER_PEOPLE_IN_BETWEEN ->
              line(Metric.RECOVERY, week -> week < gap ? 3 : 8 + week, -1, gap);
          case AT_THE_LOWEST_STEP -> line(Metric.STUCK_SESSIONS, _ -> 1, -1, -1);
          case TWO_THAT_CONTRADICT ->
              Stream.concat(
                      line(Metric.FIRST_RUN_PASS, week -> 4 + week, -1, -1).stream(),
                      line(Metric.TESTS_TOUCHED, week -> 14 - week, -1, -1).stream())
                  .toList();
        });
  }

  Dossier dossier() {
    return new Dossier(cells);
  }

  /// How many steps a metric shows in a week; null where it shows nothing.
  @Nullable Long steps(String title, String week) {
    return cells.stream()
        .filter(cell -> cell.metric().title().equals(title) && cell.week().toString().equals(week))
        .map(ReleasedCell::value)
        .map(value -> value == null ? null : Math.round(value / STEP))
        .findFirst()
        .orElse(null);
  }

  /// The weeks from which on a metric can be compared with its youngest.
  List<String> comparable(String title) {
    var weeks = new ArrayList<String>();
    for (var cell : cells) {
      if (!cell.metric().title().equals(title)) {
        continue;
      }
      if (cell.value() == null || cell.broken()) {
        weeks.clear();
      }
      if (cell.value() != null) {
        weeks.add(cell.week().toString());
      }
    }
    return weeks;
  }

  private interface Steps {
    int in(int week);
  }

  private static List<ReleasedCell> line(Metric metric, Steps steps, int hidden, int broken) {
    return IntStream.range(0, WEEKS)
        .mapToObj(week ->
            SomeCells.cell(
                metric,
                FIRST.plus(week),
                1,
                week == hidden ? null : steps.in(week) * STEP,
                STEP,
                week == broken))
        .toList();
  }

  @Override
  public String toString() {
    return kind + " " + seed;
  }
}
