// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Metric;
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
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Freezes the groups of every epoch, and publishes the cells of every week that is over, once.
public final class Releaser {
  /// Which rules a cell was made by. Another cap, constant, step or gate is another version.
  public static final int RULES = 2;

  private static final Actor ACTOR = Actor.job("releaser");
  private static final int LONGEST_WINDOW_WEEKS = 13;

  private final TenantDatabase database;
  private final AuditLog audit;
  private final ReleaseKey key;
  private final Clock clock;
  private final JsonMapper json;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `releaser`
  public Releaser(
      TenantDatabase database, AuditLog audit, ReleaseKey key, Clock clock, JsonMapper json) {
    this.database = database;
    this.audit = audit;
    this.key = key;
    this.clock = clock;
    this.json = json;
  }

  /// Releases what an organization's people have worked in weeks that are over and not out yet,
  /// oldest first.
  public void runFor(UUID organization) {
    var groups = new Groups(organization, random, json);
    var weeks = IsoWeek.lastDue(clock).andBefore(LONGEST_WINDOW_WEEKS);
    inTurn(
        organization,
        jdbc ->
            groups.freezeUpTo(jdbc, Epoch.of(weeks.getFirst()), Epoch.of(IsoWeek.running(clock))));
    for (var week : weeks) {
      inTurn(organization, jdbc -> release(jdbc, organization, groups, week));
    }
    inTurn(organization, groups::letGo);
  }

  private void inTurn(UUID organization, Consumer<JdbcClient> work) {
    TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              OneAtATime.in(jdbc, organization);
              work.accept(jdbc);
              return organization;
            }));
  }

  private void release(JdbcClient jdbc, UUID organization, Groups groups, IsoWeek week) {
    if (!mayBeReleased(jdbc, organization, week)) {
      return;
    }
    var epoch = Epoch.of(week);
    var due = groups.of(jdbc, epoch).stream().filter(group -> group.isDue(week)).toList();
    var cells = cells(jdbc, organization, groups, week, due);
    publish(jdbc, organization, cells);
    publishLine(jdbc, organization, cells);
    var released = cells.stream().filter(cell -> cell.value() != null).count();
    record(jdbc, organization, week, due.size(), released, cells.size() - released);
  }

  /// A week is published as a whole, and once. Half expired, it would look like a quiet one; with
  /// days that are not rolled up yet it has to wait for the next run.
  private static boolean mayBeReleased(JdbcClient jdbc, UUID organization, IsoWeek week) {
    return jdbc.sql(
            """
            select :week >= capture.horizon()
               and not exists (
                 select from release.publication where org_id = :org and week = :week)
               -- What the first rules have published has no line in the ledger.
               and not exists (
                 select from release.released_cell where org_id = :org and week = :week and weeks = 1)
               and not exists (
                 select from release.dirty_day
                  where org_id = :org
                    and occurred_on between release.epoch_of(:week) and :week + 6)
            """)
        .param("org", organization)
        .param("week", week.monday())
        .query(Boolean.class)
        .single();
  }

  private List<Cell> cells(
      JdbcClient jdbc, UUID organization, Groups groups, IsoWeek week, List<FrozenGroup> due) {
    var cells = new ArrayList<Cell>();
    var epoch = Epoch.of(week);
    var salts = groups.salts(jdbc, epoch);
    for (var cadence : due.stream().map(FrozenGroup::weeks).distinct().sorted().toList()) {
      var period = week.andBefore(cadence);
      var whole = isRetained(jdbc, period);
      var tallies = new Tallies(organization, json).of(jdbc, epoch, cadence, period);
      for (var group : due) {
        if (group.weeks() == cadence) {
          var draws = new Draws(key, Objects.requireNonNull(salts.get(group.group())));
          for (var metric : Metric.released()) {
            var tally = tallies.get(new Tallies.Of(group.group(), metric));
            cells.add(
                Cell.of(metric, group, week, tally == null || !whole ? NOTHING : tally, draws));
          }
        }
      }
    }
    return cells;
  }

  /// What nothing is known of: of an epoch that began before the organization's window, or of a
  /// group whose people are all forgotten.
  private static final Tally NOTHING = new Tally(0, 0, 0);

  private static boolean isRetained(JdbcClient jdbc, List<IsoWeek> period) {
    return jdbc.sql("select :first >= capture.horizon()")
        .param("first", period.getFirst().monday())
        .query(Boolean.class)
        .single();
  }

  private void publish(JdbcClient jdbc, UUID organization, List<Cell> cells) {
    jdbc.sql(
            """
            insert into release.released_cell
              (org_id, team_id, metric, week, weeks, state, value, step, people, active,
               least_active, rules)
            select :org, "teamId", metric, week, weeks, state, value, step, people, active,
                   "leastActive", :rules
              from json_to_recordset(:cells::json) as cell (
                "teamId" uuid, metric text, week date, weeks int, state text,
                value double precision, step double precision, people int, active int,
                "leastActive" int)
            """)
        .param("org", organization)
        .param("rules", RULES)
        .param("cells", json.writeValueAsString(cells))
        .update();
  }

  /// What anybody could work out who has the cells.
  private void publishLine(JdbcClient jdbc, UUID organization, List<Cell> cells) {
    jdbc.sql(
            """
            insert into release.organization_line
              (org_id, metric, week, weeks, value, step, people, groups, rules)
            select :org, metric, week, weeks, value, step, people, groups, :rules
              from json_to_recordset(:points::json) as point (
                metric text, week date, weeks int, value double precision,
                step double precision, people int, groups int)
            """)
        .param("org", organization)
        .param("rules", RULES)
        .param("points", json.writeValueAsString(LinePoint.of(cells)))
        .update();
  }

  private void record(
      JdbcClient jdbc, UUID organization, IsoWeek week, int groups, long released, long withheld) {
    jdbc.sql(
            """
            insert into release.publication (org_id, week, rules, groups, released, withheld)
            values (:org, :week, :rules, :groups, :released, :withheld)
            """)
        .param("org", organization)
        .param("week", week.monday())
        .param("rules", RULES)
        .param("groups", groups)
        .param("released", released)
        .param("withheld", withheld)
        .update();
    audit.append(
        jdbc,
        new AuditEntry(
            organization,
            ACTOR,
            "cells.released",
            "week:" + week,
            Outcome.DONE,
            Map.of("rules", RULES, "groups", groups, "released", released, "withheld", withheld)));
  }
}
