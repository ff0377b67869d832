// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import io.sourceblind.identity.Scope;
import io.sourceblind.identity.Workspaces;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An organization with somebody in each role and a thing of every sort, under a name that is found
/// again wherever it must not be.
final class Cast {
  final UUID organization;
  final UUID team;
  private final World world;
  private final String name;
  private final Map<Role, UUID> sessions = new EnumMap<>(Role.class);
  private final Map<Role, UUID> people = new EnumMap<>(Role.class);
  private final Map<Role, UUID> removed = new EnumMap<>(Role.class);
  private final Map<Role, UUID> halfway = new EnumMap<>(Role.class);
  private int number;
  private UUID workspace = UUID.randomUUID();
  private UUID key = UUID.randomUUID();

  Cast(World world, String name) {
    this.world = world;
    this.name = name;
    organization = world.organization(name + " Works");
    team = world.team(organization, name + " team");
    for (var role : Role.values()) {
      people.put(role, person(role));
      removed.put(role, person(role));
      halfway.put(role, withSecondFactor(role));
      sql("update identity.person set removed_at = now() where id = :id", removed.get(role));
    }
    // So that no test removes the last one.
    person(Role.OWNER);
    // Whatever somebody is today, they may have been an engineer.
    for (var role : Role.values()) {
      sessions.put(role, UUID.randomUUID());
      world.event(
          organization,
          person(role, people),
          Clock.systemUTC().instant().minus(Duration.ofHours(1)),
          "prompt.submitted",
          sessions.get(role),
          Map.of());
    }
    world.store();
  }

  /// What somebody shows, and where.
  enum Shown {
    NOTHING,
    SESSION,
    STALE_SESSION,
    HALF_SESSION,
    EXPIRED_SESSION,
    REVOKED_SESSION,
    REMOVED_SESSION,
    SESSION_AS_TOKEN,
    TOKEN,
    CELLS_TOKEN,
    OWN_TOKEN,
    PROOF_TOKEN,
    AUDIT_TOKEN,
    SCIM_TOKEN,
    CELLS_KEY,
    PROOF_KEY,
    EXPIRED_KEY,
    ENDED_KEY,
    KEY_OF_A_CLOSED_WORKSPACE,
    KEY_AS_SESSION,
    EXPIRED_TOKEN,
    REVOKED_TOKEN,
    REMOVED_TOKEN,
    TOKEN_AS_SESSION,
    DEVICE_AS_TOKEN,
    DEVICE_AS_SESSION,
    LINK_AS_TOKEN,
    LINK_AS_SESSION,
    REFRESH_AS_TOKEN,
    REFRESH_AS_SESSION;

    boolean isASession() {
      return this == SESSION || this == STALE_SESSION || this == HALF_SESSION;
    }

    boolean isAToken() {
      return this == TOKEN || scope() != null;
    }

    @Nullable Scope scope() {
      return switch (this) {
        case CELLS_TOKEN, CELLS_KEY -> Scope.CELLS_READ;
        case OWN_TOKEN -> Scope.OWN_READ;
        case PROOF_TOKEN, PROOF_KEY -> Scope.PROOF_READ;
        case AUDIT_TOKEN -> Scope.AUDIT_READ;
        case SCIM_TOKEN -> Scope.SCIM;
        default -> null;
      };
    }

    /// Keys are nobody's in person, so they are the same in every role.
    boolean isAKey() {
      return name().contains("KEY");
    }

    /// A key is nobody's in person: whoever carries it, it reads as the role that its scope is for.
    Role readsAs(Role carrier) {
      return switch (this) {
        case CELLS_KEY -> Role.MANAGER;
        case PROOF_KEY -> Role.REVIEWER;
        default -> carrier;
      };
    }

    /// A token that says nothing of itself reads whatever its owner reads, and provisions nobody.
    boolean isGoodFor(@Nullable Scope wanted) {
      return this == TOKEN ? wanted != Scope.SCIM : scope() == wanted;
    }
  }

  UUID person(Role role, Map<Role, UUID> of) {
    return Objects.requireNonNull(of.get(role));
  }

  UUID somebody(Role role) {
    return person(role, people);
  }

