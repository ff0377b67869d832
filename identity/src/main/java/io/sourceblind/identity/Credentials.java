// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Receipt;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What someone shows to be let in: made here, opened here, revoked here.
public final class Credentials {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final TenantDatabase database;
  private final Pepper pepper;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`; for opening alone, `ingest_writer` is enough
  public Credentials(TenantDatabase database, Pepper pepper, AuditLog audit, Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.audit = audit;
    this.clock = clock;
  }

  /// Makes a credential for a person of the organization, and an audit entry with it.
  public Minted mint(
      UUID organization,
      UUID person,
      CredentialKind kind,
      String label,
      Duration validFor,
      Actor by) {
    return TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc ->
                mint(jdbc, new Holder(organization, person, null), kind, label, validFor, by)));
  }

  /// Makes a token for somebody's programs.
  ///
  /// @param scope what it is good for; null for all that its owner reads by program
  /// @throws IllegalArgumentException for a scope that is not for their role
  public Minted mintToken(Principal owner, @Nullable Scope scope, String label, Duration validFor) {
    if (scope != null && Scope.of(owner.role()).noneMatch(scope::equals)) {
      throw new IllegalArgumentException("This scope is not for this role");
    }
    return TenantScope.callAs(
        owner.tenant(),
        () -> database.inTransaction(jdbc -> mintToken(jdbc, owner, scope, label, validFor)));
  }

  private Minted mintToken(
      JdbcClient jdbc, Principal owner, @Nullable Scope scope, String label, Duration validFor) {
    var minted =
        mint(
            jdbc,
            new Holder(owner.organization(), owner.person(), null),
            CredentialKind.API,
            label,
            validFor,
            Actor.person(owner.person()));
    if (scope != null) {
      jdbc.sql("update identity.credential set scope = :scope where org_id = :org and id = :id")
          .param("scope", scope.word())
          .param("org", owner.organization())
          .param("id", minted.id())
          .update();
      audit.append(
          jdbc,
          new AuditEntry(
              owner.organization(),
              Actor.person(owner.person()),
              "credential.narrowed",
              minted.id().toString(),
              Outcome.DONE,
              Map.of("scope", scope.word())));
    }
    return minted;
  }

  /// What a token that was opened is good for. One that says nothing is good for all reading and
  /// for nothing else; one that says what nobody knows is good for nothing.
  List<Scope> scopesOf(Principal owner) {
    var word =
        TenantScope.callAs(
            owner.tenant(),
            () ->
                database.inTransaction(jdbc ->
                    jdbc.sql(
                            """
                            select coalesce(scope, '') from identity.credential
                             where org_id = :org and id = :id
                            """)
                        .param("org", owner.organization())
                        .param("id", owner.credential())
                        .query(String.class)
                        .single()));
    return word.isEmpty()
        ? Scope.of(owner.role()).filter(scope -> scope != Scope.SCIM).toList()
        : Scope.of(word).stream().toList();
  }

  /// Whose a credential will be.
  ///
  /// @param family what goes together and is ended together; null for what stands alone
  record Holder(UUID organization, UUID person, @Nullable UUID family) {}

  /// Makes a credential in a transaction of the holder's organization.
  Minted mint(
      JdbcClient jdbc,
      Holder holder,
      CredentialKind kind,
      String label,
      Duration validFor,
      Actor by) {
    if (!validFor.isPositive() || validFor.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A credential is good for more than nothing and at most %d days"
              .formatted(LONGEST.toDays()));
    }
    var id = UUID.randomUUID();
    var secret = Secret.random(kind, random);
    var expiresAt = clock.instant().plus(validFor).truncatedTo(ChronoUnit.MICROS);
    jdbc.sql(
            """
            insert into identity.credential
              (id, org_id, person_id, kind, label, hash, expires_at, family, pepper_id)
            values (:id, :org, :person, :kind, :label, :hash, :expiresAt, :family, :pepper)
            """)
        .param("id", id)
        .param("org", holder.organization())
        .param("person", holder.person())
        .param("kind", kind.sqlName())
        .param("label", label)
        .param("hash", pepper.hash(secret))
        .param("expiresAt", expiresAt.atOffset(UTC))
        .param("family", holder.family())
        .param("pepper", pepper.id())
        .update();
    audit.append(
        jdbc,
        new AuditEntry(
            holder.organization(),
            by,
            "credential.minted",
            id.toString(),
            Outcome.DONE,
            Map.of(
                "kind",
                kind.sqlName(),
                "person",
                holder.person().toString(),
                "expires_at",
                expiresAt.toString())));
    return new Minted(id, secret, expiresAt);
  }

  /// What a person holds that is still good, newest first; of a family its newest alone.
  public List<Held> heldBy(Principal owner) {
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc
                    .sql(
                        """
                        select distinct on (coalesce(family, id))
                               id, kind, label, created_at, used_at, expires_at,
                               replaced_by is not null as replaced, scope
                          from identity.credential
                         where org_id = :org and person_id = :person
                           and revoked_at is null and expires_at > :now
                           and kind in ('device', 'refresh', 'api', 'session')
                         order by coalesce(family, id), created_at desc
                        """)
                    .param("org", owner.organization())
                    .param("person", owner.person())
                    .param("now", clock.instant().atOffset(UTC))
                    .query(DataClassRowMapper.newInstance(HeldRow.class))
                    .stream()
                    .map(HeldRow::held)
                    .sorted(Comparator.comparing(Held::since).reversed())
                    .toList()));
  }

  /// Ends what somebody holds, and all that goes with it.
  ///
  /// @return false if they hold nothing like that
  public boolean end(Principal owner, UUID credential) {
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var ended =
                  jdbc.sql(
                          """
                          update identity.credential c
                             set revoked_at = :now
                            from identity.credential named
                           where named.org_id = :org and named.person_id = :person
                             and named.id = :id and named.revoked_at is null
                             and c.org_id = named.org_id
                             and (c.id = named.id or c.family = named.family)
                             and c.revoked_at is null
                          """)
                      .param("now", clock.instant().atOffset(UTC))
                      .param("org", owner.organization())
                      .param("person", owner.person())
                      .param("id", credential)
                      .update();
              if (ended == 0) {
                return false;
              }
              recordEnd(jdbc, owner.organization(), credential, Actor.person(owner.person()));
              return true;
            }));
  }

  /// Ends every session of somebody but the one they are in.
  public void endOtherSessions(Principal owner) {
    TenantScope.runAs(
        owner.tenant(),
        () -> database.inTransaction(jdbc -> endSessions(jdbc, owner, owner.credential())));
  }

  int endSessions(JdbcClient jdbc, Principal owner, UUID spared) {
    var ended =
        jdbc
            .sql(
                """
                update identity.credential
                   set revoked_at = :now
                 where org_id = :org and person_id = :person and kind = 'session'
                   and id <> :spared and revoked_at is null and expires_at > :now
                returning id
                """)
            .param("now", clock.instant().atOffset(UTC))
            .param("org", owner.organization())
            .param("person", owner.person())
            .param("spared", spared)
            .query(UUID.class)
            .stream()
            .map(Objects::requireNonNull)
            .toList();
    for (var id : ended) {
      recordEnd(jdbc, owner.organization(), id, Actor.person(owner.person()));
    }
    return ended.size();
  }

  /// Whoever is in this session has just proved who they are.
  public void refreshProof(Principal owner) {
    TenantScope.runAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              jdbc.sql(
                      """
                      update identity.credential set proved_at = now()
                       where org_id = :org and id = :id and person_id = :person
                      """)
                  .param("org", owner.organization())
                  .param("id", owner.credential())
                  .param("person", owner.person())
                  .update();
              return audit.append(
                  jdbc,
                  new AuditEntry(
                      owner.organization(),
                      Actor.person(owner.person()),
                      "session.confirmed",
                      owner.credential().toString(),
                      Outcome.DONE,
                      Map.of()));
            }));
  }

  /// Says who shows a secret of the kind, or null for one that is unknown, expired, revoked or used
  /// up: why is nobody's business.
  public @Nullable Principal open(String presented, CredentialKind kind) {
    return Secret.hasTheForm(presented, kind)
        ? database.withoutTenant(jdbc -> open(jdbc, presented, kind))
        : null;
  }

  @Nullable Principal open(JdbcClient jdbc, String presented, CredentialKind kind) {
    for (var hash : pepper.hashes(presented)) {
      var opened =
          jdbc.sql("select * from identity.open_door(:hash, :kind)")
              .param("hash", hash)
              .param("kind", kind.sqlName())
              .query(Opened.class)
              .optional();
      if (opened.isPresent()) {
        return opened.get().principal();
      }
    }
    return null;
  }

  /// A program that showed a key of a workspace, and what that is good for.
  record Program(Principal principal, Scope scope) {}

  /// Says which program shows a key, or null for one that is unknown, expired, ended or of a closed
  /// workspace.
  @Nullable Program openKey(String presented) {
    return Secret.hasTheForm(presented, Workspaces.PREFIX)
        ? database.withoutTenant(jdbc -> openKey(jdbc, presented))
        : null;
  }

  private @Nullable Program openKey(JdbcClient jdbc, String presented) {
    for (var hash : pepper.hashes(presented)) {
      var opened =
          jdbc.sql("select * from identity.open_key(:hash)")
              .param("hash", hash)
              .query(OpenedKey.class)
              .optional();
      if (opened.isPresent()) {
        return opened.get().program();
      }
    }
    return null;
  }

  /// Gives a token a successor; the old one works for a while longer, so that nothing stands still.
  ///
  /// @return nothing if somebody holds no token like that
  public Optional<Minted> rotate(Principal owner, UUID token, Duration validFor, Duration overlap) {
    var by = Actor.person(owner.person());
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var before =
                  jdbc.sql(
                          """
                          select label, scope from identity.credential
                           where org_id = :org and person_id = :person and id = :id
                             and kind = 'api' and revoked_at is null and expires_at > :now
                             and replaced_by is null
                             for update
                          """)
                      .param("org", owner.organization())
                      .param("person", owner.person())
                      .param("id", token)
                      .param("now", clock.instant().atOffset(UTC))
                      .query(Rotated.class)
                      .optional();
              if (before.isEmpty()) {
                return Optional.<Minted>empty();
              }
              var next =
                  mintToken(jdbc, owner, before.get().narrowedTo(), before.get().label(), validFor);
              jdbc.sql(
                      """
                      update identity.credential
                         set replaced_by = :next, expires_at = least(expires_at, :until)
                       where org_id = :org and id = :id
                      """)
                  .param("next", next.id())
                  .param("until", clock.instant().plus(overlap).atOffset(UTC))
                  .param("org", owner.organization())
                  .param("id", token)
                  .update();
              audit.append(
                  jdbc,
                  new AuditEntry(
                      owner.organization(),
                      by,
                      "credential.rotated",
                      token.toString(),
                      Outcome.DONE,
                      Map.of("next", next.id().toString())));
              return Optional.of(next);
            }));
  }

  /// Makes a credential open nothing from now on; one that is revoked already stays as it is.
  public void revoke(UUID organization, UUID credential, Actor by) {
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              var revoked =
                  jdbc.sql(
                          """
                          update identity.credential
                             set revoked_at = now()
                           where org_id = :org and id = :id and revoked_at is null
                          """)
                      .param("org", organization)
                      .param("id", credential)
                      .update();
              if (revoked == 0) {
                return null;
              }
              return recordEnd(jdbc, organization, credential, by);
            }));
  }

  private Receipt recordEnd(JdbcClient jdbc, UUID organization, UUID credential, Actor by) {
    return audit.append(
        jdbc,
        new AuditEntry(
            organization, by, "credential.revoked", credential.toString(), Outcome.DONE, Map.of()));
  }

  /// Something that lets its owner in.
  ///
  /// @param replaced whether it has a successor, and works only for a while longer
  /// @param scope what it is good for, if that is less than all
  public record Held(
      UUID id,
      CredentialKind kind,
      String label,
      Instant since,
      @Nullable Instant lastUsed,
      Instant until,
      boolean replaced,
      @Nullable Scope scope) {}

  private record Rotated(String label, @Nullable String scope) {
    @Nullable Scope narrowedTo() {
      return scope == null ? null : Scope.of(scope).orElseThrow();
    }
  }

  private record HeldRow(
      UUID id,
      String kind,
      String label,
      Instant createdAt,
      @Nullable Instant usedAt,
      Instant expiresAt,
      boolean replaced,
      @Nullable String scope) {
    Held held() {
      return new Held(
          id,
          CredentialKind.of(kind),
          label,
          createdAt,
          usedAt,
          expiresAt,
          replaced,
          scope == null ? null : Scope.of(scope).orElseThrow());
    }
  }

  private record OpenedKey(UUID keyId, UUID orgId, String scope) {
    /// It reads as somebody of the role would who reads nothing else.
    Program program() {
      var goodFor = Scope.of(scope).orElseThrow();
      var role =
          switch (goodFor) {
            case CELLS_READ -> Role.MANAGER;
            case PROOF_READ -> Role.REVIEWER;
            case OWN_READ, AUDIT_READ, SCIM ->
                throw new IllegalStateException("No key of a workspace is good for this");
          };
      return new Program(Principal.program(keyId, orgId, role), goodFor);
    }
  }

  private record Opened(
      UUID credentialId,
      UUID orgId,
      UUID personId,
      String role,
      @Nullable UUID teamId,
      boolean fresh,
      boolean complete) {
    Principal principal() {
      return new Principal(credentialId, orgId, personId, Role.of(role), teamId, fresh, complete);
    }
  }
}
