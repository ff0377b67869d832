// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Principal;
import io.sourceblind.ingest.allowlist.Allowlist;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells a device by which rules its events are taken and kept, as two fingerprints: a device that
/// knew others stops sending until its engineer has looked.
@RestController
class ContractController {
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final RateLimits limits;
  private final TenantDatabase database;
  private final Clock clock;
  private volatile @Nullable Seen seen;

  ContractController(RateLimits limits, TenantDatabase database, Clock clock) {
    this.limits = limits;
    this.database = database;
    this.clock = clock;
  }

  /// @param allowlist the SHA-256 of the file that lists the fields
  /// @param database the SHA-256 of what the tables can hold: columns, types and checks
  record Contract(String allowlist, String database) {}

  private record Seen(Contract contract, Instant at) {}

  @GetMapping(path = "/v1/contract", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Contract> contract(@AuthenticationPrincipal Principal device) {
    limits.count(device);
    var last = seen;
    if (last == null || last.at().plus(FRESH).isBefore(clock.instant())) {
      last =
          new Seen(
              new Contract(
                  Allowlist.fingerprint(), TenantScope.callAs(device.tenant(), this::tables)),
              clock.instant());
      seen = last;
    }
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(last.contract());
  }

  String tables() {
    return database.inTransaction(jdbc ->
        jdbc.sql(
                """
                select encode(sha256(convert_to(string_agg(line, ';' order by line collate "C"), 'UTF8')), 'hex')
                  from (
                    select t.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                           || ' ' || a.attnotnull as line
                      from pg_attribute a
                      join pg_class t on t.oid = a.attrelid
                      join pg_namespace n on n.oid = t.relnamespace
                     where n.nspname = 'capture' and t.relkind in ('r', 'p') and not t.relispartition
                       and a.attnum > 0 and not a.attisdropped
                    union all
                    select c.conname || ' ' || pg_get_constraintdef(c.oid)
                      from pg_constraint c
                      join pg_namespace n on n.oid = c.connamespace
                      left join pg_class t on t.oid = c.conrelid
                     where n.nspname = 'capture' and not coalesce(t.relispartition, false)
                    union all
                    select d.typname || ' ' || format_type(d.typbasetype, d.typtypmod) || ' ' || d.typnotnull
                      from pg_type d
                      join pg_namespace n on n.oid = d.typnamespace
                     where n.nspname = 'capture' and d.typtype = 'd'
                  ) as rules
                """)
            .query(String.class)
            .single());
  }
}