  UUID person(Role role) {
    return world.person(
        organization,
        role == Role.ENGINEER ? team : null,
        "%s %s %d".formatted(name, role, ++number),
        role);
  }

  Pass pass(Role role, Shown shown) {
    return switch (shown) {
      case NOTHING -> Pass.none();
      case SESSION -> Pass.session(secret(role, CredentialKind.SESSION, null));
      case STALE_SESSION ->
          Pass.session(
              secret(role, CredentialKind.SESSION, "proved_at = now() - interval '11 minutes'"));
      case HALF_SESSION ->
          Pass.session(world.secret(organization, person(role, halfway), CredentialKind.SESSION));
      case EXPIRED_SESSION ->
          Pass.session(secret(role, CredentialKind.SESSION, "expires_at = now()"));
      case REVOKED_SESSION ->
          Pass.session(secret(role, CredentialKind.SESSION, "revoked_at = now()"));
      case REMOVED_SESSION ->
          Pass.session(world.secret(organization, person(role, removed), CredentialKind.SESSION));
      case SESSION_AS_TOKEN -> Pass.token(secret(role, CredentialKind.SESSION, null));
      case TOKEN -> Pass.token(secret(role, CredentialKind.API, null));
      case CELLS_TOKEN, OWN_TOKEN, PROOF_TOKEN, AUDIT_TOKEN, SCIM_TOKEN ->
          Pass.token(
              secret(
                  role,
                  CredentialKind.API,
                  "scope = '%s'".formatted(Objects.requireNonNull(shown.scope()).word())));
      case CELLS_KEY -> Pass.token(key("scope = 'cells:read'"));
      case PROOF_KEY -> Pass.token(key("scope = 'proof:read'"));
      case EXPIRED_KEY -> Pass.token(key("expires_at = now()"));
      case ENDED_KEY -> Pass.token(key("ended_at = now()"));
      case KEY_OF_A_CLOSED_WORKSPACE -> {
        var key = key("scope = 'cells:read'");
        sql("update identity.workspace set closed_at = now() where id = :id", workspace);
        yield Pass.token(key);
      }
      case KEY_AS_SESSION -> Pass.session(key("scope = 'cells:read'"));
      case EXPIRED_TOKEN -> Pass.token(secret(role, CredentialKind.API, "expires_at = now()"));
      case REVOKED_TOKEN -> Pass.token(secret(role, CredentialKind.API, "revoked_at = now()"));
      case REMOVED_TOKEN ->
          Pass.token(world.secret(organization, person(role, removed), CredentialKind.API));
      case TOKEN_AS_SESSION -> Pass.session(secret(role, CredentialKind.API, null));
      case DEVICE_AS_TOKEN -> Pass.token(secret(role, CredentialKind.DEVICE, null));
      case DEVICE_AS_SESSION -> Pass.session(secret(role, CredentialKind.DEVICE, null));
      case LINK_AS_TOKEN -> Pass.token(secret(role, CredentialKind.SIGN_IN_LINK, null));
      case LINK_AS_SESSION -> Pass.session(secret(role, CredentialKind.SIGN_IN_LINK, null));
      case REFRESH_AS_TOKEN -> Pass.token(secret(role, CredentialKind.REFRESH, null));
      case REFRESH_AS_SESSION -> Pass.session(secret(role, CredentialKind.REFRESH, null));
    };
  }

  /// Something of the organization that fits into an address: made anew, for a request may end it.
  UUID idFor(String variable, Role asker) {
    return switch (variable) {
      case "team" -> team;
      case "group" -> world.team(organization, name + " group " + ++number);
      case "session" -> person(asker, sessions);
      case "member" -> person(Role.ENGINEER);
      case "deletion" -> deletion(asker);
      case "factor" -> withSecondFactor(Role.ENGINEER);
      case "held" -> {
        world.secret(organization, somebody(asker), CredentialKind.SESSION);
        yield latest(somebody(asker));
      }
      case "token" -> {
        world.secret(organization, somebody(asker), CredentialKind.API);
        yield latest(somebody(asker));
      }
      case "invitation" -> invitation();
      case "passkey" -> passkey(asker);
      case "workspace" -> workspaceOf(somebody(asker));
      case "key" -> {
        workspaceOf(somebody(asker));
        key("scope = 'cells:read'");
        yield key;
      }
      case "provider" -> organization;
      default ->
          throw new IllegalStateException(
              "The matrix knows nothing that is called {%s} in an address: say here what it is"
                  .formatted(variable));
    };
  }

