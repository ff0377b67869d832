// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GroupingTest {
  private static final UUID POOL = new UUID(9, 9);
  private static final UUID FIRST = new UUID(1, 0);

  @Property
  void everybodyIsInOneGroupAtMostAndNoGroupHasFewerThanSeven(
      @ForAll @Size(max = 12) List<@IntRange(max = 30) Integer> sizes, @ForAll long seed) {
    var teams = teams(sizes);
    var made = new Grouping(7, somePast(teams, seed)).of(POOL, teams);

    var counted = made.stream().flatMap(group -> group.people().stream()).toList();
    assertThat(counted).doesNotHaveDuplicates();
    assertThat(made).allMatch(group -> group.people().size() >= 7);
    assertThat(made).extracting(Grouping.Made::group).doesNotHaveDuplicates();
  }

  @Test
  void smallTeamsAreCountedTogetherAndAreNotNamed() {
    var made = new Grouping(7, Map.of()).of(POOL, teams(List.of(12, 4, 3, 8)));

    assertThat(made).hasSize(3);
    assertThat(made.getLast().group()).isEqualTo(POOL);
    assertThat(made.getLast().people()).hasSize(7);
  }

  @Test
  void whoeverIsLeftOverIsInNoGroup() {
    assertThat(new Grouping(7, Map.of()).of(POOL, teams(List.of(12, 4, 2)))).hasSize(1);
    assertThat(new Grouping(7, Map.of()).of(POOL, teams(List.of()))).isEmpty();
  }

  @Test
  void thresholdsOfAnOrganizationAreHigherFloors() {
    assertThat(new Grouping(15, Map.of()).of(POOL, teams(List.of(12, 20)))).hasSize(1);
  }

  @Test
  void theSamePeopleAreTheSameRosterAndOthersAreANewOne() {
    var teams = teams(List.of(9));
    var first = new Grouping(7, Map.of()).of(POOL, teams).getFirst();
    var same = new Grouping(7, past(first, 1, false)).of(POOL, teams).getFirst();
    Objects.requireNonNull(teams.get(FIRST)).removeFirst();
    var changed = new Grouping(7, past(first, 1, false)).of(POOL, teams).getFirst();

    assertThat(first.version()).isEqualTo(1);
    assertThat(same.version()).isEqualTo(1);
    assertThat(changed.version()).isEqualTo(2);
  }

  @Test
  void aDeletionUnderARosterMakesANewOneOfTheSamePeople() {
    var teams = teams(List.of(9));
    var first = new Grouping(7, Map.of()).of(POOL, teams).getFirst();

    assertThat(new Grouping(7, past(first, 1, true)).of(POOL, teams).getFirst().version())
        .isEqualTo(2);
  }

  @Test
  void theFourthRosterWithin26WeeksGoesToTheSmallTeams() {
    var teams = teams(List.of(9));
    var first = new Grouping(7, Map.of()).of(POOL, teams).getFirst();
    Objects.requireNonNull(teams.get(FIRST)).removeFirst();

    assertThat(new Grouping(7, past(first, 2, false)).of(POOL, teams))
        .extracting(Grouping.Made::group)
        .containsExactly(first.group());
    assertThat(new Grouping(7, past(first, 3, false)).of(POOL, teams))
        .extracting(Grouping.Made::group)
        .containsExactly(POOL);
  }

  @Test
  void smallTeamsThatChangeTooOftenAreNotCountedAtAll() {
    var teams = teams(List.of(4, 5));
    var first = new Grouping(7, Map.of()).of(POOL, teams).getFirst();
    Objects.requireNonNull(teams.get(FIRST)).removeFirst();

    assertThat(new Grouping(7, past(first, 3, false)).of(POOL, teams)).isEmpty();
  }

  private static Map<UUID, Grouping.Past> past(Grouping.Made group, int begun, boolean withdrawn) {
    return Map.of(
        group.group(), new Grouping.Past(group.rosterHash(), group.version(), begun, withdrawn));
  }

  private static Map<UUID, Grouping.Past> somePast(Map<UUID, SortedSet<UUID>> teams, long seed) {
    var random = new SplittableRandom(seed);
    var past = new HashMap<UUID, Grouping.Past>();
    teams
        .keySet()
        .forEach(team -> {
          if (random.nextBoolean()) {
            past.put(
                team,
                new Grouping.Past(
                    "", 1 + random.nextInt(5), random.nextInt(6), random.nextBoolean()));
          }
        });
    return past;
  }

  private static Map<UUID, SortedSet<UUID>> teams(List<Integer> sizes) {
    var teams = new TreeMap<UUID, SortedSet<UUID>>();
    for (var number = 0; number < sizes.size(); number++) {
      var people = new TreeSet<UUID>();
      for (var person = 0; person < sizes.get(number); person++) {
        people.add(new UUID(number, person));
      }
      if (!people.isEmpty()) {
        teams.put(new UUID(1, number), people);
      }
    }
    return teams;
  }
}
