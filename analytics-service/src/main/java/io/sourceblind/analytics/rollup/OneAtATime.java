// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.rollup;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lets one transaction at a time make numbers of an organization, on however many machines.
public final class OneAtATime {
  private OneAtATime() {}

  /// Waits for its turn, which ends with the transaction.
  public static void in(JdbcClient jdbc, UUID organization) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended('analytics:' || :org, 0))")
        .param("org", organization.toString())
        .query()
        .listOfRows();
  }
}
