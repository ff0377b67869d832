// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Receipt;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Members and teams as an organization's identity provider makes, changes and ends them. It makes
/// engineers and nothing else, on mail domains that the organization has shown to be its own.
public final class Provisioning {
  private final TenantDatabase database;
  private final Organizations organizations;
  private final AuditLog audit;
  private final Clock clock;

  /// @param database as `identity_api`
  public Provisioning(
      TenantDatabase database, Organizations organizations, AuditLog audit, Clock clock) {
    this.database = database;
    this.organizations = organizations;
    this.audit = audit;
    this.clock = clock;
  }

  /// A member, or somebody who was one.
  ///
  /// @param externalId what the provider calls them
  public record Person(
      UUID id,
      String address,
      String name,
      boolean active,
      @Nullable String externalId,
      @Nullable UUID teamId,
      @Nullable String team) {}

  /// A team. Somebody is in one at most: who is put into another leaves the first.
  public record Team(UUID id, String name, @Nullable String externalId) {}

  /// What a provider says of somebody.
  public record Wanted(String address, String name, boolean active, @Nullable String externalId) {}

  /// What is looked for: everything, or what has one value.
  ///
  /// @param name of a team, or the address of a person
  public record Sought(@Nullable String name, @Nullable String externalId) {
    public static final Sought ALL = new Sought(null, null);
  }

  /// Some of what was found, and how many there are.
  public record Found<T>(int all, List<T> some) {}

  /// Why something was not done.
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /// What kind of fault it is.
    public enum Reason {
      TAKEN,
      UNFIT,
      NOTHING_THERE
    }

    Refused(Reason reason, String fault) {
      super(fault);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }

  /// The people of an organization but those whom the provider has deleted.
  ///
  /// @param from the first, counted from 0
  public Found<Person> people(Principal by, Sought sought, int from, int most) {
    return in(
        by,
        jdbc -> {
          var where =
              """
                from identity.person p
                left join identity.team t on t.org_id = p.org_id and t.id = p.team_id
                left join identity.provisioned v on v.org_id = p.org_id and v.id = p.id
               where p.org_id = :org and v.deleted_at is null
                 and (:name::text is null or lower(p.email) = lower(:name))
                 and (:external::text is null or v.external_id = :external)
              """;
          var all = count(jdbc, where, by, sought);
          return new Found<>(
              all,
              sought(jdbc, PERSON + where + " order by p.id offset :from limit :most", by, sought)
                  .param("from", from)
                  .param("most", most)
                  .query(DataClassRowMapper.newInstance(Person.class))
                  .list());
        });
  }

  /// One of them.
  public Optional<Person> person(Principal by, UUID id) {
    return in(by, jdbc -> find(jdbc, by, id));
  }

  /// Makes somebody an engineer of the organization; who was deleted or removed comes back as one.
  ///
  /// @throws Refused if the address is taken, or on no domain of the organization
  /// @throws Organizations.OwnersStay for an owner whom the provider has deleted
  public Person add(Principal by, Wanted wanted) {
    demandFit(wanted);
    return in(
        by,
        jdbc -> {
          Organizations.demandOwner(jdbc, by);
          demandOwnDomain(jdbc, by, wanted.address());
          var before =
              jdbc.sql(
                      """
                      select p.id, p.removed_at is null and v.deleted_at is null as there
                        from identity.person p
                        left join identity.provisioned v on v.org_id = p.org_id and v.id = p.id
                       where p.org_id = :org and lower(p.email) = lower(:email)
                         for update of p
                      """)
                  .param("org", by.organization())
                  .param("email", wanted.address())
                  .query(Before.class)
                  .optional();
          if (before.isPresent() && before.get().there()) {
            throw new Refused(
                Refused.Reason.TAKEN, "Somebody with this address is a member already");
          }
          var id = before.map(Before::id).orElseGet(UUID::randomUUID);
          // Whom the provider has deleted may have been invited again since, and own the
          // organization.
          Organizations.demandNoOwner(jdbc, by.organization(), id);
          jdbc.sql(
                  """
                  insert into identity.person (org_id, id, name, email, role, joined_on, removed_at)
                  values (:org, :id, :name, :email, 'engineer', :today, :removed)
                  on conflict (org_id, id) do update
                     set name = excluded.name, role = excluded.role, team_id = null,
                         joined_on = excluded.joined_on, removed_at = excluded.removed_at
                  """)
              .param("org", by.organization())
              .param("id", id)
              .param("name", wanted.name())
              .param("email", wanted.address())
              .param("today", LocalDate.ofInstant(clock.instant(), UTC))
              .param("removed", wanted.active() ? null : clock.instant().atOffset(UTC))
              .update();
          keep(jdbc, by, id, wanted.externalId());
          record(jdbc, by, "member.provisioned", id, Map.of("active", wanted.active()));
          return find(jdbc, by, id).orElseThrow();
        });
  }

