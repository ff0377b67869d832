// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Formula;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Counts groups a second time, in another language and person by person: what the database counts
/// must be the same, and what is attacked many times over needs no database.
final class Oracle {
  private final Map<UUID, Map<IsoWeek, Map<Metric, Double>>> weeks = new HashMap<>();

  void put(UUID person, IsoWeek week, Metric metric, double value) {
    weeks
        .computeIfAbsent(person, _ -> new HashMap<>())
        .computeIfAbsent(week, _ -> new HashMap<>())
        .put(metric, value);
  }

  void forget(UUID person, IsoWeek week) {
    weeks.getOrDefault(person, new HashMap<>()).remove(week);
  }

  Tally tally(Collection<UUID> people, Metric metric, List<IsoWeek> period) {
    var active = 0;
    var contributing = 0;
    var units = 0L;
    for (var person : people) {
      active += period.stream().anyMatch(week -> isActive(person, week)) ? 1 : 0;
      contributing += period.stream().anyMatch(week -> contributes(person, week, metric)) ? 1 : 0;
      for (var week : period) {
        units += unitsOf(person, week, metric);
      }
    }
    return new Tally(active, contributing, units);
  }

  private long unitsOf(UUID person, IsoWeek week, Metric metric) {
    var own = unitsIn(person, week, metric);
    if (own != null) {
      return own;
    }
    var before =
        week.minus(1).andBefore(Tallies.WEEKS_CARRIED).stream()
            .map(earlier -> unitsIn(person, earlier, metric))
            .filter(units -> units != null)
            .mapToLong(Long::longValue)
            .average();
    // The database rounds a half away from zero, and so does this for what is not negative.
    return before.isPresent()
        ? Math.round(before.getAsDouble())
        : Steps.units(metric.formula() instanceof Formula.Rate rate ? rate.otherwise() : 0);
  }

  private @Nullable Long unitsIn(UUID person, IsoWeek week, Metric metric) {
    var value = of(person, week).get(metric);
    return value == null || !isActive(person, week)
        ? null
        : (Long) Steps.units(Math.min(value, metric.scale().cap()));
  }

  private boolean contributes(UUID person, IsoWeek week, Metric metric) {
    var value = of(person, week).get(metric);
    return value != null
        && isActive(person, week)
        && (value > 0 || metric.formula() instanceof Formula.Rate);
  }

  private boolean isActive(UUID person, IsoWeek week) {
    return of(person, week).getOrDefault(Metric.ACTIVE_DAYS, 0.0) > 0;
  }

  private Map<Metric, Double> of(UUID person, IsoWeek week) {
    return weeks.getOrDefault(person, Map.of()).getOrDefault(week, Map.of());
  }
}
