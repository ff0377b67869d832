// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// The frozen groups of an organization in the database.
final class Groups {
  private static final int MOST_EPOCHS_AT_ONCE = 8;
  private static final int SALT_BYTES = 32;

  private final UUID organization;
  private final SecureRandom random;
  private final JsonMapper json;

  Groups(UUID organization, SecureRandom random, JsonMapper json) {
    this.organization = organization;
    this.random = random;
    this.json = json;
  }

  private record Thresholds(int leastPeople, int leastActive) {}

  private record PastRow(
      UUID group, String rosterHash, int version, int begun, boolean withdrawn) {}

  private record Member(UUID teamId, UUID id) {}

  /// One person's place, or one group's secret, on its way into the database.
  private record Row(UUID team, @Nullable UUID person, int version, String bytes, int people) {}

  /// Freezes the groups of every epoch that has begun and has none yet.
  ///
  /// @param oldest the first epoch for an organization that has had none
  void freezeUpTo(JdbcClient jdbc, Epoch oldest, Epoch running) {
    var last =
        jdbc.sql("select max(epoch) from release.frozen_epoch where org_id = :org")
            .param("org", organization)
            .query(java.time.LocalDate.class)
            .optional()
            .map(monday -> new Epoch(new IsoWeek(monday)));
    var next = last.map(epoch -> epoch.plus(1)).orElse(oldest);
    // Whoever was away for long is not owed groups for weeks that nobody can compute any more.
    while (next.plus(MOST_EPOCHS_AT_ONCE).compareTo(running) < 0) {
      next = next.plus(1);
    }
    for (; next.compareTo(running) <= 0; next = next.plus(1)) {
      freeze(jdbc, next);
    }
  }

  private void freeze(JdbcClient jdbc, Epoch epoch) {
    jdbc.sql("insert into release.frozen_epoch (org_id, epoch) values (:org, :epoch)")
        .param("org", organization)
        .param("epoch", epoch.monday())
        .update();
    var thresholds = thresholds(jdbc, epoch);
    var teams = teams(jdbc, epoch);
    var known = knownBefore(jdbc, epoch, teams);
    var made =
        new Grouping(thresholds.leastPeople(), past(jdbc, epoch))
            .of(organization, new TreeMap<>(known));
    save(jdbc, epoch, thresholds, made);
  }