  /// Makes somebody what the provider says they are. Whoever is not active is out with their next
  /// request.
  ///
  /// @throws Refused if there is none like that, or it cannot be
  /// @throws Organizations.OwnersStay if it would end an owner or move them to another address
  public Person change(Principal by, UUID id, Wanted wanted) {
    demandFit(wanted);
    var before = person(by, id).orElseThrow(Provisioning::nothingThere);
    if (before.active() && !wanted.active()) {
      organizations.removeForProvider(by, id);
    }
    return in(
        by,
        jdbc -> {
          Organizations.demandOwner(jdbc, by);
          var moved = !before.address().equalsIgnoreCase(wanted.address());
          var back = !before.active() && wanted.active();
          if (moved || back) {
            Organizations.demandNoOwner(jdbc, by.organization(), id);
          }
          if (moved) {
            demandOwnDomain(jdbc, by, wanted.address());
            demandFree(jdbc, by, wanted.address());
            // The old address may not sign in here any more, and the new one has to be shown.
            jdbc.sql("delete from identity.sign_in where org_id = :org and person_id = :id")
                .param("org", by.organization())
                .param("id", id)
                .update();
          }
          if (back) {
            demandOwnDomain(jdbc, by, wanted.address());
          }
          jdbc.sql(
                  """
                  update identity.person
                     set name = :name, email = :email,
                         -- Who comes back comes back as an engineer.
                         role = case when :back then 'engineer' else role end,
                         removed_at = case when :back then null else removed_at end
                   where org_id = :org and id = :id
                  """)
              .param("name", wanted.name())
              .param("email", moved ? wanted.address() : before.address())
              .param("back", back)
              .param("org", by.organization())
              .param("id", id)
              .update();
          keep(jdbc, by, id, wanted.externalId());
          record(jdbc, by, "member.provisioned", id, Map.of("active", wanted.active()));
          return find(jdbc, by, id).orElseThrow();
        });
  }

  /// Ends somebody: out with their next request, and nothing that the provider sees any more.
  public void deletePerson(Principal by, UUID id) {
    var before = person(by, id).orElseThrow(Provisioning::nothingThere);
    if (before.active()) {
      organizations.removeForProvider(by, id);
    }
    in(
        by,
        jdbc -> {
          forget(jdbc, by, id);
          return record(jdbc, by, "member.deprovisioned", id, Map.of());
        });
  }

  /// The teams of an organization but those that the provider has deleted.
  public Found<Team> teams(Principal by, Sought sought, int from, int most) {
    return in(
        by,
        jdbc -> {
          var where =
              """
                from identity.team t
                left join identity.provisioned v on v.org_id = t.org_id and v.id = t.id
               where t.org_id = :org and v.deleted_at is null
                 and (:name::text is null or t.name = :name)
                 and (:external::text is null or v.external_id = :external)
              """;
          return new Found<>(
              count(jdbc, where, by, sought),
              sought(jdbc, TEAM + where + " order by t.id offset :from limit :most", by, sought)
                  .param("from", from)
                  .param("most", most)
                  .query(DataClassRowMapper.newInstance(Team.class))
                  .list());
        });
  }

  /// One of them.
  public Optional<Team> team(Principal by, UUID id) {
    return in(by, jdbc -> findTeam(jdbc, by, id));
  }

  /// Who is in a team.
  public List<Person> membersOf(Principal by, UUID team) {
    return in(
        by,
        jdbc ->
            jdbc.sql(
                    PERSON
                        + """
                          from identity.person p
                          left join identity.team t on t.org_id = p.org_id and t.id = p.team_id
                          left join identity.provisioned v on v.org_id = p.org_id and v.id = p.id
                         where p.org_id = :org and p.team_id = :team and p.removed_at is null
                           and v.deleted_at is null
                         order by p.id
                        """)
                .param("org", by.organization())
                .param("team", team)
                .query(DataClassRowMapper.newInstance(Person.class))
                .list());
  }

