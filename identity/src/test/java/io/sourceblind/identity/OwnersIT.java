// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An organization is run by owners, who alone make owners; one is always left.
class OwnersIT {
  private static final String PAGES = "https://pages.example.com";
  private static final String MAKE_OWNER =
      "update identity.person set role = 'owner' where id = '%s'";
  private static final String REMOVE =
      "update identity.person set removed_at = now() where id = '%s'";

  private final Guests guests = new Guests();
  private final UUID first = guests.house.addPerson("first@example.com", Role.OWNER);
  private final UUID second = guests.house.addPerson("second@example.com", Role.OWNER);
  private final UUID manager = guests.house.addPerson("manager@example.com", Role.MANAGER);

  @AfterEach
  void stop() {
    guests.close();
  }

  @Test
  void nobodyButAnOwnerChangesRolesOrInvites() {
    for (var role : List.of(Role.MANAGER, Role.ENGINEER, Role.REVIEWER, Role.BILLING)) {
      var by = guests.sessionOf(guests.house.addPerson(role + "@example.com", role));

      assertThatThrownBy(() -> guests.organizations.changeMember(by, by.person(), Role.OWNER, null))
          .isInstanceOf(Organizations.NotAnOwner.class);
      assertThatThrownBy(() -> guests.organizations.removeMember(by, first))
          .isInstanceOf(Organizations.NotAnOwner.class);
      assertThatThrownBy(
              () -> guests.invitations.invite(by, "friend@example.com", Role.OWNER, null, PAGES))
          .isInstanceOf(Organizations.NotAnOwner.class);
      assertThat(guests.letters).isEmpty();
    }
  }

  @Test
  void theDatabaseLetsNobodyButAnOwnerMakeOne() {
    assertThatThrownBy(() -> as(manager, MAKE_OWNER.formatted(manager)))
        .hasStackTraceContaining("only an owner makes somebody an owner");
    assertThatThrownBy(() -> as(manager, anOwnersRow())).hasStackTraceContaining("only an owner");
    assertThatThrownBy(() -> as(manager, aLetterToAnOwner()))
        .hasStackTraceContaining("only an owner invites");

    as(first, MAKE_OWNER.formatted(manager));

    assertThat(roleOf(manager)).isEqualTo("owner");
  }

  @Test
  void theTwinWithoutTheTriggersLetsAManagerMakeThemselvesOne() {
    superuser("drop trigger owners_are_kept on identity.person");
    superuser("drop trigger owners_ask_owners_in on identity.invitation");

    as(manager, MAKE_OWNER.formatted(manager));
    as(manager, anOwnersRow());
    as(manager, aLetterToAnOwner());

    assertThat(roleOf(manager)).isEqualTo("owner");
  }

  @Test
  void theDatabaseKeepsTheLastOwner() {
    as(first, REMOVE.formatted(second));

    assertThatThrownBy(() -> as(first, REMOVE.formatted(first)))
        .hasStackTraceContaining("an organization has an owner");
    assertThatThrownBy(() ->
            as(
                null,
                "update identity.person set role = 'manager' where id = '%s'".formatted(first)))
        .hasStackTraceContaining("an organization has an owner");

    superuser("drop trigger owners_are_kept on identity.person");
    as(first, REMOVE.formatted(first));
    assertThat(owners()).isZero();
  }

  @Test
  void ofTwoOwnersWhoRemoveEachOtherAtOnceOneStays() throws Exception {
    var one = guests.sessionOf(first);
    var other = guests.sessionOf(second);

    var ends = atOnce(() -> removes(one, second), () -> removes(other, first));

    assertThat(ends).containsExactlyInAnyOrder("removed", "not an owner");
    assertThat(owners()).isOne();
  }

  @Test
  void ofTwoOwnersWhoBecomeManagersAtOnceOneStays() throws Exception {
    var one = guests.sessionOf(first);
    var other = guests.sessionOf(second);

    var ends = atOnce(() -> stepsDown(one), () -> stepsDown(other));

    assertThat(ends).containsExactlyInAnyOrder("stepped down", "the last");
    assertThat(owners()).isOne();
  }

  @Test
  void theDatabaseAloneKeepsOneOfTwoAndItsTwinKeepsNone() throws Exception {
    assertThat(removeEachOtherInSql()).isOne();

    superuser("update identity.person set removed_at = null");
    superuser("drop trigger owners_are_kept on identity.person");
    assertThat(removeEachOtherInSql()).isZero();
  }

  @Test
  void whoeverIsAnOwnerNoMoreIsNoneForWhatTheyBeganBefore() {
    var before = guests.sessionOf(second);
    guests.organizations.changeMember(guests.sessionOf(first), second, Role.MANAGER, null);

    assertThatThrownBy(() -> guests.organizations.changeMember(before, second, Role.OWNER, null))
        .isInstanceOf(Organizations.NotAnOwner.class);
    assertThatThrownBy(() ->
            guests.invitations.invite(before, "friend@example.com", Role.ENGINEER, null, PAGES))
        .isInstanceOf(Organizations.NotAnOwner.class);
  }

