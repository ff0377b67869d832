// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import io.sourceblind.analytics.rollup.OneAtATime;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Counts once for every epoch, for an organization as a whole, from how many engineers nothing
/// came, which versions of the client are in wide use, and whether much is left out at the door.
///
/// It is what a manager may know of clients. The floors are those of released numbers: nothing of
/// fewer than ten engineers, nothing of fewer than five and a secret few more, and one person moves
/// a count by one step at most.
public final class ClientHealth {
  static final int LEAST_ENGINEERS = 10;
  static final int STEP = 5;

  /// More than this for each engineer within an epoch is much.
  private static final int FEW = 10;

  private static final int MOST_SECRET = 3;
  private static final int MOST_VERSIONS = 20;
  private static final String VERSION = "[0-9]{1,4}(\\.[0-9]{1,4}){1,3}";
  private static final Actor ACTOR = Actor.job("releaser");

  private final TenantDatabase database;
  private final AuditLog audit;
  private final RandomGenerator random;
  private final Clock clock;

  /// @param database in the role of the releaser
  public ClientHealth(
      TenantDatabase database, AuditLog audit, RandomGenerator random, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.random = random;
    this.clock = clock;
  }

  private record Heard(@Nullable String version, int engineers) {}

  private record LeftOutTimes(long dropped, long refused) {}

  /// Counts the youngest epoch that is over, unless that was done.
  public void runFor(UUID organization) {
    var epoch = Epoch.of(IsoWeek.lastDue(clock).plus(1)).plus(-1);
    TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              OneAtATime.in(jdbc, organization);
              if (mayBeCounted(jdbc, organization, epoch)) {
                count(jdbc, organization, epoch);
              }
              return organization;
            }));
  }

  /// Of an epoch that is half let go, everybody would look silent.
  private static boolean mayBeCounted(JdbcClient jdbc, UUID organization, Epoch epoch) {
    return jdbc.sql(
            """
            select :epoch >= capture.horizon()
               and not exists (
                 select from release.client_health where org_id = :org and epoch = :epoch)
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(Boolean.class)
        .single();
  }

  private void count(JdbcClient jdbc, UUID organization, Epoch epoch) {
    var byVersion = new HashMap<String, Integer>();
    var silent = 0;
    var engineers = 0;
    for (var heard : heard(jdbc, organization, epoch)) {
      engineers += heard.engineers();
      if (heard.version() == null) {
        silent = heard.engineers();
      } else {
        byVersion.put(heard.version(), heard.engineers());
      }
    }
    var enough = engineers >= LEAST_ENGINEERS;
    var times = leftOut(jdbc, organization, epoch);
    jdbc.sql(
            """
            insert into release.client_health
              (org_id, epoch, engineers, silent, versions, many_dropped, many_refused)
            values (:org, :epoch, :engineers, :silent, string_to_array(:versions, ' '),
                    :dropped, :refused)
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .param("engineers", engineers)
        .param("silent", enough ? shown(silent, engineers) : null)
        .param("versions", enough ? String.join(" ", inWideUse(byVersion)) : "")
        .param("dropped", enough ? times.dropped() > (long) FEW * engineers : null)
        .param("refused", enough ? times.refused() > (long) FEW * engineers : null)
        .update();
    audit.append(
        jdbc,
        new AuditEntry(
            organization,
            ACTOR,
            "clients.counted",
            "epoch:" + epoch.first(),
            Outcome.DONE,
            Map.of("engineers", engineers)));
  }

  /// In steps, up or down by lot; null where it is to be hidden.
  private @Nullable Integer shown(int silent, int engineers) {
    if (silent < floor() || engineers - silent < floor()) {
      return null;
    }
    return (silent + random.nextInt(STEP)) / STEP * STEP;
  }

  private Set<String> inWideUse(Map<String, Integer> byVersion) {
    var wide = new TreeSet<String>();
    byVersion.forEach((version, engineers) -> {
      if (engineers >= floor() && version.matches(VERSION) && wide.size() < MOST_VERSIONS) {
        wide.add(version);
      }
    });
    return wide;
  }

  private int floor() {
    return 5 + random.nextInt(MOST_SECRET + 1);
  }

  /// By the version that somebody ran last.
  private static List<Heard> heard(JdbcClient jdbc, UUID organization, Epoch epoch) {
    return jdbc.sql(
            """
            with engineer as (
              select id
                from identity.person
               where org_id = :org and role = 'engineer' and joined_on < :epoch
            ), heard as (
              select (select e.client_version::text
                        from capture.event e
                       where e.org_id = :org and e.person_id = engineer.id
                         and e.occurred_on between :epoch and :epoch + 27
                       order by e.occurred_on desc
                       limit 1) as version
                from engineer)
            select version, count(*) as engineers from heard group by version
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(DataClassRowMapper.newInstance(Heard.class))
        .list();
  }

  private static LeftOutTimes leftOut(JdbcClient jdbc, UUID organization, Epoch epoch) {
    return jdbc.sql(
            """
            select coalesce(sum(times) filter (where reason = 'dropped'), 0) as dropped,
                   coalesce(sum(times) filter (where reason <> 'dropped'), 0) as refused
              from release.left_out
             where org_id = :org and on_day between :epoch and :epoch + 27
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(DataClassRowMapper.newInstance(LeftOutTimes.class))
        .single();
  }
}