  /// Adds a team; one that was deleted comes back.
  public Team addTeam(Principal by, String name, @Nullable String externalId, Set<UUID> members) {
    demandTeamName(name);
    return in(
        by,
        jdbc -> {
          var before =
              jdbc.sql(
                      """
                      select t.id, v.deleted_at is null as there
                        from identity.team t
                        left join identity.provisioned v on v.org_id = t.org_id and v.id = t.id
                       where t.org_id = :org and t.name = :name
                      """)
                  .param("org", by.organization())
                  .param("name", name)
                  .query(Before.class)
                  .optional();
          if (before.isPresent() && before.get().there()) {
            throw new Refused(Refused.Reason.TAKEN, "There is a team of this name already");
          }
          var id = before.map(Before::id).orElseGet(UUID::randomUUID);
          if (before.isEmpty()) {
            jdbc.sql("insert into identity.team (org_id, id, name) values (:org, :id, :name)")
                .param("org", by.organization())
                .param("id", id)
                .param("name", name)
                .update();
          }
          keep(jdbc, by, id, externalId);
          fill(jdbc, by, id, members);
          record(jdbc, by, "team.provisioned", id, Map.of("members", members.size()));
          return findTeam(jdbc, by, id).orElseThrow();
        });
  }

  /// Makes a team what the provider says it is.
  public Team changeTeam(
      Principal by, UUID id, String name, @Nullable String externalId, Set<UUID> members) {
    demandTeamName(name);
    return in(
        by,
        jdbc -> {
          var before = findTeam(jdbc, by, id).orElseThrow(Provisioning::nothingThere);
          if (!before.name().equals(name)) {
            var taken =
                jdbc.sql(
                        """
                        select exists (select from identity.team where org_id = :org and name = :name)
                        """)
                    .param("org", by.organization())
                    .param("name", name)
                    .query(Boolean.class)
                    .single();
            if (taken) {
              throw new Refused(Refused.Reason.TAKEN, "There is a team of this name already");
            }
            jdbc.sql("update identity.team set name = :name where org_id = :org and id = :id")
                .param("name", name)
                .param("org", by.organization())
                .param("id", id)
                .update();
          }
          keep(jdbc, by, id, externalId);
          fill(jdbc, by, id, members);
          record(jdbc, by, "team.provisioned", id, Map.of("members", members.size()));
          return findTeam(jdbc, by, id).orElseThrow();
        });
  }

  /// Empties a team. Its name and its released numbers stay, and the provider sees it no more.
  public void deleteTeam(Principal by, UUID id) {
    in(
        by,
        jdbc -> {
          if (findTeam(jdbc, by, id).isEmpty()) {
            throw nothingThere();
          }
          fill(jdbc, by, id, Set.of());
          forget(jdbc, by, id);
          return record(jdbc, by, "team.deprovisioned", id, Map.of());
        });
  }

  private static final String PERSON =
      """
      select p.id, p.email as address, p.name, p.removed_at is null as active, v.external_id,
             p.team_id, t.name as team
      """;
  private static final String TEAM = "select t.id, t.name, v.external_id\n";

  private record Before(UUID id, boolean there) {}

  private static Optional<Person> find(JdbcClient jdbc, Principal by, UUID id) {
    return jdbc.sql(
            PERSON
                + """
                  from identity.person p
                  left join identity.team t on t.org_id = p.org_id and t.id = p.team_id
                  left join identity.provisioned v on v.org_id = p.org_id and v.id = p.id
                 where p.org_id = :org and p.id = :id and v.deleted_at is null
                """)
        .param("org", by.organization())
        .param("id", id)
        .query(DataClassRowMapper.newInstance(Person.class))
        .optional();
  }

  private static Optional<Team> findTeam(JdbcClient jdbc, Principal by, UUID id) {
    return jdbc.sql(
            TEAM
                + """
                  from identity.team t
                  left join identity.provisioned v on v.org_id = t.org_id and v.id = t.id
                 where t.org_id = :org and t.id = :id and v.deleted_at is null
                """)
        .param("org", by.organization())
        .param("id", id)
        .query(DataClassRowMapper.newInstance(Team.class))
        .optional();
  }

  private static int count(JdbcClient jdbc, String where, Principal by, Sought sought) {
    return sought(jdbc, "select count(*)\n" + where, by, sought).query(Integer.class).single();
  }

