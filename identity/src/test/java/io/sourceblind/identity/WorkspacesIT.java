// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Workspaces.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/// Keys of a workspace are nobody's in person, good for little, and seen by nobody outside it.
class WorkspacesIT {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration DAY = Duration.ofDays(1);

  private final Guests guests = new Guests();
  private final Workspaces workspaces =
      new Workspaces(
          guests.house.database.as(DatabaseRole.IDENTITY_API),
          guests.house.pepper,
          new AuditLog(Clock.systemUTC()),
          Clock.systemUTC());
  private final Principal owner = somebody("owner", Role.OWNER);
  private final Principal manager = somebody("manager", Role.MANAGER);
  private final Principal reviewer = somebody("reviewer", Role.REVIEWER);
  private final UUID reports = workspaces.make(owner, "Reports");

  @AfterEach
  void stop() {
    guests.close();
  }

  @Test
  void aKeyStandsForItselfAndIsGoodForItsOneThing() {
    var key = mint(owner, Scope.CELLS_READ);

    var program = Objects.requireNonNull(guests.credentials.openKey(key.secret()));

    assertThat(program.scope()).isEqualTo(Scope.CELLS_READ);
    assertThat(program.principal().role()).isEqualTo(Role.MANAGER);
    assertThat(program.principal().actor()).isEqualTo(Actor.program(key.id()));
    assertThat(owner.actor()).isEqualTo(Actor.person(owner.person()));
    assertThat(program.principal().fresh()).isFalse();
    for (var kind : CredentialKind.values()) {
      assertThat(guests.credentials.open(key.secret(), kind)).isNull();
    }
  }

