// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.util.List;
import java.util.UUID;

/// Some people who are counted together for an epoch, as the releaser knows them. It never leaves
/// this package.
///
/// @param group a team's id, or the organization's for its small teams taken together
/// @param weeks how many weeks one cell of it covers: one, or all of the epoch
/// @param leastActive the floor of its organization, without the jitter
/// @param version counts the rosters that the group has had
/// @param withdrawn whether somebody's history was deleted, so that nothing more comes out
record FrozenGroup(
    Epoch epoch,
    UUID group,
    int people,
    int weeks,
    int leastActive,
    int version,
    boolean withdrawn) {
  /// From here on a group has a number for each week; smaller ones have one for the epoch.
  static final int LEAST_FOR_A_WEEK = 10;

  static int weeksFor(int people) {
    return people >= LEAST_FOR_A_WEEK ? 1 : Epoch.WEEKS;
  }

  /// Whether it has a cell when a week is released.
  boolean isDue(IsoWeek week) {
    return weeks == 1 || week.equals(epoch.last());
  }

  /// The weeks of the cell that comes out with a week.
  List<IsoWeek> period(IsoWeek week) {
    return week.andBefore(weeks);
  }
}