  private Thresholds thresholds(JdbcClient jdbc, Epoch epoch) {
    return jdbc.sql(
            """
            select least_people, least_active
              from release.threshold
             where org_id = :org and from_epoch <= :epoch
             order by from_epoch desc
             limit 1
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(DataClassRowMapper.newInstance(Thresholds.class))
        .optional()
        .orElse(new Thresholds(7, Gate.FLOOR));
  }

  /// Public facts only: who is an engineer of which team, and since before the epoch.
  private Map<UUID, SortedSet<UUID>> teams(JdbcClient jdbc, Epoch epoch) {
    return jdbc
        .sql(
            """
            select team_id, id
              from identity.person
             where org_id = :org
               and role = 'engineer'
               and team_id is not null
               and joined_on < :epoch
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(DataClassRowMapper.newInstance(Member.class))
        .stream()
        .collect(
            groupingBy(
                Member::teamId,
                TreeMap::new,
                mapping(Member::id, toCollection(() -> (SortedSet<UUID>) new TreeSet<UUID>()))));
  }

  /// The first epoch of a team is a silent one: a team that is made around somebody has no past.
  private Map<UUID, SortedSet<UUID>> knownBefore(
      JdbcClient jdbc, Epoch epoch, Map<UUID, SortedSet<UUID>> teams) {
    jdbc.sql(
            """
            insert into release.known_team (org_id, team_id, first_epoch)
            select :org, team::uuid, :epoch
              from json_array_elements_text(:teams::json) team
                on conflict do nothing
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .param("teams", json.writeValueAsString(teams.keySet()))
        .update();
    var known =
        jdbc.sql(
                "select team_id from release.known_team where org_id = :org and first_epoch <"
                    + " :epoch")
            .param("org", organization)
            .param("epoch", epoch.monday())
            .query(UUID.class)
            .set();
    return teams.entrySet().stream()
        .filter(team -> known.contains(team.getKey()))
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Map<UUID, Grouping.Past> past(JdbcClient jdbc, Epoch epoch) {
    return jdbc
        .sql(
            """
            with begun as (
              select team_id, version, min(epoch) as began
                from release.frozen_group
               where org_id = :org
               group by team_id, version
            )
            select distinct on (g.team_id)
                   g.team_id as "group",
                   -- A roster that was not counted for an epoch has ended, and its offset is gone.
                   case when g.epoch = :epoch - 28 then encode(g.roster_hash, 'hex') else '' end
                     as roster_hash,
                   g.version,
                   (select count(*) from begun b
                     where b.team_id = g.team_id and b.began > :epoch - 182) as begun,
                   g.withdrawn
              from release.frozen_group g
             where g.org_id = :org
             order by g.team_id, g.epoch desc
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(DataClassRowMapper.newInstance(PastRow.class))
        .stream()
        .collect(
            toMap(
                PastRow::group,
                row ->
                    new Grouping.Past(
                        row.rosterHash(), row.version(), row.begun(), row.withdrawn())));
  }

  private void save(JdbcClient jdbc, Epoch epoch, Thresholds thresholds, List<Grouping.Made> made) {
    jdbc.sql(
            """
            with made as (
              select * from json_to_recordset(:groups::json) as made (
                team uuid, version int, bytes text, people int)
            ), salted as (
              insert into release.roster_salt (org_id, team_id, version, salt)
              select :org, team, version, decode(bytes, 'base64')
                from json_to_recordset(:salts::json) as salt (team uuid, version int, bytes text)
                  on conflict do nothing
            )
            insert into release.frozen_group
              (org_id, epoch, team_id, people, weeks, least_active, version, roster_hash)
            select :org, :epoch, team, people, case when people >= :weekly then 1 else 4 end,
                   :leastActive, version, decode(bytes, 'hex')
              from made
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .param("weekly", FrozenGroup.LEAST_FOR_A_WEEK)
        .param("leastActive", thresholds.leastActive())
        .param("groups", json.writeValueAsString(made.stream().map(this::row).toList()))
        .param("salts", json.writeValueAsString(made.stream().map(this::salt).toList()))
        .update();
    var members =
        made.stream()
            .flatMap(group ->
                group.people().stream()
                    .map(person ->
                        new Row(group.group(), person, group.version(), "", group.people().size())))
            .toList();
    jdbc.sql(
            """
            insert into release.roster (org_id, epoch, person_id, team_id)
            select :org, :epoch, person, team
              from json_to_recordset(:members::json) as member (person uuid, team uuid)
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .param("members", json.writeValueAsString(members))
        .update();
  }

  private Row row(Grouping.Made group) {
    return new Row(group.group(), null, group.version(), group.rosterHash(), group.people().size());
  }

  /// Used if the version is new; a roster that goes on keeps the salt that it has.
  private Row salt(Grouping.Made group) {
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Row(
        group.group(), null, group.version(), Base64.getEncoder().encodeToString(salt), 0);
  }

  /// The groups of an epoch.
  List<FrozenGroup> of(JdbcClient jdbc, Epoch epoch) {
    return jdbc
        .sql(
            """
            select team_id as "group", people, weeks, least_active, version, withdrawn
              from release.frozen_group
             where org_id = :org and epoch = :epoch
             order by team_id
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(DataClassRowMapper.newInstance(GroupRow.class))
        .stream()
        .map(row ->
            new FrozenGroup(
                epoch,
                row.group(),
                row.people(),
                row.weeks(),
                row.leastActive(),
                row.version(),
                row.withdrawn()))
        .toList();
  }

  private record GroupRow(
      UUID group, int people, int weeks, int leastActive, int version, boolean withdrawn) {}

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one release.
  private record Salt(UUID teamId, byte[] salt) {}

  /// The salts of the rosters that are counted in an epoch, by group.
  Map<UUID, byte[]> salts(JdbcClient jdbc, Epoch epoch) {
    return jdbc
        .sql(
            """
            select s.team_id, s.salt
              from release.roster_salt s
              join release.frozen_group g
                on g.org_id = s.org_id and g.team_id = s.team_id and g.version = s.version
             where s.org_id = :org and g.epoch = :epoch
            """)
        .param("org", organization)
        .param("epoch", epoch.monday())
        .query(DataClassRowMapper.newInstance(Salt.class))
        .stream()
        .collect(toMap(Salt::teamId, Salt::salt));
  }

  /// Lets go of the secrets of rosters that have ended and are published, and of who was in which
  /// group once their data is gone.
  void letGo(JdbcClient jdbc) {
    jdbc.sql(
            """
            delete from release.roster_salt s
             where s.org_id = :org
               and not exists (
                 select from release.frozen_group g
                  cross join generate_series(0, 21, 7) as day
                  where g.org_id = s.org_id and g.team_id = s.team_id and g.version = s.version
                    and g.epoch + day >= capture.horizon()
                    and not exists (
                      select from release.publication p
                       where p.org_id = g.org_id and p.week = g.epoch + day))
               and not exists (
                 select from release.frozen_group g
                  where g.org_id = s.org_id and g.team_id = s.team_id and g.version = s.version
                    and g.epoch = (select max(epoch) from release.frozen_epoch f
                                    where f.org_id = s.org_id))
            """)
        .param("org", organization)
        .update();
    jdbc.sql(
            """
            delete from release.roster
             where org_id = :org
               and epoch + 28 < capture.horizon()
               and epoch + 28 + 10 < (now() at time zone 'UTC')::date
            """)
        .param("org", organization)
        .update();
  }
}
