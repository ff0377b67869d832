// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.ingest.allowlist.Allowlist;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class AllowlistHealthTest {

  @Test
  void healthWarnsAMonthBeforeAFieldExpires() {
    assertThat(health("2027-04-30T00:00:00Z")).isEqualTo("UP");
    assertThat(health("2027-05-01T00:00:00Z")).isEqualTo("WARN");
    assertThat(health("2028-05-01T00:00:00Z")).isEqualTo("WARN");
  }

  private static String health(String now) {
    var allowlist = Allowlist.load(Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
    return new AllowlistHealth(allowlist).health().getStatus().getCode();
  }
}
