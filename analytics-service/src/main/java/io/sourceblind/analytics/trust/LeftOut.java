// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How often a field was left out at the door, or an event refused because of it.
///
/// @param field its name; `unlisted` for all that no allowlist knows
/// @param reason `dropped`, or why the event was refused
record LeftOut(
    String field, String reason, long times, @JsonProperty("last_day") LocalDate lastDay) {

  /// What was left out within the organization's window, the most frequent first.
  static List<LeftOut> all(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select field, reason, sum(times) as times, max(on_day) as last_day
              from release.left_out
             group by field, reason
             order by times desc, field, reason
            """)
        .query(DataClassRowMapper.newInstance(LeftOut.class))
        .list();
  }
}
