// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each attack works where its rule is missing, and does not work here. `bin/attack-aggregates`
/// asks more often.
class AttacksIT {
  private static final AttackBattery BATTERY = new AttackBattery(100);

  static Stream<AttackBattery.Attack> attacks() {
    return BATTERY.attacks().stream();
  }

  @AfterAll
  static void stop() {
    BATTERY.close();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void itWorksOnTheTwinAndNotHere(AttackBattery.Attack attack) {
    assertThat(attack.twin().getAsBoolean()).as("%s works without its rule", attack).isTrue();
    assertThat(attack.real().getAsBoolean()).as("%s works here", attack).isFalse();
  }
}
