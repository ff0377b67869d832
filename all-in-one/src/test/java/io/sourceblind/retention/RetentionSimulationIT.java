// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The short form; `bin/retention-test` runs 400 days of 50 organizations. What a purge could do to
/// a number without the day that only moves forward is shown by the twins in `WindowIT`.
class RetentionSimulationIT {
  private static final int DAYS = 36;
  private static final int ORGANIZATIONS = 3;

  @Test
  void noRoleReadsPastAWindowNoPurgeChangesANumberAndEachStandsInTheLog() {
    try (var simulation = new RetentionSimulation(DAYS, ORGANIZATIONS, 5, 1)) {
      var found = simulation.run();

      assertThat(found.reads()).isGreaterThan(1_000);
      assertThat(found.purged()).isGreaterThan(100);
      assertThat(found.past()).isZero();
      assertThat(found.changed()).isZero();
      assertThat(found.unlogged()).isZero();
      assertThat(found.left()).isZero();
    }
  }

  @Test
  void theTwinWithAReleaserWhoSeesAllReadsPastTheWindow() {
    try (var simulation = new RetentionSimulation(12, 2, 4, 1)) {
      simulation.weaken(
          "alter policy the_releaser_reads_one_organization on capture.event using (true)");

      assertThat(simulation.run().past()).isPositive();
    }
  }
}