  @Test
  void lettersToFutureOwnersEndWithTheirSendersOwnership() {
    var leaving = guests.sessionOf(second);
    guests.invitations.invite(leaving, "friend@example.com", Role.OWNER, null, PAGES);
    var toOwner = guests.mailedToken();
    guests.invitations.invite(leaving, "engineer2@example.com", Role.ENGINEER, null, PAGES);
    var toEngineer = guests.mailedToken();
    assertThat(guests.invitations.offerOf(toOwner)).isPresent();

    guests.organizations.changeMember(guests.sessionOf(first), second, Role.MANAGER, null);

    assertThat(guests.invitations.offerOf(toOwner)).isEmpty();
    assertThat(guests.invitations.offerOf(toEngineer)).isPresent();
  }

  private String removes(Principal by, UUID other) {
    try {
      guests.organizations.removeMember(by, other);
      return "removed";
    } catch (Organizations.NotAnOwner _) {
      return "not an owner";
    }
  }

  private String stepsDown(Principal owner) {
    try {
      guests.organizations.changeMember(owner, owner.person(), Role.MANAGER, null);
      return "stepped down";
    } catch (Organizations.NobodyWouldOwn _) {
      return "the last";
    }
  }

  /// Both wait for the organization's row, and then go on at once.
  private List<String> atOnce(Callable<String> one, Callable<String> other) throws Exception {
    try (var workers = Executors.newVirtualThreadPerTaskExecutor();
        var held = guests.house.database.superuser().getConnection()) {
      held.setAutoCommit(false);
      execute(held, "select id from identity.organization for update");
      List<Future<String>> ends = List.of(workers.submit(one), workers.submit(other));
      awaitWaiting(2);
      held.commit();
      return List.of(ends.getFirst().get(), ends.getLast().get());
    }
  }

  private long removeEachOtherInSql() throws Exception {
    try (var pool = guests.house.database.pool(Login.IDENTITY);
        var one = pool.getConnection();
        var other = pool.getConnection();
        var worker = Executors.newVirtualThreadPerTaskExecutor()) {
      begin(one, first);
      begin(other, second);
      execute(one, REMOVE.formatted(second));
      var removing =
          worker.submit(() -> {
            execute(other, REMOVE.formatted(first));
            other.commit();
            return true;
          });
      if (hasTheTrigger()) {
        awaitWaiting(1);
      }
      one.commit();
      try {
        removing.get();
      } catch (ExecutionException refused) {
        assertThat(refused).hasStackTraceContaining("an organization has an owner");
      }
    }
    return owners();
  }

  private boolean hasTheTrigger() {
    return guests
        .house
        .superuser
        .sql("select exists (select from pg_trigger where tgname = 'owners_are_kept')")
        .query(Boolean.class)
        .single();
  }

  private void begin(Connection connection, UUID person) throws SQLException {
    connection.setAutoCommit(false);
    execute(
        connection,
        "set local role identity_api; set local app.org_id = '%s'; set local app.person_id = '%s'"
            .formatted(guests.house.organization, person));
  }

  private void awaitWaiting(int many) throws InterruptedException {
    for (var tries = 0; tries < 600; tries++) {
      var waiting =
          guests
              .house
              .superuser
              .sql(
                  """
                  select count(*) from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'
                  """)
              .query(Integer.class)
              .single();
      if (waiting >= many) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("Nobody waits for the lock");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void as(@Nullable UUID person, String sql) {
    TenantScope.runAs(
        new Tenant(guests.house.organization, person),
        () ->
            guests
                .house
                .database
                .as(DatabaseRole.IDENTITY_API)
                .inTransaction(jdbc -> jdbc.sql(sql).update()));
  }

  private String anOwnersRow() {
    return """
    insert into identity.person (org_id, id, name, email, role)
    values ('%s', '%s', 'Friend', 'friend@example.com', 'owner')
    """
        .formatted(guests.house.organization, UUID.randomUUID());
  }

  private String aLetterToAnOwner() {
    return """
    insert into identity.invitation (org_id, id, email, role, hash, invited_by, created_at, expires_at)
    values ('%s', '%s', 'friend@example.com', 'owner', sha256('x'), '%s', now(), now())
    """
        .formatted(guests.house.organization, UUID.randomUUID(), manager);
  }

  private void superuser(String sql) {
    guests.house.superuser.sql(sql).update();
  }

  private String roleOf(UUID person) {
    return guests
        .house
        .superuser
        .sql("select role::text from identity.person where id = :id")
        .param("id", person)
        .query(String.class)
        .single();
  }

  private long owners() {
    return guests
        .house
        .superuser
        .sql("select count(*) from identity.person where role = 'owner' and removed_at is null")
        .query(Long.class)
        .single();
  }
}