  @Test
  void aKeyOutlivesWhoMadeIt() {
    workspaces.put(owner, reports, manager.person(), Level.MANAGER);
    var key = mint(manager, Scope.CELLS_READ);
    assertThat(workspaces.keysOf(owner, reports).getFirst().makerLeft()).isFalse();

    guests.organizations.removeMember(owner, manager.person());

    assertThat(guests.credentials.openKey(key.secret())).isNotNull();
    assertThat(workspaces.keysOf(owner, reports))
        .singleElement()
        .satisfies(left -> assertThat(left.makerLeft()).isTrue());
    assertThat(members()).containsExactly(owner.person());
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void nobodyMakesAKeyThatReadsWhatTheyDoNot(Scope scope) {
    for (var role : Role.values()) {
      var by = somebody("some" + role, role);
      workspaces.put(owner, reports, by.person(), Level.MANAGER);
      var allowed =
          switch (scope) {
            case CELLS_READ -> role == Role.MANAGER || role == Role.OWNER;
            case PROOF_READ -> role == Role.REVIEWER;
            case OWN_READ, AUDIT_READ, SCIM -> false;
          };

      assertThat(Workspaces.scopesFor(by).anyMatch(scope::equals)).isEqualTo(allowed);
      if (allowed) {
        assertThat(workspaces.mint(by, reports, scope, "job", MONTH)).isPresent();
      } else {
        assertThatThrownBy(() -> workspaces.mint(by, reports, scope, "job", MONTH))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aSuccessorIsGoodForNoMoreThanWhoMakesItReads() {
    workspaces.put(owner, reports, reviewer.person(), Level.MANAGER);
    var numbers = mint(owner, Scope.CELLS_READ);

    assertThatThrownBy(() -> workspaces.rotate(reviewer, numbers.id(), MONTH, DAY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whoReadsNoNumbersAnyMoreMakesNoKeyWithWhatTheyWereWhenTheyBegan() {
    workspaces.put(owner, reports, manager.person(), Level.MANAGER);
    guests.organizations.changeMember(owner, manager.person(), Role.ENGINEER, null);

    assertThatThrownBy(() -> workspaces.mint(manager, reports, Scope.CELLS_READ, "job", MONTH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDatabaseKnowsNoWiderKeyNorALongerOne() {
    var key = mint(owner, Scope.CELLS_READ);
    for (var scope : List.of("own:read", "audit:read", "scim")) {
      assertThatThrownBy(
              () -> superuser("update identity.workspace_key set scope = '%s'".formatted(scope)))
          .hasStackTraceContaining("of_nobody_in_person");
    }
    assertThatThrownBy(() -> as(owner, "update identity.workspace_key set scope = 'proof:read'"))
        .hasStackTraceContaining("permission denied");
    assertThatThrownBy(() ->
            superuser("update identity.workspace_key set expires_at = now() + interval '2 years'"))
        .hasStackTraceContaining("expires_within_a_year");
    assertThatThrownBy(
            () -> workspaces.mint(owner, reports, Scope.CELLS_READ, "job", Duration.ofDays(367)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> workspaces.rotate(owner, key.id(), Duration.ofDays(367), DAY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "k.ended_at is null, update identity.workspace_key set ended_at = now()",
    "k.expires_at > now(), update identity.workspace_key set expires_at = now()",
    "w.closed_at is null, update identity.workspace set closed_at = now()"
  })
  void whatIsOverOpensNothingAndItsTwinDoes(String guard, String end) {
    var key = mint(owner, Scope.CELLS_READ);
    assertThat(guests.credentials.openKey(key.secret())).isNotNull();

    superuser(end);
    assertThat(guests.credentials.openKey(key.secret())).isNull();

    var door =
        guests
            .house
            .superuser
            .sql("select pg_get_functiondef('identity.open_key(bytea)'::regprocedure)")
            .query(String.class)
            .single();
    assertThat(door).contains(guard);
    new JdbcTemplate(guests.house.database.superuser()).execute(door.replace(guard, "true"));
    assertThat(guests.credentials.openKey(key.secret())).isNotNull();
  }

  @Test
  void keysEndWithTheirWorkspaceAndOneByOne() {
    var first = mint(owner, Scope.CELLS_READ);
    var second = mint(owner, Scope.CELLS_READ);

    assertThat(workspaces.end(owner, first.id())).contains(reports);
    assertThat(guests.credentials.openKey(first.secret())).isNull();
    assertThat(guests.credentials.openKey(second.secret())).isNotNull();
    assertThat(workspaces.end(owner, first.id())).isEmpty();

    assertThat(workspaces.close(owner, reports)).isTrue();
    assertThat(guests.credentials.openKey(second.secret())).isNull();
    assertThat(workspaces.close(owner, reports)).isFalse();
    assertThat(workspaces.rename(owner, reports, "Again")).isFalse();
    assertThat(workspaces.of(owner, reports)).isEmpty();
    assertThat(workspaces.mint(owner, reports, Scope.CELLS_READ, "job", MONTH)).isEmpty();
    assertThat(workspaces.rotate(owner, second.id(), MONTH, DAY)).isEmpty();
    assertThat(workspaces.put(owner, reports, manager.person(), Level.MANAGER)).isFalse();
  }

  @Test
  void aSuccessorIsMadeWhileTheOldKeyWorksForADay() {
    var key = mint(owner, Scope.CELLS_READ);

    var next = workspaces.rotate(owner, key.id(), MONTH, DAY).orElseThrow();

    assertThat(next.workspace()).isEqualTo(reports);
    assertThat(guests.credentials.openKey(key.secret())).isNotNull();
    assertThat(guests.credentials.openKey(next.next().secret())).isNotNull();
    assertThat(workspaces.rotate(owner, key.id(), MONTH, DAY)).isEmpty();
    assertThat(workspaces.keysOf(owner, reports))
        .filteredOn(Workspaces.Key::replaced)
        .singleElement()
        .satisfies(old ->
            assertThat(old.until())
                .isBefore(Clock.systemUTC().instant().plus(Duration.ofHours(25))));
  }

  @Test
  void aKeyIsMarkedUsedToTheDay() {
    var key = mint(owner, Scope.CELLS_READ);
    assertThat(workspaces.keysOf(owner, reports).getFirst().lastUsed()).isNull();

    guests.credentials.openKey(key.secret());

    assertThat(workspaces.keysOf(owner, reports).getFirst().lastUsed())
        .isBetween(LocalDate.now(ZoneOffset.UTC).minusDays(1), LocalDate.now(ZoneOffset.UTC));
  }

  @Test
  void theTableHoldsNothingThatCouldBeShown() {
    var key = mint(owner, Scope.CELLS_READ);
    var row =
        guests
            .house
            .superuser
            .sql("select k::text from identity.workspace_key k")
            .query(String.class)
            .single();

    assertThat(row).doesNotContain(key.secret().substring(4, 20));
    assertThat(key.toString()).doesNotContain(key.secret());
    var underAnother =
        new Credentials(
            guests.house.database.as(DatabaseRole.IDENTITY_API),
            House.randomPepper(),
            new AuditLog(Clock.systemUTC()),
            Clock.systemUTC());
    assertThat(underAnother.openKey(key.secret())).isNull();
  }

  @Test
  void whoBelongsToAnotherWorkspaceFindsNothingOfThisOne() {
    var outsider = somebody("outsider", Role.MANAGER);
    var other = workspaces.make(owner, "Other");
    workspaces.put(owner, other, outsider.person(), Level.MANAGER);
    var key = mint(owner, Scope.CELLS_READ);

    assertThat(workspaces.of(outsider)).extracting(Workspaces.Workspace::id).containsExactly(other);
    assertThat(workspaces.of(outsider, reports)).isEmpty();
    assertThat(workspaces.keysOf(outsider, reports)).isEmpty();
    assertThat(workspaces.mint(outsider, reports, Scope.CELLS_READ, "job", MONTH)).isEmpty();
    assertThat(workspaces.rotate(outsider, key.id(), MONTH, DAY)).isEmpty();
    assertThat(workspaces.end(outsider, key.id())).isEmpty();
    assertThat(guests.credentials.openKey(key.secret())).isNotNull();
  }

  @Test
  void theDatabaseShowsKeysToTheirWorkspaceAloneAndItsTwinToAll() {
    var outsider = somebody("outsider", Role.MANAGER);
    mint(owner, Scope.CELLS_READ);
    assertThat(keysSeenBy(owner)).isOne();
    assertThat(keysSeenBy(outsider)).isZero();

    superuser("drop policy own_workspaces on identity.workspace_key");

    assertThat(keysSeenBy(outsider)).isOne();
  }

  @Test
  void aReviewerOfAWorkspaceSeesItsKeysAndMakesAndEndsNone() {
    workspaces.put(owner, reports, manager.person(), Level.REVIEWER);
    var key = mint(owner, Scope.CELLS_READ);

    assertThat(workspaces.keysOf(manager, reports))
        .singleElement()
        .satisfies(seen -> {
          assertThat(seen.label()).isEqualTo("job");
          assertThat(seen.scope()).isEqualTo(Scope.CELLS_READ);
          assertThat(seen.madeBy()).isEqualTo("Somebody");
        });
    assertThat(workspaces.mint(manager, reports, Scope.CELLS_READ, "job", MONTH)).isEmpty();
    assertThat(workspaces.rotate(manager, key.id(), MONTH, DAY)).isEmpty();
    assertThat(workspaces.end(manager, key.id())).isEmpty();
    assertThatThrownBy(() -> as(manager, aKeyMadeBy(manager)))
        .hasStackTraceContaining("row-level security");
    assertThat(as(manager, "update identity.workspace_key set ended_at = now()")).isZero();

    superuser("drop policy a_manager_makes on identity.workspace_key");
    superuser("drop policy a_manager_ends on identity.workspace_key");
    assertThat(as(manager, aKeyMadeBy(manager))).isOne();
    assertThat(as(manager, "update identity.workspace_key set ended_at = now()")).isEqualTo(2);
  }

  @Test
  void whoIsTakenOutSeesNothingFromTheNextRequestOn() {
    workspaces.put(owner, reports, manager.person(), Level.MANAGER);
    assertThat(workspaces.of(manager, reports)).isPresent();

    assertThat(workspaces.takeOut(owner, reports, manager.person())).isTrue();

    assertThat(workspaces.of(manager, reports)).isEmpty();
    assertThat(workspaces.mint(manager, reports, Scope.CELLS_READ, "job", MONTH)).isEmpty();
    assertThat(workspaces.takeOut(owner, reports, manager.person())).isFalse();
  }

  @Test
  void onlyAnOwnerSaysWhichWorkspacesThereAreAndWhoBelongsToThem() {
    workspaces.put(owner, reports, manager.person(), Level.MANAGER);

    assertThatThrownBy(() -> workspaces.make(manager, "Mine"))
        .isInstanceOf(Organizations.NotAnOwner.class);
    assertThatThrownBy(() -> workspaces.rename(manager, reports, "Mine"))
        .isInstanceOf(Organizations.NotAnOwner.class);
    assertThatThrownBy(() -> workspaces.close(manager, reports))
        .isInstanceOf(Organizations.NotAnOwner.class);
    assertThatThrownBy(() -> workspaces.put(manager, reports, reviewer.person(), Level.MANAGER))
        .isInstanceOf(Organizations.NotAnOwner.class);
    assertThatThrownBy(() -> workspaces.takeOut(manager, reports, owner.person()))
        .isInstanceOf(Organizations.NotAnOwner.class);
  }

  @Test
  void theDatabaseSaysSoAsWellAndItsTwinDoesNot() {
    workspaces.put(owner, reports, manager.person(), Level.REVIEWER);
    var joins =
        """
        insert into identity.workspace_member values ('%s', '%s', '%s', 'manager')
        """
            .formatted(guests.house.organization, reports, reviewer.person());
    var rises = "update identity.workspace_member set role = 'manager'";
    var opens = "update identity.workspace set closed_at = null";
    assertThatThrownBy(() -> as(manager, joins)).hasStackTraceContaining("row-level security");
    assertThat(as(manager, rises)).isZero();
    assertThat(as(manager, opens)).isZero();
    assertThat(as(manager, "delete from identity.workspace_member")).isZero();

    superuser("drop policy an_owner_puts_in on identity.workspace_member");
    superuser("drop policy an_owner_changes on identity.workspace_member");
    superuser("drop policy an_owner_changes on identity.workspace");
    superuser("drop policy an_owner_takes_out on identity.workspace_member");
    assertThat(as(manager, joins)).isOne();
    assertThat(as(manager, rises)).isEqualTo(3);
    assertThat(as(manager, opens)).isOne();
    assertThat(as(manager, "delete from identity.workspace_member")).isEqualTo(3);
  }

  @Test
  void nobodyOfAnotherOrganizationAndNobodyWhoLeftIsPutIn() {
    var theirs = guests.organizations.create("Theirs", House.OPERATOR);
    var stranger =
        guests.organizations.addPerson(
            theirs,
            null,
            "Stranger",
            "s@example.org",
            Role.MANAGER,
            LocalDate.EPOCH,
            House.OPERATOR);
    guests.organizations.removeMember(owner, manager.person());

    assertThat(workspaces.put(owner, reports, stranger, Level.MANAGER)).isFalse();
    assertThat(workspaces.put(owner, reports, manager.person(), Level.MANAGER)).isFalse();
    assertThat(workspaces.put(owner, UUID.randomUUID(), reviewer.person(), Level.MANAGER))
        .isFalse();
    assertThat(members()).containsExactly(owner.person());
  }

  @Test
  void twoOpenWorkspacesHaveTwoNames() {
    assertThatThrownBy(() -> workspaces.make(owner, "REPORTS"))
        .isInstanceOf(DuplicateKeyException.class);

    workspaces.close(owner, reports);

    assertThat(workspaces.make(owner, "Reports")).isNotEqualTo(reports);
  }

  @Test
  void everyChangeIsOnRecord() {
    workspaces.rename(owner, reports, "Numbers");
    workspaces.put(owner, reports, manager.person(), Level.MANAGER);
    var key = mint(owner, Scope.CELLS_READ);
    var next = workspaces.rotate(owner, key.id(), MONTH, DAY).orElseThrow().next();
    workspaces.end(owner, next.id());
    workspaces.takeOut(owner, reports, manager.person());
    workspaces.close(owner, reports);

    assertThat(guests.house.entries("workspace.made")).isOne();
    assertThat(guests.house.entries("workspace.renamed")).isOne();
    assertThat(guests.house.entries("workspace.joined")).isEqualTo(2);
    assertThat(guests.house.entries("workspace_key.minted")).isEqualTo(2);
    assertThat(guests.house.entries("workspace_key.rotated")).isOne();
    assertThat(guests.house.entries("workspace_key.ended")).isOne();
    assertThat(guests.house.entries("workspace.left")).isOne();
    assertThat(guests.house.entries("workspace.closed")).isOne();
  }

  private Principal somebody(String name, Role role) {
    return guests.sessionOf(guests.house.addPerson(name + "@example.com", role));
  }

  private Minted mint(Principal by, Scope scope) {
    return workspaces.mint(by, reports, scope, "job", MONTH).orElseThrow();
  }

  private List<UUID> members() {
    return workspaces.all(owner).getFirst().members().stream()
        .map(Workspaces.Member::person)
        .toList();
  }

  private long keysSeenBy(Principal who) {
    return TenantScope.callAs(
        who.tenant(),
        () ->
            guests
                .house
                .database
                .as(DatabaseRole.IDENTITY_API)
                .inTransaction(jdbc ->
                    jdbc.sql("select count(*) from identity.workspace_key")
                        .query(Long.class)
                        .single()));
  }

  private String aKeyMadeBy(Principal who) {
    return """
    insert into identity.workspace_key
      (org_id, id, workspace_id, label, scope, hash, pepper_id, made_by, created_at, expires_at)
    values ('%s', '%s', '%s', 'x', 'cells:read', sha256('x'), 1, '%s', now(), now())
    """
        .formatted(guests.house.organization, UUID.randomUUID(), reports, who.person());
  }

  private int as(Principal who, String sql) {
    return TenantScope.callAs(
        new Tenant(who.organization(), who.person()),
        () ->
            guests
                .house
                .database
                .as(DatabaseRole.IDENTITY_API)
                .inTransaction(jdbc -> jdbc.sql(sql).update()));
  }

  private void superuser(String sql) {
    guests.house.superuser.sql(sql).update();
  }
}
