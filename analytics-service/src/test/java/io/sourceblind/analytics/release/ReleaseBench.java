// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.World;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/// How long one weekly release takes.
final class ReleaseBench {
  private ReleaseBench() {}

  static void main(String[] args) {
    var people = Integer.parseInt(args[0]);
    var teams = Integer.parseInt(args[1]);
    var clock = Clock.systemUTC();
    try (var world = new World(clock)) {
      var organization = world.organization();
      var week = IsoWeek.lastDue(clock);
      fill(world, organization, people, teams, week);
      // Everything before is out already, as it is in a week like any other.
      world.releaser(Clock.fixed(week.minus(1).due(), UTC)).runFor(organization);
      var before = cells(world, week);
      var begin = System.nanoTime();
      world.release(organization);
      var took = Duration.ofNanos(System.nanoTime() - begin);
      System.out.printf("value release_seconds %.1f%n", took.toMillis() / 1000.0);
      System.out.printf("value released_cells %d%n", cells(world, week) - before);
    }
  }

  /// Twelve weeks of everybody, four fifths of whom are there in any.
  static void fill(World world, UUID organization, int people, int teams, IsoWeek week) {
    world
        .superuser()
        .sql(
            """
            insert into identity.team (org_id, id, name)
            select :org, gen_random_uuid(), 'Team ' || lpad(number::text, 6, '0')
              from generate_series(1, :teams) number
            """)
        .param("org", organization)
        .param("teams", teams)
        .update();
    world
        .superuser()
        .sql(
            """
            insert into identity.person (org_id, id, team_id, name, email, role, joined_on)
            select :org, gen_random_uuid(), team.id, 'Somebody', number || '@example.com', 'engineer',
                   :joined
              from generate_series(1, :people) number
              join (select id, row_number() over (order by name) - 1 as place
                      from identity.team where org_id = :org) team
                on team.place = number % :teams
            """)
        .param("org", organization)
        .param("teams", teams)
        .param("people", people)
        .param("joined", week.monday().minusDays(200))
        .update();
    for (var one : week.andBefore(12)) {
      world
          .superuser()
          .sql(
              """
              insert into release.person_week (org_id, person_id, week, metric, value)
              select :org, p.id, :week, metric, greatest(random(), 0.2) * cap
                from identity.person p
               cross join json_to_recordset(:metrics::json) as m (metric text, cap double precision)
               where p.org_id = :org and hashtext(p.id::text || :week::text) % 5 <> 0
              """)
          .param("org", organization)
          .param("week", one.monday())
          .param(
              "metrics",
              World.JSON.writeValueAsString(
                  Metric.released().stream()
                      .map(
                          metric -> Map.of("metric", metric.sqlName(), "cap", metric.scale().cap()))
                      .toList()))
          .update();
    }
    world.superuser().sql("analyze").update();
  }

  private static long cells(World world, IsoWeek week) {
    return world
        .superuser()
        .sql("select count(*) from release.released_cell where week = :week and state = 'released'")
        .param("week", week.monday())
        .query(Long.class)
        .single();
  }
}
