// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.AuditLog;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a manager may know of the controls: how far the log is behind with its signatures, and how
/// clients fared in the youngest epoch that was counted. How old the newest signature is, and any
/// live count, would tell when somebody works.
///
/// @param unsigned for how long an entry has been waiting; null for none
public record Panel(@Nullable Duration unsigned, @Nullable Clients clients) {
  private static final String HIDDEN = "Hidden: too few people";

  /// How clients fared in an epoch.
  public record Clients(
      LocalDate epoch,
      int engineers,
      @Nullable Integer silent,
      @Nullable String versions,
      @Nullable Boolean manyDropped,
      @Nullable Boolean manyRefused) {

    public String period() {
      var first = new IsoWeek(epoch);
      return "%s to %s".formatted(first, Epoch.of(first).last());
    }

    public String silentWords() {
      return silent == null ? HIDDEN : "about %d of %d, in steps of 5".formatted(silent, engineers);
    }

    public String versionWords() {
      return versions == null || versions.isEmpty() ? "None that enough people run" : versions;
    }

    public String droppedWords() {
      return manyDropped == null ? HIDDEN : manyDropped ? "Many" : "Few or none";
    }

    public String refusedWords() {
      return manyRefused == null ? HIDDEN : manyRefused ? "Many" : "Few or none";
    }
  }

  /// As it is now, in a transaction that is on record.
  public static Panel of(JdbcClient jdbc, UUID organization, Clock clock) {
    return new Panel(
        AuditLog.unsignedSince(jdbc)
            .map(since -> Duration.between(since, clock.instant()))
            // Signatures are ten seconds apart, so something is always waiting.
            .filter(waiting -> waiting.compareTo(Duration.ofMinutes(1)) >= 0)
            .orElse(null),
        jdbc.sql(
                """
                select epoch, engineers, silent, array_to_string(versions, ', ') as versions,
                       many_dropped, many_refused
                  from release.client_health
                 where org_id = :org
                 order by epoch desc
                 limit 1
                """)
            .param("org", organization)
            .query(DataClassRowMapper.newInstance(Clients.class))
            .optional()
            .orElse(null));
  }

  public String logWords() {
    return unsigned == null
        ? "Signed up to now"
        : "Not signed for %d min".formatted(unsigned.toMinutes());
  }
}
