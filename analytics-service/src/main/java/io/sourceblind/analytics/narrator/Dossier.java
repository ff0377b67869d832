// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.metric.Scale;
import io.sourceblind.analytics.release.ReleasedCell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// All that a narrator knows: the released cells of one group, without its name.
final class Dossier {
  /// Two epochs.
  static final int WEEKS = 8;

  private final Map<String, ReleasedCell> cells = new LinkedHashMap<>();
  private final Map<ReleasedCell, String> ids = new LinkedHashMap<>();

  /// @param cells by metric and week
  Dossier(List<ReleasedCell> cells) {
    for (var cell : cells) {
      var id = "c" + (this.cells.size() + 1);
      this.cells.put(id, cell);
      ids.put(cell, id);
    }
  }

  @Nullable ReleasedCell cell(String id) {
    return cells.get(id);
  }

  String idOf(ReleasedCell cell) {
    return Objects.requireNonNull(ids.get(cell));
  }

  Map<Metric, List<ReleasedCell>> byMetric() {
    var byMetric = new LinkedHashMap<Metric, List<ReleasedCell>>();
    for (var cell : cells.values()) {
      byMetric.computeIfAbsent(cell.metric(), _ -> new ArrayList<>()).add(cell);
    }
    return byMetric;
  }

  /// What leaves for a provider.
  Map<String, Object> payload() {
    var metrics = new ArrayList<Map<String, Object>>();
    byMetric()
        .forEach((metric, ofMetric) ->
            metrics.add(
                Map.of(
                    "metric", metric.sqlName(),
                    "title", metric.title(),
                    "unit", metric.scale().unit(),
                    "cells", ofMetric.stream().map(this::line).toList())));
    return Map.of("group", "Team 1", "metrics", metrics);
  }

  private Map<String, Object> line(ReleasedCell cell) {
    var line = new LinkedHashMap<String, Object>();
    line.put("id", idOf(cell));
    line.put("week", cell.week().toString());
    line.put("weeks", cell.weeks());
    line.put("value", cell.value() == null ? "hidden" : value(cell));
    line.put("step", number(cell.metric().scale(), cell.step()));
    line.put("break", cell.broken());
    return line;
  }

  /// The value as a sentence has to write it, with what its ends stand for.
  static String value(ReleasedCell cell) {
    var bound = bound(cell);
    return bound.isEmpty() ? bare(cell) : bare(cell) + " " + bound;
  }

  static String bare(ReleasedCell cell) {
    return number(cell.metric().scale(), Objects.requireNonNull(cell.value()));
  }

  static String bound(ReleasedCell cell) {
    var value = Objects.requireNonNull(cell.value());
    if (value <= cell.step()) {
      return "or less";
    }
    return value + cell.step() >= cell.metric().scale().cap() ? "or more" : "";
  }

  /// As on the page, but for the thin space and the comma, which are no characters of a sentence's.
  private static String number(Scale scale, double value) {
    return scale.write(value).replace("\u202f", "").replace(",", "");
  }

  /// By how many steps a later cell of the same metric is higher. Groups change size with their
  /// roster only, so within a run all steps are the same.
  static long stepsBetween(ReleasedCell first, ReleasedCell last) {
    return Math.round(
        (Objects.requireNonNull(last.value()) - Objects.requireNonNull(first.value()))
            / last.step());
  }
}
