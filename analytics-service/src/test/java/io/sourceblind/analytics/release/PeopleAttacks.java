// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/// What a manager tries who knows when somebody came, went or was away, on synthetic teams: each
/// attack against a naive system that shows exact means, and against the real engine.
final class PeopleAttacks {
  private static final int WEEKS = 8;

  /// People attacked for each seed.
  private static final int VICTIMS = 10;

  private final int seeds;
  private final boolean real;

  PeopleAttacks(int seeds, boolean real) {
    this.seeds = seeds;
    this.real = real;
  }

  private record Seen(double mean, boolean any) {}

  /// A6: eight weeks before somebody left, and eight after.
  Guesses leaver(int people) {
    return overAllSeeds((seed, guesses) -> {
      var team = new Synthetic(seed);
      var before = team.join(people);
      var after = new ArrayList<>(before.subList(1, people));
      compare(team, before, after, before.getFirst(), people, guesses);
    });
  }

  /// A7: eight weeks before somebody joined, and eight after.
  Guesses joiner(int people) {
    return overAllSeeds((seed, guesses) -> {
      var team = new Synthetic(seed);
      var after = team.join(people);
      var before = new ArrayList<>(after.subList(1, people));
      compare(team, after, before, after.getFirst(), -people, guesses);
    });
  }

  private void compare(
      Synthetic team,
      List<UUID> with,
      List<UUID> without,
      UUID victim,
      int people,
      Guesses guesses) {
    var leaves = people > 0;
    var first = leaves ? with : without;
    var second = leaves ? without : with;
    var before = see(team, Synthetic.START, first);
    var after = see(team, Synthetic.START.plus(2), second);
    if (before.any && after.any) {
      var whole = leaves ? before.mean : after.mean;
      var rest = leaves ? after.mean : before.mean;
      guesses.add(with.size() * whole - without.size() * rest, team.level(victim));
    }
  }

  /// A9: somebody moves from one team to the other, and both are seen before and after.
  Guesses transfer(int people) {
    return overAllSeeds((seed, guesses) -> {
      var from = new Synthetic(2 * seed);
      var to = new Synthetic(2 * seed + 1);
      var staying = from.join(people - 1);
      var victim = from.join();
      var hosts = to.join(people);
      var with = new ArrayList<>(staying);
      with.add(victim);
      var level = from.level(victim);
      var enlarged = new ArrayList<>(hosts);
      var guest = to.join();
      enlarged.add(guest);
      var fromBefore = see(from, Synthetic.START, with);
      var toBefore = see(to, Synthetic.START, hosts);
      // The same person in the second team: what they did there is what they would have done here.
      for (var week : weeks(Synthetic.START.plus(2))) {
        from.work(List.of(victim), week);
        to.work(guest, week, from.truthUncut(victim, week));
      }
      var fromAfter = see(from, Synthetic.START.plus(2), staying);
      var toAfter = seeKnown(to, Synthetic.START.plus(2), enlarged, hosts);
      if (fromBefore.any && fromAfter.any && toBefore.any && toAfter.any) {
        var left = people * fromBefore.mean - (people - 1) * fromAfter.mean;
        var came = (people + 1) * toAfter.mean - people * toBefore.mean;
        guesses.add((left + came) / 2, level);
      }
    });
  }

  /// A8: two weeks in which somebody is known to have been away, beside the six others.
  Guesses holiday(int people) {
    return overAllSeeds((seed, guesses) -> {
      var team = new Synthetic(seed);
      var everybody = team.join(people);
      var victim = everybody.getFirst();
      // Twelve weeks of past, which is what somebody who is away is carried by.
      for (var week : Synthetic.START.plus(-3).first().plus(11).andBefore(12)) {
        team.work(everybody, week);
      }
      var away = List.of(Synthetic.START.first().plus(5), Synthetic.START.first().plus(6));
      for (var week : weeks(Synthetic.START)) {
        team.work(away.contains(week) ? everybody.subList(1, people) : everybody, week);
      }
      var usual = new ArrayList<>(weeks(Synthetic.START));
      usual.removeAll(away);
      var epochs = new ArrayList<FrozenGroup>();
      for (var epoch : List.of(Synthetic.START, Synthetic.START.plus(1))) {
        epochs.addAll(team.freeze(epoch, everybody));
      }
      guesses.add(
          people * (mean(team, epochs, everybody, usual) - mean(team, epochs, everybody, away)),
          team.level(victim));
    });
  }

  private double mean(
      Synthetic team, List<FrozenGroup> epochs, List<UUID> people, List<IsoWeek> weeks) {
    return weeks.stream()
        .flatMapToDouble(week ->
            real
                ? epochs.stream()
                    .filter(group -> group.epoch().equals(Epoch.of(week)))
                    .flatMapToDouble(group -> team.shown(group, people, week).stream())
                : DoubleStream.of(team.exact(people, week)))
        .average()
        .orElse(0);
  }

