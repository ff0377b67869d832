// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/// A point of an organization's line: the mean of released cells by the size of their groups.
record LinePoint(
    String metric, LocalDate week, int weeks, double value, double step, int people, int groups) {

  /// One point for each metric and cadence of which anything was released.
  ///
  /// @param cells of one release
  static List<LinePoint> of(List<Cell> cells) {
    return cells.stream()
        .filter(cell -> cell.value() != null)
        .collect(groupingBy(cell -> cell.metric() + cell.weeks(), TreeMap::new, toList()))
        .values()
        .stream()
        .map(LinePoint::mean)
        .toList();
  }

  private static LinePoint mean(List<Cell> cells) {
    var sum = 0.0;
    var people = 0;
    var step = 0.0;
    for (var cell : cells) {
      sum += Objects.requireNonNull(cell.value()) * cell.people();
      people += cell.people();
      step = Math.max(step, cell.step());
    }
    var any = cells.getFirst();
    return new LinePoint(
        any.metric(), any.week(), any.weeks(), sum / people, step, people, cells.size());
  }
}
