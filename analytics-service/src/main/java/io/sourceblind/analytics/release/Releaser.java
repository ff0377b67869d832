// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Formula;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.rollup.OneAtATime;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Publishes the cells of every week that is over, once.
public final class Releaser {
  /// Which rules a cell was made by. Another cap, constant, step or gate is another version.
  public static final int RULES = 1;

  private static final Actor ACTOR = Actor.job("releaser");
  private static final int LONGEST_WINDOW_WEEKS = 13;

  private record Published(int released, int withheld) {}

  private final TenantDatabase database;
  private final AuditLog audit;
  private final Clock clock;
  private final JsonMapper json;

  /// @param database as `releaser`
  public Releaser(TenantDatabase database, AuditLog audit, Clock clock, JsonMapper json) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
    this.json = json;
  }

  /// Releases what an organization's people have worked in weeks that are over and not out yet,
  /// oldest first.
  public void runFor(UUID organization) {
    for (var week : IsoWeek.lastDue(clock).andBefore(LONGEST_WINDOW_WEEKS)) {
      TenantScope.callAs(
          Tenant.of(organization),
          () -> database.inTransaction(jdbc -> release(jdbc, organization, week)));
    }
  }

  private int release(JdbcClient jdbc, UUID organization, IsoWeek week) {
    OneAtATime.in(jdbc, organization);
    if (!mayBeReleased(jdbc, organization, week)) {
      return 0;
    }
    var cells = new ArrayList<Cell>();
    for (var metric : Metric.released()) {
      for (var tally : tallies(jdbc, organization, week, metric)) {
        cells.add(Cell.of(metric, tally));
      }
    }
    if (cells.isEmpty()) {
      return 0;
    }
    var published = publish(jdbc, organization, week, cells);
    audit.append(
        jdbc,
        new AuditEntry(
            organization,
            ACTOR,
            "cells.released",
            "week:" + week,
            Outcome.DONE,
            Map.of(
                "rules",
                RULES,
                "released",
                published.released(),
                "withheld",
                published.withheld())));
    return cells.size();
  }

  /// A week is published as a whole: a team that is made later never gets cells for it, or the same
  /// people would be counted in two groups. Half expired, it would look like a quiet one; with days
  /// that are not rolled up yet it has to wait for the next run.
  private static boolean mayBeReleased(JdbcClient jdbc, UUID organization, IsoWeek week) {
    return jdbc.sql(
            """
            select :week >= capture.horizon()
               and not exists (
                 select from release.released_cell where org_id = :org and week = :week)
               and not exists (
                 select from release.dirty_day
                  where org_id = :org and occurred_on between :week and :week + 6)
            """)
        .param("org", organization)
        .param("week", week.monday())
        .query(Boolean.class)
        .single();
  }

  private static List<Tally> tallies(
      JdbcClient jdbc, UUID organization, IsoWeek week, Metric metric) {
    return jdbc.sql(
            """
            with roster as (
              select team_id, id as person_id
                from identity.person
               where org_id = :org
                 and role = 'engineer'
                 and team_id is not null
                 and joined_on < :week
            )
            select team_id,
                   count(*) as people,
                   count(*) filter (where days.value > 0) as active,
                   count(*) filter (where own.value > :nothing) as contributing,
                   sum(round(least(coalesce(own.value, :otherwise), :cap) * 1000000)::bigint)::bigint
                     as units
              from roster
              left join release.person_week days
                on days.org_id = :org and days.person_id = roster.person_id
                   and days.week = :week and days.metric = 'active_days'
              left join release.person_week own
                on own.org_id = :org and own.person_id = roster.person_id
                   and own.week = :week and own.metric = :metric
             group by team_id
             order by team_id
            """)
        .param("org", organization)
        .param("week", week.monday())
        .param("metric", metric.sqlName())
        .param("cap", metric.scale().cap())
        .param("otherwise", otherwise(metric))
        // Somebody with a count of zero adds nothing to it; a rate of zero is a statement.
        .param("nothing", metric.formula() instanceof Formula.Count ? 0 : -1)
        .query(DataClassRowMapper.newInstance(Tally.class))
        .list();
  }

  private static double otherwise(Metric metric) {
    return switch (metric.formula()) {
      case Formula.Count _ -> 0;
      case Formula.Rate rate -> rate.otherwise();
    };
  }

  private Published publish(JdbcClient jdbc, UUID organization, IsoWeek week, List<Cell> cells) {
    return jdbc.sql(
            """
            with published as (
              insert into release.released_cell
                (org_id, team_id, metric, week, state, value, step, people, active, rules)
              select :org, "teamId", metric, :week, state, value, step, people, active, :rules
                from json_to_recordset(:cells::json) as cell (
                  "teamId" uuid, metric text, state text, value double precision,
                  step double precision, people int, active int)
                  on conflict do nothing
              returning state
            )
            select count(*) filter (where state = 'released') as released,
                   count(*) filter (where state = 'withheld') as withheld
              from published
            """)
        .param("org", organization)
        .param("week", week.monday())
        .param("rules", RULES)
        .param("cells", json.writeValueAsString(cells))
        .query(Published.class)
        .single();
  }
}
