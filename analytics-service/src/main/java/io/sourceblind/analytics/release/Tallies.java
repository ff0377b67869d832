// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import io.sourceblind.analytics.metric.Formula;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Counts groups. This is the one place where numbers of people are read to make numbers of groups.
final class Tallies {
  /// How far back somebody's own past goes who is away, as long as it is retained.
  static final int WEEKS_CARRIED = 12;

  private final UUID organization;
  private final JsonMapper json;

  Tallies(UUID organization, JsonMapper json) {
    this.organization = organization;
    this.json = json;
  }

  record Of(UUID group, Metric metric) {}

  private record Row(UUID teamId, String metric, int active, int contributing, long units) {}

  /// What the database has to know of a metric.
  ///
  /// @param nothing a value up to which somebody has nothing to say: a count of zero adds nothing
  ///   to a number, a rate of zero is a statement
  private record Rule(String metric, double cap, double otherwise, double nothing) {
    static Rule of(Metric metric) {
      return switch (metric.formula()) {
        case Formula.Count _ -> new Rule(metric.sqlName(), metric.scale().cap(), 0, 0);
        case Formula.Rate rate ->
            new Rule(metric.sqlName(), metric.scale().cap(), rate.otherwise(), -1);
      };
    }
  }

  /// The tallies of all groups of one cadence.
  ///
  /// Whoever is away counts with the mean of their own active weeks before, so that a holiday does
  /// not show; whoever has none, with a constant.
  Map<Of, Tally> of(JdbcClient jdbc, Epoch epoch, int cadence, List<IsoWeek> period) {
    var tallies = new HashMap<Of, Tally>();
    // The planner knows nothing of the sizes of the parts below. It takes them for small and would
    // walk
    // through all weeks of everybody for each person.
    jdbc.sql("set local enable_nestloop = off").update();
    jdbc
        .sql(
            """
            with rule as materialized (
              select * from json_to_recordset(:rules::json) as rule (
                metric text, cap double precision, otherwise double precision,
                nothing double precision)
            ),
            member as materialized (
              select r.person_id, r.team_id
                from release.roster r
                join release.frozen_group g using (org_id, epoch, team_id)
               where r.org_id = :org and r.epoch = :epoch and g.weeks = :cadence
            ),
            active as materialized (
              select person_id, week
                from release.person_week
                join member using (person_id)
               where org_id = :org
                 and week between :first - 7 * :carried and :last
                 and week >= (select capture.horizon())
                 and metric = 'active_days'
                 and value > 0
            ),
            bounded as materialized (
              select p.person_id, p.week, p.metric, p.value,
                     round(least(p.value, rule.cap) * 1000000)::bigint as units
                from release.person_week p
                join active using (person_id, week)
                join rule using (metric)
               where p.org_id = :org
                 and p.week between :first - 7 * :carried and :last
            ),
            period as (
              select generate_series(:first::timestamp, :last::timestamp, '7 days')::date as week
            ),
            carried as materialized (
              select b.person_id, b.metric, period.week, round(avg(b.units))::bigint as units
                from period
                join bounded b
                  on b.week >= period.week - 7 * :carried and b.week < period.week
               group by b.person_id, b.metric, period.week
            ),
            person as (
              select m.team_id, m.person_id, rule.metric,
                     bool_or(b.value > rule.nothing) as contributes,
                     sum(coalesce(b.units, c.units, round(rule.otherwise * 1000000)::bigint)) as units
                from member m
               cross join rule
               cross join period
                left join bounded b
                  on b.person_id = m.person_id and b.metric = rule.metric and b.week = period.week
                left join carried c
                  on c.person_id = m.person_id and c.metric = rule.metric and c.week = period.week
               group by m.team_id, m.person_id, rule.metric
            ),
            present as (
              select m.team_id, count(distinct m.person_id)::int as active
                from member m
                join active a on a.person_id = m.person_id and a.week between :first and :last
               group by m.team_id
            )
            select p.team_id, p.metric, coalesce(max(present.active), 0) as active,
                   count(*) filter (where p.contributes)::int as contributing,
                   sum(p.units)::bigint as units
              from person p
              left join present on present.team_id = p.team_id
             group by p.team_id, p.metric
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .param("cadence", cadence)
        .param("first", period.getFirst().monday())
        .param("last", period.getLast().monday())
        .param("carried", WEEKS_CARRIED)
        .param("rules", json.writeValueAsString(Metric.released().stream().map(Rule::of).toList()))
        .query(DataClassRowMapper.newInstance(Row.class))
        .stream()
        .forEach(row ->
            tallies.put(
                new Of(row.teamId(), Metric.of(row.metric())),
                new Tally(row.active(), row.contributing(), row.units())));
    return tallies;
  }
}
