// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.ingest.allowlist.Allowlist;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/// Warns a month before a field is no longer let in, so that somebody agrees on it again in time.
final class AllowlistHealth implements HealthIndicator {
  private static final Logger LOG = LoggerFactory.getLogger(AllowlistHealth.class);
  private static final Status WARN = new Status("WARN");
  private static final int DAYS_AHEAD = 30;

  private final Allowlist allowlist;

  AllowlistHealth(Allowlist allowlist) {
    this.allowlist = allowlist;
    var expiring = expiring();
    if (!expiring.isEmpty()) {
      LOG.warn("Fields of the allowlist that expire within {} days: {}", DAYS_AHEAD, expiring);
    }
  }

  @Override
  public Health health() {
    var expiring = expiring();
    return expiring.isEmpty()
        ? Health.up().build()
        : Health.status(WARN).withDetail("expiring", expiring).build();
  }

  private List<String> expiring() {
    return allowlist.expiringWithin(DAYS_AHEAD);
  }
}