  private static JdbcClient.StatementSpec sought(
      JdbcClient jdbc, String sql, Principal by, Sought sought) {
    return jdbc.sql(sql)
        .param("org", by.organization())
        .param("name", sought.name())
        .param("external", sought.externalId());
  }

  /// Exactly these members are in the team from now on.
  private static void fill(JdbcClient jdbc, Principal by, UUID team, Set<UUID> members) {
    jdbc.sql(
            """
            update identity.person set team_id = null
             where org_id = :org and team_id = :team and not (id = any(:members::uuid[]))
            """)
        .param("org", by.organization())
        .param("team", team)
        .param("members", members.stream().map(UUID::toString).toArray(String[]::new))
        .update();
    for (var member : members) {
      var there =
          jdbc.sql(
                  """
                  update identity.person p set team_id = :team
                   where p.org_id = :org and p.id = :id and p.removed_at is null
                     and not exists (select from identity.provisioned v
                                      where v.org_id = p.org_id and v.id = p.id
                                        and v.deleted_at is not null)
                  """)
              .param("team", team)
              .param("org", by.organization())
              .param("id", member)
              .update();
      if (there == 0) {
        throw new Refused(Refused.Reason.UNFIT, "There is no such member");
      }
    }
  }

  private static void keep(JdbcClient jdbc, Principal by, UUID id, @Nullable String externalId) {
    jdbc.sql(
            """
            insert into identity.provisioned (org_id, id, external_id) values (:org, :id, :external)
            on conflict (org_id, id) do update
               set external_id = excluded.external_id, deleted_at = null
            """)
        .param("org", by.organization())
        .param("id", id)
        .param("external", externalId)
        .update();
  }

  private void forget(JdbcClient jdbc, Principal by, UUID id) {
    jdbc.sql(
            """
            insert into identity.provisioned (org_id, id, deleted_at) values (:org, :id, :now)
            on conflict (org_id, id) do update
               set external_id = null, deleted_at = excluded.deleted_at
            """)
        .param("org", by.organization())
        .param("id", id)
        .param("now", clock.instant().atOffset(UTC))
        .update();
  }

  private static void demandOwnDomain(JdbcClient jdbc, Principal by, String address) {
    var own =
        jdbc.sql(
                """
                select exists (select from identity.domain
                                where org_id = :org and verified_at is not null
                                  and domain = lower(split_part(:address, '@', 2)))
                """)
            .param("org", by.organization())
            .param("address", address)
            .query(Boolean.class)
            .single();
    if (!own) {
      throw new Refused(
          Refused.Reason.UNFIT,
          "The address is on no mail domain that your organization has shown to be its own");
    }
  }

  private static void demandFree(JdbcClient jdbc, Principal by, String address) {
    var taken =
        jdbc.sql(
                """
                select exists (select from identity.person
                                where org_id = :org and lower(email) = lower(:address))
                """)
            .param("org", by.organization())
            .param("address", address)
            .query(Boolean.class)
            .single();
    if (taken) {
      throw new Refused(Refused.Reason.TAKEN, "Somebody with this address is a member already");
    }
  }

  private static void demandFit(Wanted wanted) {
    if (!Letter.isAddress(wanted.address())) {
      throw new Refused(Refused.Reason.UNFIT, "userName is a mail address");
    }
    demandName(wanted.name(), "A name has 1 to 80 characters");
    var external = wanted.externalId();
    if (external != null && (external.isEmpty() || external.length() > 255)) {
      throw new Refused(Refused.Reason.UNFIT, "externalId has 1 to 255 characters");
    }
  }

  private static void demandTeamName(String name) {
    demandName(name, "displayName has 1 to 80 characters");
  }

  private static void demandName(String name, String fault) {
    if (!DisplayName.isFit(name)) {
      throw new Refused(Refused.Reason.UNFIT, fault);
    }
  }

  private static Refused nothingThere() {
    return new Refused(Refused.Reason.NOTHING_THERE, "There is nothing like that");
  }

  private Receipt record(
      JdbcClient jdbc, Principal by, String action, UUID target, Map<String, Object> details) {
    return audit.append(
        jdbc,
        new AuditEntry(
            by.organization(),
            Actor.person(by.person()),
            action,
            target.toString(),
            Outcome.DONE,
            details));
  }

  private <T extends @Nullable Object> T in(Principal by, Function<JdbcClient, T> work) {
    return TenantScope.callAs(by.tenant(), () -> database.inTransaction(work));
  }
}
