// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The same attacks as in `bin/attack-aggregates`, on fewer people and so with wider bounds: a
/// fifth is right by chance.
class PeopleAttacksTest {
  private static final int SEEDS = 60;

  private final PeopleAttacks twin = new PeopleAttacks(SEEDS, false);
  private final PeopleAttacks real = new PeopleAttacks(SEEDS, true);

  @Test
  void whoLeavesIsGuessedFromExactMeansAndHardlyFromSteps() {
    assertThat(twin.leaver(11).precision()).isGreaterThan(0.45);
    assertThat(real.leaver(11).precision()).isLessThan(0.4);
  }

  @Test
  void whoJoinsIsGuessedFromExactMeansAndHardlyFromSteps() {
    assertThat(twin.joiner(11).precision()).isGreaterThan(0.45);
    assertThat(real.joiner(11).precision()).isLessThan(0.4);
  }

  @Test
  void aHolidayShowsInExactMeansAndNotHere() {
    assertThat(twin.holiday(11).precision()).isGreaterThan(0.35);
    assertThat(real.holiday(11).correlation()).isLessThan(0.1);
  }

  @Test
  void whoMovesIsGuessedFromExactMeansAndHardlyFromSteps() {
    assertThat(twin.transfer(11).precision()).isGreaterThan(0.5);
    assertThat(real.transfer(11).precision()).isLessThan(0.42);
  }

  @Test
  void aTeamOfOnePersonAndSixAccountsSaysLessThanABlindGuess() {
    var naive = twin.fakeTeam();
    var shown = real.fakeTeam();

    assertThat(naive.getFirst().medianError())
        .isLessThan(0.3 * naive.getFirst().medianErrorOfABlindGuess());
    assertThat(shown.getFirst().medianError())
        .isGreaterThan(0.8 * shown.getFirst().medianErrorOfABlindGuess());
    assertThat(shown.getLast().correlation()).isLessThan(0.4);
  }

  @Test
  void offsetsThatAreDrawnAgainAndAgainAreNotAveragedAway() {
    var redrawn = twin.redrawnOffsets();
    var kept = real.redrawnOffsets();

    assertThat(redrawn.medianError()).isLessThan(0.8 * redrawn.medianErrorOfABlindGuess());
    assertThat(kept.medianError()).isGreaterThan(0.8 * kept.medianErrorOfABlindGuess());
  }
}
