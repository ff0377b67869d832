// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.SimulatedWork;
import io.sourceblind.analytics.World;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Whoever collects every id of one organization gets nothing for them in another; and what one
/// engineer does changes nothing that their manager sees before it is released.
class HarvestIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Scene SCENE = new Scene();

  /// Two organizations, one of them at work for weeks, and its numbers released.
  private static final class Scene implements AutoCloseable {
    final World world = new World(CLOCK);
    final Cast ours = new Cast(world, "Ourmarker");
    final Cast theirs = new Cast(world, "Theirmarker");
    final Pages pages;
    final Harvest harvest;

    Scene() {
      for (var engineer : world.engineers(ours.organization, ours.team, "Ourmarker colleague", 9)) {
        work(engineer, engineer.hashCode(), 1);
      }
      work(ours.somebody(Role.ENGINEER), 1, 1);
      world.store();
      world.rollUp(ours.organization);
      world.release(ours.organization);
      var settings = Pages.settings(world);
      settings.put("mail.console", true);
      pages = Pages.over(settings);
      harvest = new Harvest(world, pages);
    }

    void work(UUID engineer, long seed, double busy) {
      var work = new SimulatedWork(world, ours.organization, seed);
      for (var week : IsoWeek.running(CLOCK).andBefore(5)) {
        work.week(engineer, week, busy, 0.9, CLOCK.instant());
      }
    }

    List<UUID> engineers() {
      return world
          .superuser()
          .sql("select id from identity.person where org_id = :org and role = 'engineer'")
          .param("org", ours.organization)
          .query((row, _) -> row.getObject("id", UUID.class))
          .list();
    }

    void superuser(String sql) {
      world.superuser().sql(sql).update();
    }

    /// As if nothing had been released yet.
    void releaseAnew() {
      world.database().withoutDdlGuard();
      for (var table : tablesOfReleases()) {
        superuser("alter table release.%s disable trigger all".formatted(table));
        superuser("delete from release." + table);
        superuser("alter table release.%s enable trigger all".formatted(table));
      }
      world.release(ours.organization);
    }

    private static List<String> tablesOfReleases() {
      return List.of(
          "organization_line",
          "publication",
          "released_cell",
          "roster",
          "frozen_group",
          "frozen_epoch",
          "known_team");
    }

    /// All that there is of an organization, in numbers that show any change.
    Map<String, String> stateOf(UUID organization) {
      var state = new TreeMap<String, String>();
      var tables =
          world
              .superuser()
              .sql(
                  """
                  select table_schema || '.' || table_name
                    from information_schema.columns c
                    join information_schema.tables t using (table_schema, table_name)
                   where c.column_name = 'org_id' and t.table_type = 'BASE TABLE'
                     and table_schema in ('identity', 'capture', 'release', 'audit')
                     -- What its own jobs write while this runs.
                     and table_name not in ('leaf', 'entry', 'outbox')
                  """)
              .query((row, _) -> String.valueOf(row.getString(1)))
              .list();
      for (var table : tables) {
        state.put(
            table,
            world
                .superuser()
                .sql(
                    // A wrong code takes a try of it, whoever enters it.
                    """
                    select coalesce(md5(string_agg(row, '' order by row)), '')
                      from (select md5((to_jsonb(t) - 'tries')::text) as row
                              from %s t where org_id = :org) rows
                    """
                        .formatted(table))
                .param("org", organization)
                .query(String.class)
                .single());
      }
      return state;
    }

    @Override
    public void close() {
      pages.close();
      world.close();
    }
  }

  @AfterAll
  static void stop() {
    SCENE.close();
  }

  @Test
  void everyIdThatOneOrganizationSeesIsNothingInAnother() {
    var kinds = SCENE.harvest.byKind(SCENE.harvest.idsOf(SCENE.ours));
    assertThat(kinds)
        .containsKeys(
            "identity.person.id",
            "identity.team.id",
            "identity.credential.id",
            "identity.invitation.id",
            "identity.workspace.id",
            "identity.workspace_key.id",
            "identity.deletion.id",
            "identity.mailed_code.id",
            "capture.event.event_id",
            "capture.event.session_ref");
    var before = SCENE.stateOf(SCENE.ours.organization);

    var replayed = SCENE.harvest.replay(SCENE.theirs, kinds, "Ourmarker");

    assertThat(replayed.told()).isEmpty();
    assertThat(replayed.requests()).isGreaterThan(1_000);
    assertThat(SCENE.stateOf(SCENE.ours.organization)).isEqualTo(before);
    for (var role : Role.values()) {
      assertThat(SCENE.harvest.walk(SCENE.theirs, role))
          .allSatisfy((_, page) -> assertThat(page).doesNotContain("Ourmarker"));
    }
  }

  @Test
  void theTwinInWhichATeamsRowsAreEverybodysIsFound() {
    try (var weakened = new Scene()) {
      var kinds = Map.of("identity.team.id", List.of(weakened.ours.team.toString()));
      assertThat(weakened.harvest.replay(weakened.theirs, kinds, "Ourmarker").told()).isEmpty();

      // Row security and the check in the query are both gone for this one table.
      weakened.superuser("alter table identity.team rename to every_team");
      weakened.superuser(
          """
          create view identity.team as
          select nullif(current_setting('app.org_id', true), '')::uuid as org_id, id, name
            from identity.every_team
          """);
      weakened.superuser("grant select on identity.team to manager_api, identity_api");

      assertThat(weakened.harvest.replay(weakened.theirs, kinds, "Ourmarker").told())
          .anyMatch(told -> told.startsWith("MANAGER TEAM {id}"))
          .anyMatch(told -> told.startsWith("MANAGER API_CELLS leaf"));
    }
  }

  @Test
  void whatOneEngineerDoesChangesNothingThatAManagerSeesBeforeTheNextRelease() {
    SCENE.harvest.walk(SCENE.ours, Role.ENGINEER);
    managerSees(SCENE);
    var before = managerSees(SCENE);
    var own = SCENE.harvest.walk(SCENE.ours, Role.ENGINEER);

    SCENE.work(SCENE.ours.somebody(Role.ENGINEER), 99, 4);
    SCENE.world.store();
    SCENE.world.rollUp(SCENE.ours.organization);
    SCENE.world.release(SCENE.ours.organization);

    assertThat(before).hasSizeGreaterThan(15);
    assertThat(managerSees(SCENE)).isEqualTo(before);
    assertThat(SCENE.harvest.walk(SCENE.ours, Role.ENGINEER)).isNotEqualTo(own);
  }

  @Test
  void whateverNamesAPersonToAManagerHangsOnNothingThatWasMeasured() {
    try (var again = new Scene()) {
      managerSees(again);
      var before = managerSees(again);

      for (var engineer : again.engineers()) {
        again.work(engineer, 99, 4);
      }
      again.world.store();
      again.world.rollUp(again.ours.organization);
      again.releaseAnew();
      var after = managerSees(again);

      // The twin of the oracle above: what is released anew is seen.
      assertThat(after).isNotEqualTo(before);
      assertThat(named(again, before)).hasSizeGreaterThan(1).isEqualTo(named(again, after));

      again.superuser(
          """
          update identity.person p
             set name = left(name, 60) || ' ' ||
                 (select count(*) from capture.event e
                   where e.org_id = p.org_id and e.person_id = p.id)
          """);
      assertThat(named(again, managerSees(again))).isNotEqualTo(named(again, after));
    }
  }

  /// What an owner sees, who opens all that a manager does: without the minute in which they
  /// looked.
  private static Map<String, Object> managerSees(Scene scene) {
    var seen = new LinkedHashMap<String, Object>();
    scene
        .harvest
        .walk(scene.ours, Role.OWNER)
        .forEach((path, page) -> {
          // How late the log's signer is hangs on the machine.
          var text =
              page.replaceAll(
                  "\\d\\d:\\d\\d|\\d+ times?|Signed up to now|Not signed for \\d+ min", "<time>");
          // Each look is a line of the log, and each export has a number of its own: that there
          // are such lines is compared, not how many.
          seen.put(
              path,
              path.startsWith("/log")
                  ? new TreeSet<>(
                      List.of(Harvest.ID.matcher(text).replaceAll("<id>").split("<tr>")))
                  : text);
        });
    return seen;
  }

  /// Those that say who somebody is, by id, name or address; of an export the lines that do.
  private static Map<String, Object> named(Scene scene, Map<String, Object> seen) {
    var people =
        scene
            .world
            .superuser()
            .sql(
                """
                select unnest(array[id::text, name::text, email::text])
                  from identity.person where org_id = :org
                """)
            .param("org", scene.ours.organization)
            .query((row, _) -> String.valueOf(row.getString(1)))
            .list();
    Predicate<String> names = text -> people.stream().anyMatch(text::contains);
    var named = new TreeMap<String, Object>();
    seen.forEach((path, page) -> {
      var text = String.valueOf(page);
      if (path.endsWith(".jsonl")) {
        named.put(path, text.lines().filter(names).toList());
      } else if (names.test(text)) {
        named.put(path, page);
      }
    });
    return named;
  }
}