  /// The same of a workspace that the asker does not belong to, though it is of their organization.
  UUID idElsewhere(String variable) {
    workspaceOf(person(Role.MANAGER));
    if (variable.equals("key")) {
      key("scope = 'cells:read'");
      return key;
    }
    return workspace;
  }

  private UUID workspaceOf(UUID person) {
    var owner = world.principal(organization, somebody(Role.OWNER), Role.OWNER);
    workspace = world.workspaces().make(owner, name + " workspace " + ++number);
    world.workspaces().put(owner, workspace, person, Workspaces.Level.MANAGER);
    if (!person.equals(owner.person())) {
      world.workspaces().takeOut(owner, workspace, owner.person());
    }
    return workspace;
  }

  /// A key of the last workspace, or of a new one.
  private String key(String then) {
    var keeper = person(Role.MANAGER);
    var owner = world.principal(organization, somebody(Role.OWNER), Role.OWNER);
    if (!world.workspaces().put(owner, workspace, keeper, Workspaces.Level.MANAGER)) {
      workspaceOf(keeper);
    }
    var minted =
        world
            .workspaces()
            .mint(
                world.principal(organization, keeper, Role.MANAGER),
                workspace,
                Scope.CELLS_READ,
                name + " key",
                Duration.ofHours(1))
            .orElseThrow();
    key = minted.id();
    sql("update identity.workspace_key set " + then + " where id = :id", key);
    return minted.secret();
  }

  private UUID deletion(Role asker) {
    var id = UUID.randomUUID();
    world
        .superuser()
        .sql(
            """
            insert into identity.deletion (org_id, id, scope, person_id, asked_by)
            values (:org, :id, :scope, :person, :by)
            """)
        .param("org", organization)
        .param("id", id)
        .param("scope", "person")
        .param("person", somebody(asker))
        .param("by", somebody(asker))
        .update();
    return id;
  }

  private UUID withSecondFactor(Role role) {
    var person = person(role);
    world
        .superuser()
        .sql(
            """
            insert into identity.totp (org_id, person_id, sealed, confirmed_at)
            values (:org, :person, sha256('not a key'), now())
            """)
        .param("org", organization)
        .param("person", person)
        .update();
    return person;
  }

  private UUID passkey(Role role) {
    var id = UUID.randomUUID();
    world
        .superuser()
        .sql(
            """
            insert into identity.passkey
              (org_id, id, person_id, label, credential_id, attested, sign_count,
               backup_eligible, created_at)
            values (:org, :id, :person, 'Laptop', sha256(:id::text::bytea),
                    sha512(:id::text::bytea), 0, false, now())
            """)
        .param("org", organization)
        .param("id", id)
        .param("person", somebody(role))
        .update();
    return id;
  }

  private UUID invitation() {
    var id = UUID.randomUUID();
    world
        .superuser()
        .sql(
            """
            insert into identity.invitation
              (org_id, id, email, role, hash, invited_by, created_at, expires_at)
            values (:org, :id, :email, 'engineer', sha256(:email::bytea), :by, now(),
                    now() + interval '1 day')
            """)
        .param("org", organization)
        .param("id", id)
        .param("email", name + ++number + "@example.com")
        .param("by", somebody(Role.OWNER))
        .update();
    return id;
  }

  private String secret(Role role, CredentialKind kind, @Nullable String then) {
    var secret = world.secret(organization, somebody(role), kind);
    if (then != null) {
      sql("update identity.credential set " + then + " where id = :id", latest(somebody(role)));
    }
    return secret;
  }

  private UUID latest(UUID person) {
    return world
        .superuser()
        .sql(
            """
            select id from identity.credential
             where person_id = :person order by created_at desc limit 1
            """)
        .param("person", person)
        .query((row, _) -> row.getObject("id", UUID.class))
        .single();
  }

  private void sql(String change, @Nullable UUID id) {
    world.superuser().sql(change).param("id", id).update();
  }
}
