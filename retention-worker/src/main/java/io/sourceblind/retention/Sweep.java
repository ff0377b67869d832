// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import io.sourceblind.db.TenantDatabase;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the worker. What fails is logged and tried again on the next run; it does not keep
/// the rest from happening.
final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private final TenantDatabase database;
  private final Days days;
  private final Window window;

  Sweep(TenantDatabase database, Days days, Window window) {
    this.database = database;
    this.days = days;
    this.window = window;
  }

  /// Synchronized: the run at the start may last into the night.
  synchronized Swept runOnce() {
    var swept = attempt("The days ahead were not opened", days::open);
    // Before the windows: dropping a day costs next to nothing, deleting its rows does not.
    swept = swept.plus(attempt("The days past the 90th were not dropped", days::drop));
    for (var organization : organizations()) {
      swept =
          swept.plus(
              attempt(
                  "Organization %s still has events past its window".formatted(organization),
                  () -> window.letGo(organization)));
    }
    LOG.info("{}", swept);
    warnOfWhatIsLeft();
    return swept;
  }

  /// Whoever watches the pages' health sees the same number, also when no worker runs.
  private void warnOfWhatIsLeft() {
    var late = daysLate();
    if (late > 0) {
      LOG.error("What is {} days past its window is still on disk; nobody can read it", late);
    }
  }

  /// By how many days the oldest row on disk is past its window.
  int daysLate() {
    return database.withoutTenant(
        jdbc -> jdbc.sql("select release.days_late()").query(Integer.class).single());
  }

  private List<UUID> organizations() {
    return database.withoutTenant(jdbc ->
        jdbc.sql("select id from identity.organization order by id").query(UUID.class).list());
  }

  private static Swept attempt(String otherwise, Supplier<Swept> part) {
    try {
      return part.get();
    } catch (RuntimeException failed) {
      LOG.error("{}", otherwise, failed);
      return new Swept(0, 0, 0, 0, 1);
    }
  }
}
