// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

/// Sweeps when the worker starts, and every night when a day has just ended.
final class Nightly {
  private final Sweep sweep;

  Nightly(Sweep sweep) {
    this.sweep = sweep;
  }

  @EventListener(ApplicationReadyEvent.class)
  @Scheduled(cron = "0 15 0 * * *", zone = "UTC")
  void sweep() {
    sweep.runOnce();
  }
}