  /// A18: a team of somebody and six accounts whose values are known and varied, for twelve epochs.
  /// Level first, then the correlation of changes from one number to the next.
  List<Guesses> fakeTeam() {
    var changes = new Guesses();
    var levels =
        overAllSeeds((seed, guesses) -> {
          var team = new Synthetic(seed);
          var victim = team.join();
          var people = new ArrayList<>(team.join(6));
          people.add(victim);
          var dummies = people.subList(0, 6);
          var sum = 0.0;
          var last = Double.NaN;
          var lastTruth = 0.0;
          var seen = 0;
          for (var number = 0; number < 12; number++) {
            var epoch = Synthetic.START.plus(number);
            var known = 0.0;
            var truth = 0.0;
            for (var week : epoch.weeks()) {
              team.work(List.of(victim), week);
              truth += team.truth(victim, week) / Epoch.WEEKS;
              for (var dummy : dummies) {
                var value = 10 + (number * 37 + dummies.indexOf(dummy) * 13) % 100;
                team.work(dummy, week, value);
                known += (double) value / Epoch.WEEKS;
              }
            }
            for (var group : team.freeze(epoch, people)) {
              var shown =
                  real
                      ? team.shown(group, people, epoch.last()).orElse(Double.NaN)
                      : (known + truth) / people.size();
              var guess = clamp(shown * people.size() - known);
              if (!Double.isNaN(shown)) {
                sum += shown * people.size() - known;
                seen++;
                if (!Double.isNaN(last)) {
                  changes.add(guess - last, truth - lastTruth);
                }
                last = guess;
                lastTruth = truth;
              }
            }
          }
          guesses.add(clamp(sum / seen), team.level(victim));
        });
    return List.of(levels, changes);
  }

  /// A19: an account is added and taken away each epoch, so that the offset is drawn anew.
  Guesses redrawnOffsets() {
    return overAllSeeds((seed, guesses) -> {
      var team = new Synthetic(seed);
      var victim = team.join();
      var people = new ArrayList<>(team.join(7));
      people.add(victim);
      var sum = 0.0;
      var seen = 0;
      for (var number = 0; number < 13; number++) {
        var epoch = Synthetic.START.plus(number);
        var members = number % 2 == 0 ? people : people.subList(1, people.size());
        var known = 0.0;
        for (var week : epoch.weeks()) {
          team.work(victim, week, team.level(victim));
          for (var dummy : members) {
            if (!dummy.equals(victim)) {
              team.work(dummy, week, 40);
              known += 40.0 / Epoch.WEEKS;
            }
          }
        }
        var groups =
            real
                ? team.freeze(epoch, members)
                : List.of(
                    new FrozenGroup(
                        epoch,
                        new UUID(1, seed),
                        members.size(),
                        4,
                        Gate.FLOOR,
                        number + 1,
                        false));
        for (var group : groups) {
          var shown = team.shown(group, members, epoch.last());
          if (shown.isPresent()) {
            sum += shown.getAsDouble() * members.size() - known;
            seen++;
          }
        }
      }
      guesses.add(clamp(sum / Math.max(1, seen)), team.level(victim));
    });
  }

  private static double clamp(double guess) {
    return Math.clamp(guess, 0, Synthetic.METRIC.scale().cap());
  }

  private Seen see(Synthetic team, Epoch from, List<UUID> people) {
    return seeKnown(team, from, people, people);
  }

  /// @param working who of them works in these weeks; what the others do is said already
  private Seen seeKnown(Synthetic team, Epoch from, List<UUID> people, Collection<UUID> working) {
    var sum = 0.0;
    var count = 0;
    for (var epoch : List.of(from, from.plus(1))) {
      var groups = team.freeze(epoch, people);
      for (var week : epoch.weeks()) {
        team.work(working, week);
        if (!real) {
          sum += team.exact(people, week);
          count++;
        }
        for (var group : groups) {
          var shown = team.shown(group, people, week);
          if (real && shown.isPresent()) {
            sum += shown.getAsDouble();
            count++;
          }
        }
      }
    }
    return new Seen(sum / Math.max(1, count), count > 0);
  }

  private static List<IsoWeek> weeks(Epoch from) {
    return from.plus(1).last().andBefore(WEEKS);
  }

  private interface OneVictim {
    void attack(long seed, Guesses guesses);
  }

  private Guesses overAllSeeds(OneVictim victim) {
    var guesses = new Guesses();
    for (var seed = 0; seed < seeds * VICTIMS; seed++) {
      victim.attack(seed + 1L, guesses);
    }
    return guesses;
  }

  /// Prints what each attack finds, as `value NAME NUMBER`.
  static void main(String[] args) {
    var seeds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    var twin = new PeopleAttacks(seeds, false);
    var real = new PeopleAttacks(seeds, true);
    for (var people : new int[] {8, 11, 20, 50}) {
      say("a06_leaver_of_" + people, twin.leaver(people), real.leaver(people));
      say("a07_joiner_of_" + people, twin.joiner(people), real.joiner(people));
      if (people >= FrozenGroup.LEAST_FOR_A_WEEK) {
        say("a08_holiday_of_" + people, twin.holiday(people), real.holiday(people));
      }
      say("a09_transfer_of_" + people, twin.transfer(people), real.transfer(people));
    }
    var naive = twin.fakeTeam();
    var fake = real.fakeTeam();
    error("a18_fake_team", naive.getFirst(), fake.getFirst());
    value("a18_twin_change_correlation", naive.getLast().correlation());
    value("a18_change_correlation", fake.getLast().correlation());
    error("a19_redrawn_offsets", twin.redrawnOffsets(), real.redrawnOffsets());
  }

  private static void say(String name, Guesses twin, Guesses real) {
    value(name + "_twin", twin.precision());
    value(name, real.precision());
    value(name + "_correlation", real.correlation());
  }

  private static void error(String name, Guesses twin, Guesses real) {
    DoubleUnaryOperator share = error -> error / real.medianErrorOfABlindGuess();
    value(name + "_twin_error", share.applyAsDouble(twin.medianError()));
    value(name + "_error", share.applyAsDouble(real.medianError()));
  }

  private static void value(String name, double number) {
    System.out.printf("value %s %.3f%n", name, number);
  }
}
