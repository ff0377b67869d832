// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Organizations, their teams and their people. Names stay in their tables; the audit log gets ids.
public final class Organizations {
  private static final int REF_KEY_BYTES = 32;

  private final TenantDatabase database;
  private final AuditLog audit;
  private final SecureRandom random;
  private final Clock clock;

  /// @param database as `identity_api`
  /// @param random for the keys under which each organization's machines hash identifiers
  public Organizations(TenantDatabase database, AuditLog audit, SecureRandom random, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.random = random;
    this.clock = clock;
  }

  /// Makes an organization with a key of its own.
  public UUID create(String name, Actor by) {
    var id = UUID.randomUUID();
    recorded(
        new AuditEntry(id, by, "organization.created", id.toString(), Outcome.DONE, Map.of()),
        jdbc -> insert(jdbc, id, name, random, clock.instant()));
    return id;
  }

  static void insert(JdbcClient jdbc, UUID id, String name, SecureRandom random, Instant now) {
    var refKey = new byte[REF_KEY_BYTES];
    random.nextBytes(refKey);
    jdbc.sql(
            """
            insert into identity.organization (id, name, ref_key, created_at)
            values (:id, :name, :refKey, :now)
            """)
        .param("id", id)
        .param("name", name)
        .param("refKey", refKey)
        .param("now", now.atOffset(ZoneOffset.UTC))
        .update();
  }

  /// Adds a team to the organization.
  public UUID addTeam(UUID organization, String name, Actor by) {
    var id = UUID.randomUUID();
    recorded(
        new AuditEntry(organization, by, "team.added", id.toString(), Outcome.DONE, Map.of()),
        jdbc ->
            jdbc.sql("insert into identity.team (org_id, id, name) values (:org, :id, :name)")
                .param("org", organization)
                .param("id", id)
                .param("name", name)
                .update());
    return id;
  }

  /// Adds a person to the organization.
  ///
  /// @param team null for somebody who is in none
  public UUID addPerson(
      UUID organization,
      @Nullable UUID team,
      String name,
      String email,
      Role role,
      LocalDate joinedOn,
      Actor by) {
    var id = UUID.randomUUID();
    recorded(
        new AuditEntry(
            organization,
            by,
            "person.added",
            id.toString(),
            Outcome.DONE,
            Map.of("role", role.sqlName(), "team", team == null ? "none" : team.toString())),
        jdbc ->
            jdbc.sql(
                    """
                    insert into identity.person
                      (org_id, id, team_id, name, email, role, joined_on)
                    values (:org, :id, :team, :name, :email, :role, :joinedOn)
                    """)
                .param("org", organization)
                .param("id", id)
                .param("team", team)
                .param("name", name)
                .param("email", email)
                .param("role", role.sqlName())
                .param("joinedOn", joinedOn)
                .update());
    return id;
  }

