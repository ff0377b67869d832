// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// A team that nobody works in: levels are log-normal (median 60 prompts a week, sigma 0.8), a week
/// is off by 40 % of the level, and a team has seasons of 10 %. What it shows is made by the real
/// engine, or by a naive one that shows exact means of whoever is there.
final class Synthetic {
  static final Metric METRIC = Metric.PROMPTS;
  static final Epoch START = Epoch.of(new IsoWeek(LocalDate.of(2026, 1, 5)));

  private static final UUID POOL = new UUID(7, 7);

  private final Random random;
  private final UUID team;
  private final Oracle oracle = new Oracle();
  private final Map<UUID, Double> levels = new HashMap<>();
  private final Map<UUID, Map<IsoWeek, Double>> truth = new HashMap<>();
  private final Map<IsoWeek, Double> seasons = new HashMap<>();
  private Map<UUID, Grouping.Past> past = Map.of();
  private final long seed;
  private int versions;

  Synthetic(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.team = new UUID(1, seed);
  }

  UUID join() {
    var person = new UUID(random.nextLong(), random.nextLong());
    levels.put(person, 60 * Math.exp(0.8 * random.nextGaussian()));
    return person;
  }

  List<UUID> join(int people) {
    var joined = new ArrayList<UUID>();
    for (var person = 0; person < people; person++) {
      joined.add(join());
    }
    return joined;
  }

  /// What somebody really does on average, as far as it counts.
  double level(UUID person) {
    return Math.min(levels.getOrDefault(person, 0.0), METRIC.scale().cap());
  }

  double truth(UUID person, IsoWeek week) {
    return Math.min(truth.getOrDefault(person, Map.of()).getOrDefault(week, 0.0), 120);
  }

  double truthUncut(UUID person, IsoWeek week) {
    return truth.getOrDefault(person, Map.of()).getOrDefault(week, 0.0);
  }

  void work(Collection<UUID> people, IsoWeek week) {
    var season = seasons.computeIfAbsent(week, _ -> 1 + 0.1 * random.nextGaussian());
    for (var person : people) {
      var value =
          Math.max(
              1, levels.getOrDefault(person, 0.0) * season * (1 + 0.4 * random.nextGaussian()));
      work(person, week, value);
    }
  }

  void work(UUID person, IsoWeek week, double value) {
    oracle.put(person, week, Metric.ACTIVE_DAYS, 3);
    oracle.put(person, week, METRIC, value);
    truth.computeIfAbsent(person, _ -> new HashMap<>()).put(week, value);
  }

  /// The group of these people in an epoch, as the engine freezes it; empty if it is none of its
  /// own.
  List<FrozenGroup> freeze(Epoch epoch, Collection<UUID> people) {
    var teams = new TreeMap<UUID, SortedSet<UUID>>();
    teams.put(team, new TreeSet<>(people));
    var made = new Grouping(7, past).of(POOL, teams);
    var groups = new ArrayList<FrozenGroup>();
    for (var group : made) {
      if (group.group().equals(team)) {
        var before = past.get(team);
        var begun = before == null ? 0 : before.begun();
        if (before == null || before.version() != group.version()) {
          versions++;
          begun++;
        }
        past = Map.of(team, new Grouping.Past(group.rosterHash(), group.version(), begun, false));
        groups.add(
            new FrozenGroup(
                epoch,
                team,
                people.size(),
                FrozenGroup.weeksFor(people.size()),
                Gate.FLOOR,
                group.version(),
                false));
      }
    }
    return groups;
  }

  /// How many rosters have begun.
  int versions() {
    return versions;
  }

  /// What the real engine shows when a week is released.
  OptionalDouble shown(FrozenGroup group, Collection<UUID> roster, IsoWeek week) {
    if (!group.isDue(week)) {
      return OptionalDouble.empty();
    }
    var tally = oracle.tally(roster, METRIC, group.period(week));
    var cell = Cell.of(METRIC, group, week, tally, Lots.draws(seed * 1_000 + group.version()));
    return cell.value() == null ? OptionalDouble.empty() : OptionalDouble.of(cell.value());
  }

  /// What a naive system shows: the exact mean of whoever is in the team and works.
  double exact(Collection<UUID> people, IsoWeek week) {
    return people.stream()
        .mapToDouble(person -> truth.getOrDefault(person, Map.of()).getOrDefault(week, 0.0))
        .average()
        .orElse(0);
  }
}
