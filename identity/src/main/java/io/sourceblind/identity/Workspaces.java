// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Named parts of an organization that hold keys for programs which are nobody's in person. An
/// owner says which there are and who belongs to them; whoever belongs to none sees nothing of it.
public final class Workspaces {
  static final String PREFIX = "sbw_";
  private static final Duration LONGEST = Duration.ofDays(366);

  private final TenantDatabase database;
  private final Pepper pepper;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`
  public Workspaces(TenantDatabase database, Pepper pepper, AuditLog audit, Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.audit = audit;
    this.clock = clock;
  }

  /// What somebody is in a workspace.
  public enum Level {
    /// Makes and ends its keys.
    MANAGER,
    /// Sees which there are.
    REVIEWER;

    /// As people and the database read it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Level of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// A workspace, and what whoever asks is in it.
  public record Workspace(UUID id, String name, Level level) {}

  /// A workspace as an owner sees it.
  public record Listed(UUID id, String name, List<Member> members) {}

  /// Somebody in a workspace.
  public record Member(UUID person, String name, Level level) {}

  /// A key that is still good.
  ///
  /// @param makerLeft whether whoever made it, and so has seen it, does not belong here any more
  /// @param replaced whether it has a successor, and works only for a while longer
  /// @param lastUsed to the day
  public record Key(
      UUID id,
      String label,
      Scope scope,
      String madeBy,
      boolean makerLeft,
      Instant since,
      @Nullable LocalDate lastUsed,
      Instant until,
      boolean replaced) {}

  /// Nobody makes a key that reads what they do not read themselves.
  public static final class ReadsMore extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    ReadsMore() {
      super("Nobody makes a key that reads what they do not read");
    }
  }

  /// What a key of a workspace can be good for: nothing of a person's own, and nobody's membership.
  public static Stream<Scope> scopes() {
    return Stream.of(Scope.CELLS_READ, Scope.PROOF_READ);
  }

  /// Those that somebody may give to a key: what they read themselves, and no more.
  public static Stream<Scope> scopesFor(Principal by) {
    return scopes().filter(scope -> Scope.of(by.role()).anyMatch(scope::equals));
  }

  /// Makes a workspace; whoever makes it is its first manager.
  ///
  /// @throws org.springframework.dao.DuplicateKeyException if an open one has this name
  public UUID make(Principal owner, String name) {
    var id = UUID.randomUUID();
    return in(
        owner,
        jdbc -> {
          Organizations.demandOwner(jdbc, owner);
          jdbc.sql(
                  """
                  insert into identity.workspace (org_id, id, name, created_at)
                  values (:org, :id, :name, :now)
                  """)
              .param("org", owner.organization())
              .param("id", id)
              .param("name", name)
              .param("now", now())
              .update();
          record(jdbc, owner, "workspace.made", id, Map.of());
          put(jdbc, owner, id, owner.person(), Level.MANAGER);
          return id;
        });
  }

  /// The open workspaces of an organization, for its owner.
  public List<Listed> all(Principal owner) {
    return in(
        owner,
        jdbc -> {
          var members =
              jdbc.sql(
                      """
                      select m.workspace_id, m.person_id, p.name, m.role
                        from identity.workspace_member m
                        join identity.person p on p.org_id = m.org_id and p.id = m.person_id
                       where m.org_id = :org
                       order by lower(p.name), p.id
                      """)
                  .param("org", owner.organization())
                  .query(DataClassRowMapper.newInstance(MemberRow.class))
                  .list();
          return jdbc
              .sql(
                  """
                  select id, name from identity.workspace
                   where org_id = :org and closed_at is null
                   order by lower(name), id
                  """)
              .param("org", owner.organization())
              .query(DataClassRowMapper.newInstance(Named.class))
              .stream()
              .map(named ->
                  new Listed(
                      named.id(),
                      named.name(),
                      members.stream()
                          .filter(row -> row.workspaceId().equals(named.id()))
                          .map(MemberRow::member)
                          .toList()))
              .toList();
        });
  }

  /// Whether there is an open workspace like that, for its owner.
  public boolean isOpen(Principal owner, UUID workspace) {
    return in(owner, jdbc -> isOpen(jdbc, owner, workspace));
  }

  /// Gives it another name.
  ///
  /// @return false if there is none like that
  /// @throws org.springframework.dao.DuplicateKeyException if an open one has this name
  public boolean rename(Principal owner, UUID workspace, String name) {
    return in(
        owner,
        jdbc -> {
          Organizations.demandOwner(jdbc, owner);
          var renamed =
              jdbc.sql(
                      """
                      update identity.workspace set name = :name
                       where org_id = :org and id = :id and closed_at is null
                      """)
                  .param("name", name)
                  .param("org", owner.organization())
                  .param("id", workspace)
                  .update();
          if (renamed == 1) {
            record(jdbc, owner, "workspace.renamed", workspace, Map.of());
          }
          return renamed == 1;
        });
  }

  /// Closes it for good: no key of it opens anything from now on.
  ///
  /// @return false if there is none like that
  public boolean close(Principal owner, UUID workspace) {
    return in(
        owner,
        jdbc -> {
          Organizations.demandOwner(jdbc, owner);
          var closed =
              jdbc.sql(
                      """
                      update identity.workspace set closed_at = :now
                       where org_id = :org and id = :id and closed_at is null
                      """)
                  .param("now", now())
                  .param("org", owner.organization())
                  .param("id", workspace)
                  .update();
          if (closed == 1) {
            record(jdbc, owner, "workspace.closed", workspace, Map.of());
          }
          return closed == 1;
        });
  }

  /// Puts a member of the organization into a workspace, or gives them another level in it.
  ///
  /// @return false if there is no workspace or no member like that
  public boolean put(Principal owner, UUID workspace, UUID person, Level level) {
    return in(
        owner,
        jdbc -> {
          Organizations.demandOwner(jdbc, owner);
          return isOpen(jdbc, owner, workspace) && put(jdbc, owner, workspace, person, level);
        });
  }

  private boolean put(JdbcClient jdbc, Principal owner, UUID workspace, UUID person, Level level) {
    var there =
        jdbc.sql(
                """
                insert into identity.workspace_member (org_id, workspace_id, person_id, role)
                select p.org_id, :workspace, p.id, :level
                  from identity.person p
                 where p.org_id = :org and p.id = :person and p.removed_at is null
                on conflict (org_id, workspace_id, person_id) do update set role = excluded.role
                """)
            .param("workspace", workspace)
            .param("level", level.word())
            .param("org", owner.organization())
            .param("person", person)
            .update();
    if (there == 1) {
      record(
          jdbc,
          owner,
          "workspace.joined",
          workspace,
          Map.of("person", person.toString(), "level", level.word()));
    }
    return there == 1;
  }

  /// Takes somebody out: with their next request they see nothing of it. Its keys stay.
  ///
  /// @return false if nobody like that is in there
  public boolean takeOut(Principal owner, UUID workspace, UUID person) {
    return in(
        owner,
        jdbc -> {
          Organizations.demandOwner(jdbc, owner);
          var taken =
              jdbc.sql(
                      """
                      delete from identity.workspace_member
                       where org_id = :org and workspace_id = :workspace and person_id = :person
                      """)
                  .param("org", owner.organization())
                  .param("workspace", workspace)
                  .param("person", person)
                  .update();
          if (taken == 1) {
            record(jdbc, owner, "workspace.left", workspace, Map.of("person", person.toString()));
          }
          return taken == 1;
        });
  }

  /// The open workspaces that somebody belongs to.
  public List<Workspace> of(Principal member) {
    return in(
        member,
        jdbc ->
            jdbc
                .sql(OWN + " order by lower(w.name), w.id")
                .param("org", member.organization())
                .param("person", member.person())
                .query(DataClassRowMapper.newInstance(Row.class))
                .stream()
                .map(Row::workspace)
                .toList());
  }

  /// One of them; nothing for any other.
  public Optional<Workspace> of(Principal member, UUID workspace) {
    return in(member, jdbc -> find(jdbc, member, workspace));
  }

  /// The keys of a workspace that are still good, for whoever belongs to it.
  public List<Key> keysOf(Principal member, UUID workspace) {
    return in(
        member,
        jdbc ->
            jdbc
                .sql(
                    """
                    select k.id, k.label, k.scope, p.name as made_by,
                           maker.person_id is null as maker_left, k.created_at, k.used_on,
                           k.expires_at, k.replaced_by is not null as replaced
                      from identity.workspace_key k
                      join identity.person p on p.org_id = k.org_id and p.id = k.made_by
                      join identity.workspace_member m
                        on m.org_id = k.org_id and m.workspace_id = k.workspace_id
                           and m.person_id = :person
                      left join identity.workspace_member maker
                        on maker.org_id = k.org_id and maker.workspace_id = k.workspace_id
                           and maker.person_id = k.made_by
                     where k.org_id = :org and k.workspace_id = :workspace
                       and k.ended_at is null and k.expires_at > :now
                     order by k.created_at desc, k.id
                    """)
                .param("person", member.person())
                .param("org", member.organization())
                .param("workspace", workspace)
                .param("now", now())
                .query(DataClassRowMapper.newInstance(KeyRow.class))
                .stream()
                .map(KeyRow::key)
                .toList());
  }

  /// Makes a key for a program.
  ///
  /// @return nothing if whoever asks manages no open workspace like that
  /// @throws ReadsMore for a scope that they do not read themselves
  /// @throws IllegalArgumentException for a time without end
  public Optional<Minted> mint(
      Principal manager, UUID workspace, Scope scope, String label, Duration validFor) {
    demandWithin(validFor);
    return in(
        manager,
        jdbc -> {
          if (!manages(jdbc, manager, workspace)) {
            return Optional.empty();
          }
          return Optional.of(insert(jdbc, manager, workspace, scope, label, validFor));
        });
  }

  private Minted insert(
      JdbcClient jdbc,
      Principal manager,
      UUID workspace,
      Scope scope,
      String label,
      Duration validFor) {
    if (!isFor(roleOf(jdbc, manager), scope)) {
      throw new ReadsMore();
    }
    var id = UUID.randomUUID();
    var secret = Secret.random(PREFIX, random);
    var expiresAt = clock.instant().plus(validFor).truncatedTo(ChronoUnit.MICROS);
    jdbc.sql(
            """
            insert into identity.workspace_key
              (org_id, id, workspace_id, label, scope, hash, pepper_id, made_by, created_at, expires_at)
            values (:org, :id, :workspace, :label, :scope, :hash, :pepper, :by, :now, :until)
            """)
        .param("org", manager.organization())
        .param("id", id)
        .param("workspace", workspace)
        .param("label", label)
        .param("scope", scope.word())
        .param("hash", pepper.hash(secret))
        .param("pepper", pepper.id())
        .param("by", manager.person())
        .param("now", now())
        .param("until", expiresAt.atOffset(UTC))
        .update();
    record(
        jdbc,
        manager,
        "workspace_key.minted",
        id,
        Map.of(
            "workspace",
            workspace.toString(),
            "scope",
            scope.word(),
            "expires_at",
            expiresAt.toString()));
    return new Minted(id, secret, expiresAt);
  }

  /// Gives a key a successor that is good for the same; the old one works for a while longer.
  ///
  /// @return the workspace and the successor; nothing if whoever asks manages no key like that
  /// @throws ReadsMore for a key that reads what they do not
  public Optional<Rotated> rotate(
      Principal manager, UUID key, Duration validFor, Duration overlap) {
    demandWithin(validFor);
    return in(
        manager,
        jdbc -> {
          var before = managed(jdbc, manager, key).filter(found -> !found.replaced());
          if (before.isEmpty()) {
            return Optional.empty();
          }
          var next =
              insert(
                  jdbc,
                  manager,
                  before.get().workspaceId(),
                  Scope.of(before.get().scope()).orElseThrow(),
                  before.get().label(),
                  validFor);
          jdbc.sql(
                  """
                  update identity.workspace_key
                     set replaced_by = :next, expires_at = least(expires_at, :until)
                   where org_id = :org and id = :id
                  """)
              .param("next", next.id())
              .param("until", clock.instant().plus(overlap).atOffset(UTC))
              .param("org", manager.organization())
              .param("id", key)
              .update();
          record(jdbc, manager, "workspace_key.rotated", key, Map.of("next", next.id().toString()));
          return Optional.of(new Rotated(before.get().workspaceId(), next));
        });
  }

  /// A key's successor, and where it belongs.
  public record Rotated(UUID workspace, Minted next) {}

  /// Ends a key.
  ///
  /// @return its workspace; nothing if whoever asks manages no key like that
  public Optional<UUID> end(Principal manager, UUID key) {
    return in(
        manager,
        jdbc -> {
          var managed = managed(jdbc, manager, key);
          if (managed.isEmpty()) {
            return Optional.empty();
          }
          jdbc.sql(
                  "update identity.workspace_key set ended_at = :now where org_id = :org and id = :id")
              .param("now", now())
              .param("org", manager.organization())
              .param("id", key)
              .update();
          record(jdbc, manager, "workspace_key.ended", key, Map.of());
          return Optional.of(managed.get().workspaceId());
        });
  }

  private static final String OWN =
      """
      select w.id, w.name, m.role as level
        from identity.workspace w
        join identity.workspace_member m on m.org_id = w.org_id and m.workspace_id = w.id
       where w.org_id = :org and w.closed_at is null and m.person_id = :person
      """;

  /// A key that somebody manages, held until the transaction ends.
  private Optional<Managed> managed(JdbcClient jdbc, Principal manager, UUID key) {
    return jdbc.sql(
            """
            select k.workspace_id, k.scope, k.label, k.replaced_by is not null as replaced
              from identity.workspace_key k
              join identity.workspace w on w.org_id = k.org_id and w.id = k.workspace_id
              join identity.workspace_member m
                on m.org_id = k.org_id and m.workspace_id = k.workspace_id
             where k.org_id = :org and k.id = :key and k.ended_at is null and k.expires_at > :now
               and w.closed_at is null and m.person_id = :person and m.role = 'manager'
               for update of k
            """)
        .param("person", manager.person())
        .param("org", manager.organization())
        .param("key", key)
        .param("now", now())
        .query(DataClassRowMapper.newInstance(Managed.class))
        .optional();
  }

  private static Optional<Workspace> find(JdbcClient jdbc, Principal member, UUID workspace) {
    return jdbc.sql(OWN + " and w.id = :workspace")
        .param("org", member.organization())
        .param("person", member.person())
        .param("workspace", workspace)
        .query(DataClassRowMapper.newInstance(Row.class))
        .optional()
        .map(Row::workspace);
  }

  private static boolean manages(JdbcClient jdbc, Principal by, UUID workspace) {
    return find(jdbc, by, workspace).filter(found -> found.level() == Level.MANAGER).isPresent();
  }

  private static boolean isOpen(JdbcClient jdbc, Principal owner, UUID workspace) {
    return jdbc.sql(
            """
            select exists (select from identity.workspace
                            where org_id = :org and id = :id and closed_at is null)
            """)
        .param("org", owner.organization())
        .param("id", workspace)
        .query(Boolean.class)
        .single();
  }

  /// Their role now, whatever it was when they began to ask.
  private static Role roleOf(JdbcClient jdbc, Principal by) {
    return Role.of(
        jdbc.sql(
                "select role::text from identity.person where org_id = :org and id = :id for share")
            .param("org", by.organization())
            .param("id", by.person())
            .query(String.class)
            .single());
  }

  private static boolean isFor(Role role, Scope scope) {
    return scopes().anyMatch(scope::equals) && Scope.of(role).anyMatch(scope::equals);
  }

  private static void demandWithin(Duration validFor) {
    if (!validFor.isPositive() || validFor.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A key is good for more than nothing and at most %d days".formatted(LONGEST.toDays()));
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(UTC);
  }

  private void record(
      JdbcClient jdbc, Principal by, String action, UUID target, Map<String, Object> details) {
    audit.append(
        jdbc,
        new AuditEntry(
            by.organization(), by.actor(), action, target.toString(), Outcome.DONE, details));
  }

  private <T extends @Nullable Object> T in(Principal by, Function<JdbcClient, T> work) {
    return TenantScope.callAs(by.tenant(), () -> database.inTransaction(work));
  }

  private record Named(UUID id, String name) {}

  private record MemberRow(UUID workspaceId, UUID personId, String name, String role) {
    Member member() {
      return new Member(personId, name, Level.of(role));
    }
  }

  private record Row(UUID id, String name, String level) {
    Workspace workspace() {
      return new Workspace(id, name, Level.of(level));
    }
  }

  private record KeyRow(
      UUID id,
      String label,
      String scope,
      String madeBy,
      boolean makerLeft,
      Instant createdAt,
      @Nullable LocalDate usedOn,
      Instant expiresAt,
      boolean replaced) {
    Key key() {
      return new Key(
          id,
          label,
          Scope.of(scope).orElseThrow(),
          madeBy,
          makerLeft,
          createdAt,
          usedOn,
          expiresAt,
          replaced);
    }
  }

  private record Managed(UUID workspaceId, String scope, String label, boolean replaced) {}
}
