// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// How long the service takes for a page, with a tenth of an installation behind it and with all.
///
/// The rows are written past the releaser: cells as it makes them, and one row a person and week,
/// as many weeks as it takes for twelve million.
final class PagesBench {
  private static final int PEOPLE = 10_000;
  private static final int TEAMS = 500;
  private static final int PERSON_WEEKS = 60;
  private static final int ROUNDS = 200;

  private final World world = new World(Clock.systemUTC());
  private final IsoWeek last = IsoWeek.lastDue(Clock.systemUTC());

  private PagesBench() {}

  static void main(String[] args) {
    var organizations = Integer.parseInt(args[0]);
    new PagesBench().measure(organizations);
  }

  private void measure(int organizations) {
    var mine = organization();
    for (var more = 1; more < Math.max(1, organizations / 10); more++) {
      organization();
    }
    world.superuser().sql("vacuum analyze").update();
    var tenth = ask(mine);
    for (var more = Math.max(1, organizations / 10); more < organizations; more++) {
      organization();
    }
    world.superuser().sql("vacuum analyze").update();
    System.out.printf("value engineers %d%n", number("select count(*) from identity.person"));
    System.out.printf(
        "value person_weeks %d%n", number("select count(*) from release.person_week"));
    var all = ask(mine);
    var growth = 0.0;
    for (var page : all.keySet()) {
      var before = Objects.requireNonNull(tenth.get(page));
      var after = Objects.requireNonNull(all.get(page));
      System.out.printf("value %s_tenth_p95_ms %.1f%n", page, before.p95());
      System.out.printf("value %s_p95_ms %.1f%n", page, after.p95());
      growth = Math.max(growth, after.median() / before.median());
    }
    System.out.printf("value growth_of_medians %.2f%n", growth);
    world.close();
  }

  /// In milliseconds.
  private record Times(double median, double p95) {
    static Times of(long[] nanos) {
      Arrays.sort(nanos);
      return new Times(nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 95 / 100] / 1e6);
    }
  }

  private Map<String, Times> ask(UUID organization) {
    var boss =
        world.person(
            organization,
            null,
            "Boss " + Instant.now(Clock.systemUTC()).toEpochMilli(),
            Role.MANAGER);
    var pass = Pass.session(world.secret(organization, boss, CredentialKind.SESSION));
    var team =
        world
            .superuser()
            .sql("select id from identity.team where org_id = :org order by name limit 1")
            .param("org", organization)
            .query(UUID.class)
            .single();
    var paths = new LinkedHashMap<String, String>();
    paths.put("teams", "/teams");
    paths.put("team", "/teams/" + team);
    paths.put("organization", "/organization");
    paths.put("table", "/teams/%s/cells.csv".formatted(team));
    paths.put("picture", "/teams/%s/prompts.png".formatted(team));
    var found = new LinkedHashMap<String, Times>();
    // Nothing is due: what is measured are pages, not the job.
    try (var pages = Pages.over(world)) {
      paths.values().forEach(path -> times(pages, path, pass));
      // As the database does by itself within a minute, and the log was empty a moment ago.
      world.superuser().sql("vacuum analyze audit.entry").update();
      paths.forEach((name, path) -> found.put(name, Times.of(times(pages, path, pass))));
    }
    return found;
  }

  private static long[] times(Pages pages, String path, Pass pass) {
    var times = new long[ROUNDS];
    for (var round = 0; round < ROUNDS; round++) {
      var begin = System.nanoTime();
      var answer = pages.bytes(path, pass);
      times[round] = System.nanoTime() - begin;
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("A page answered with " + answer.statusCode());
      }
    }
    return times;
  }

  private UUID organization() {
    var organization = world.organization();
    sql(
        """
        insert into identity.team (org_id, id, name)
        select '%1$s', gen_random_uuid(), 'Team ' || lpad(number::text, 6, '0')
          from generate_series(1, %2$d) number
        """
            .formatted(organization, TEAMS));
    sql(
        """
        insert into identity.person (org_id, id, team_id, name, email, role, joined_on)
        select '%1$s', gen_random_uuid(), team.id, 'Somebody', number || '@example.com', 'engineer',
               current_date - 400
          from generate_series(1, %3$d) number
          join (select id, row_number() over (order by name) - 1 as place
                  from identity.team where org_id = '%1$s') team
            on team.place = number %% %2$d
        """
            .formatted(organization, TEAMS, PEOPLE));
    sql(
        """
        insert into release.person_week (org_id, person_id, week, metric, value)
        select '%1$s', id, '%2$s'::date - 7 * back, 'prompts', 60
          from identity.person cross join generate_series(0, %3$d) back
         where org_id = '%1$s'
        """
            .formatted(organization, last.monday(), PERSON_WEEKS - 1));
    var epochs = Epoch.of(last);
    for (var back = 3; back >= 0; back--) {
      sql(
          """
          insert into release.frozen_epoch values ('%1$s', '%2$s');
          insert into release.frozen_group
            (org_id, epoch, team_id, people, weeks, least_active, version, roster_hash)
          select '%1$s', '%2$s', id, 20, 1, 5, 1, sha256('x') from identity.team where org_id = '%1$s'
          """
              .formatted(organization, epochs.plus(-back).monday()));
    }
    for (var week : last.andBefore(13)) {
      sql(
          """
          insert into release.released_cell
            (org_id, team_id, metric, week, state, value, step, people, active, rules, released_at)
          select '%1$s', t.id, metric, '%2$s',
                 case when withheld then 'withheld' else 'released' end,
                 case when not withheld then step * (1 + floor(random() * 8)) end, step, 20,
                 case when not withheld then 15 end, 2, '%2$s'::date + 10
            from (select id, random() < 0.1 as withheld from identity.team where org_id = '%1$s') t
           cross join (values %3$s) as metric (metric, step)
          """
              .formatted(organization, week.monday(), steps()));
      sql(
          """
          insert into release.organization_line
            (org_id, metric, week, weeks, value, step, people, groups, rules)
          select org_id, metric, week, weeks, avg(value), max(step), 9000, 450, 2
            from release.released_cell
           where org_id = '%1$s' and week = '%2$s' and state = 'released'
           group by org_id, metric, week, weeks
          """
              .formatted(organization, week.monday()));
      sql(
          "insert into release.publication (org_id, week, rules, groups, released, withheld) values ('%s', '%s', 2, 500, 1, 1)"
              .formatted(organization, week.monday()));
    }
    // What is told already is not told again while the pages are measured.
    sql(
        """
        insert into release.note (org_id, team_id, week, writer, fingerprint)
        select distinct org_id, team_id, week, 'rules', sha256('x')
          from release.released_cell where org_id = '%s' and week = '%s'
        """
            .formatted(organization, last.monday()));
    return organization;
  }

  private static String steps() {
    var values = new StringBuilder();
    for (var metric : Metric.released()) {
      values.append(values.isEmpty() ? "" : ", ");
      values.append("('%s', %s)".formatted(metric.sqlName(), metric.scale().cap() / 20));
    }
    return values.toString();
  }

  private void sql(String statement) {
    world.superuser().sql(statement).update();
  }

  private long number(String sql) {
    return world.superuser().sql(sql).query(Long.class).single();
  }
}