  /// Gives a member another role or team.
  ///
  /// @param team null for none
  /// @throws NoSuchMember if there is none like that
  /// @throws NobodyWouldOwn if nobody would be left to run the organization
  /// @throws NotAnOwner if whoever asks does not run it any more
  public void changeMember(Principal by, UUID person, Role role, @Nullable UUID team) {
    TenantScope.runAs(
        by.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              demandOwner(jdbc, by);
              if (role != Role.OWNER) {
                demandAnotherOwner(jdbc, by.organization(), person);
                withdrawInvitationsToOwn(jdbc, by.organization(), person);
              }
              var changed =
                  jdbc.sql(
                          """
                          update identity.person set role = :role, team_id = :team
                           where org_id = :org and id = :id and removed_at is null
                          """)
                      .param("role", role.sqlName())
                      .param("team", team)
                      .param("org", by.organization())
                      .param("id", person)
                      .update();
              if (changed == 0) {
                throw new NoSuchMember();
              }
              return audit.append(
                  jdbc,
                  new AuditEntry(
                      by.organization(),
                      Actor.person(by.person()),
                      "member.changed",
                      person.toString(),
                      Outcome.DONE,
                      Map.of(
                          "role",
                          role.sqlName(),
                          "team",
                          team == null ? "none" : team.toString())));
            }));
  }

  /// Removes a member: nothing they hold opens anything from now on.
  ///
  /// @throws NoSuchMember if there is none like that
  /// @throws NobodyWouldOwn if nobody would be left to run the organization
  /// @throws NotAnOwner if whoever asks does not run it any more
  public void removeMember(Principal by, UUID person) {
    remove(by, person, jdbc -> demandAnotherOwner(jdbc, by.organization(), person));
  }

  /// As [#removeMember], for a provider: it ends no owner.
  ///
  /// @throws OwnersStay for an owner
  void removeForProvider(Principal by, UUID person) {
    remove(by, person, jdbc -> demandNoOwner(jdbc, by.organization(), person));
  }

  private void remove(Principal by, UUID person, Consumer<JdbcClient> demand) {
    TenantScope.runAs(
        by.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              demandOwner(jdbc, by);
              demand.accept(jdbc);
              withdrawInvitationsToOwn(jdbc, by.organization(), person);
              var now = clock.instant().atOffset(ZoneOffset.UTC);
              var removed =
                  jdbc.sql(
                          """
                          update identity.person set removed_at = :now, team_id = null
                           where org_id = :org and id = :id and removed_at is null
                          """)
                      .param("now", now)
                      .param("org", by.organization())
                      .param("id", person)
                      .update();
              if (removed == 0) {
                throw new NoSuchMember();
              }
              jdbc.sql(
                      """
                      update identity.credential set revoked_at = :now
                       where org_id = :org and person_id = :id and revoked_at is null
                      """)
                  .param("now", now)
                  .param("org", by.organization())
                  .param("id", person)
                  .update();
              jdbc.sql("delete from identity.totp where org_id = :org and person_id = :id")
                  .param("org", by.organization())
                  .param("id", person)
                  .update();
              jdbc.sql("delete from identity.passkey where org_id = :org and person_id = :id")
                  .param("org", by.organization())
                  .param("id", person)
                  .update();
              jdbc.sql(
                      "delete from identity.external_identity where org_id = :org and person_id = :id")
                  .param("org", by.organization())
                  .param("id", person)
                  .update();
              jdbc.sql(
                      "delete from identity.workspace_member where org_id = :org and person_id = :id")
                  .param("org", by.organization())
                  .param("id", person)
                  .update();
              // Their address may sign in elsewhere from now on.
              jdbc.sql("delete from identity.sign_in where org_id = :org and person_id = :id")
                  .param("org", by.organization())
                  .param("id", person)
                  .update();
              return audit.append(
                  jdbc,
                  new AuditEntry(
                      by.organization(),
                      Actor.person(by.person()),
                      "member.removed",
                      person.toString(),
                      Outcome.DONE,
                      Map.of()));
            }));
  }

  /// What an organization has decided for all its members.
  public record Policy(
      int retentionDays, String captureProfile, String pathPolicy, boolean secondFactorRequired) {
    private static final Set<String> PROFILES = Set.of("prose", "metadata");
    private static final Set<String> PATHS = Set.of("relative", "hashed", "extension");

    public Policy {
      if (retentionDays < 1 || retentionDays > 90) {
        throw new IllegalArgumentException("Events are kept for 1 to 90 days");
      }
      if (!PROFILES.contains(captureProfile)) {
        throw new IllegalArgumentException("A capture profile is prose or metadata");
      }
      if (!PATHS.contains(pathPolicy)) {
        throw new IllegalArgumentException("A path policy is relative, hashed or extension");
      }
    }
  }

  /// The policy of an organization.
  public Policy policyOf(Principal of) {
    return TenantScope.callAs(
        of.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc.sql(
                        """
                        select retention_days, capture_profile, path_policy,
                               second_factor_required
                          from identity.organization
                         where id = :org
                        """)
                    .param("org", of.organization())
                    .query(Policy.class)
                    .single()));
  }

  /// Changes it for what comes; a shorter window also lets go of what is there.
  public void changePolicy(Principal by, Policy policy) {
    recorded(
        new AuditEntry(
            by.organization(),
            Actor.person(by.person()),
            "policy.changed",
            by.organization().toString(),
            Outcome.DONE,
            Map.of(
                "retention_days", policy.retentionDays(),
                "capture_profile", policy.captureProfile(),
                "path_policy", policy.pathPolicy(),
                "second_factor_required", policy.secondFactorRequired())),
        jdbc ->
            jdbc.sql(
                    """
                    update identity.organization
                       set retention_days = :days, capture_profile = :profile, path_policy = :paths,
                           second_factor_required = :factor
                     where id = :org
                    """)
                .param("days", policy.retentionDays())
                .param("profile", policy.captureProfile())
                .param("paths", policy.pathPolicy())
                .param("factor", policy.secondFactorRequired())
                .param("org", by.organization())
                .update());
  }

  /// There is no such member, or they are somebody else's.
  public static final class NoSuchMember extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSuchMember() {
      super("There is no such member");
    }
  }

  /// Without this owner nobody could run the organization.
  public static final class NobodyWouldOwn extends RuntimeException {
    private static final long serialVersionUID = 1;

    NobodyWouldOwn() {
      super("An organization needs an owner: make somebody else one first");
    }
  }

  /// Whoever asks ran the organization when they began to, and does not any more.
  public static final class NotAnOwner extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotAnOwner() {
      super("Only an owner does this");
    }
  }

  /// A provider ends no owner and gives them no other address.
  public static final class OwnersStay extends RuntimeException {
    private static final long serialVersionUID = 1;

    OwnersStay() {
      super("An owner is ended or moved by an owner, on the pages: give them another role first");
    }
  }

  /// What an owner does to members is done one after the other: of two owners who remove each other
  /// at once one waits here, and then is an owner no more.
  static void demandOwner(JdbcClient jdbc, Principal by) {
    jdbc.sql("select id from identity.organization where id = :org for update")
        .param("org", by.organization())
        .query(UUID.class)
        .single();
    if (!ownersOf(jdbc, by.organization()).contains(by.person())) {
      throw new NotAnOwner();
    }
  }

  static void demandNoOwner(JdbcClient jdbc, UUID organization, UUID person) {
    if (ownersOf(jdbc, organization).contains(person)) {
      throw new OwnersStay();
    }
  }

  private static void demandAnotherOwner(JdbcClient jdbc, UUID organization, UUID person) {
    if (ownersOf(jdbc, organization).equals(List.of(person))) {
      throw new NobodyWouldOwn();
    }
  }

  private static List<UUID> ownersOf(JdbcClient jdbc, UUID organization) {
    return jdbc
        .sql(
            """
            select id from identity.person
             where org_id = :org and role = 'owner' and removed_at is null
            """)
        .param("org", organization)
        .query(UUID.class)
        .stream()
        .map(Objects::requireNonNull)
        .toList();
  }

  /// Who is no owner any more makes nobody one by a letter that they sent before.
  private void withdrawInvitationsToOwn(JdbcClient jdbc, UUID organization, UUID person) {
    jdbc.sql(
            """
            update identity.invitation set withdrawn_at = :now
             where org_id = :org and invited_by = :person and role = 'owner'
               and accepted_at is null and withdrawn_at is null
            """)
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .param("org", organization)
        .param("person", person)
        .update();
  }

  private void recorded(AuditEntry entry, Consumer<JdbcClient> change) {
    TenantScope.runAs(
        Tenant.of(entry.organization()),
        () ->
            database.inTransaction(jdbc -> {
              change.accept(jdbc);
              return audit.append(jdbc, entry);
            }));
  }
}
