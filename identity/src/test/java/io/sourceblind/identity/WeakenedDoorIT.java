// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.EntryNotKept;
import io.sourceblind.db.DatabaseRole;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The twins: each guard is taken away in a database of its own, and then the attack succeeds.
class WeakenedDoorIT {
  private House house;

  @BeforeEach
  void start() {
    house = new House();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  @Test
  void withoutTheExpiryAnExpiredCredentialOpens() {
    var minted =
        house
            .credentials(
                DatabaseRole.IDENTITY_API, Clock.offset(Clock.systemUTC(), Duration.ofDays(-2)))
            .mint(
                house.organization,
                house.engineer,
                CredentialKind.API,
                "test",
                Duration.ofDays(1),
                House.OPERATOR);

    house.weakenTheDoor("c.expires_at > now()", "true");

    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNotNull();
  }

  @Test
  void withoutTheRevocationARevokedCredentialOpens() {
    var minted = house.mint(CredentialKind.API);
    house.credentials.revoke(house.organization, minted.id(), House.OPERATOR);

    house.weakenTheDoor("c.revoked_at is null", "true");

    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNotNull();
  }

  @Test
  void withoutTheMarkALinkOpensTwice() {
    var link = house.mint(CredentialKind.SIGN_IN_LINK);
    house.credentials.open(link.secret(), CredentialKind.SIGN_IN_LINK);

    house.weakenTheDoor("(c.kind <> 'sign_in_link' or c.used_at is null)", "true");
    house.weakenTheDoor("where not g.opens_once or", "where true or");

    assertThat(house.credentials.open(link.secret(), CredentialKind.SIGN_IN_LINK)).isNotNull();
  }

  @Test
  void withoutTheKindACredentialOpensAsAnother() {
    var minted = house.mint(CredentialKind.DEVICE);
    house
        .superuser
        .sql("update identity.credential set kind = 'api' where id = :id")
        .param("id", minted.id())
        .update();

    house.weakenTheDoor("c.kind = wanted", "true");

    assertThat(house.credentials.open(minted.secret(), CredentialKind.DEVICE)).isNotNull();
  }

  @Test
  void aCopiedTableOpensNothingWithoutThePepper() {
    var minted = house.mint(CredentialKind.API);

    try (var thief = new House();
        var thiefWithThePepper = new House(house.pepper)) {
      copy(minted.id(), thief);
      copy(minted.id(), thiefWithThePepper);

      assertThat(thief.credentials.open(minted.secret(), CredentialKind.API)).isNull();
      assertThat(thiefWithThePepper.credentials.open(minted.secret(), CredentialKind.API))
          .isNotNull();
    }
  }

  @Test
  void whatCannotBeAuditedDoesNotHappen() {
    var minted = house.mint(CredentialKind.API);
    house
        .superuser
        .sql(
            """
            set local sourceblind.amendment = 'a weakness, for a test';
            create function public.swallow() returns trigger language plpgsql as
              $$ begin return null; end $$;
            create trigger swallow before insert on audit.entry
              for each row execute function public.swallow()
            """)
        .update();

    assertThatThrownBy(() -> house.mint(CredentialKind.DEVICE)).isInstanceOf(EntryNotKept.class);
    assertThatThrownBy(
            () -> house.credentials.revoke(house.organization, minted.id(), House.OPERATOR))
        .isInstanceOf(EntryNotKept.class);
    assertThatThrownBy(() -> house.organizations.create("Other", House.OPERATOR))
        .isInstanceOf(EntryNotKept.class);
    assertThatThrownBy(() -> house.organizations.addTeam(house.organization, "B", House.OPERATOR))
        .isInstanceOf(EntryNotKept.class);
    assertThatThrownBy(() -> house.addPerson("other@example.com", Role.MANAGER))
        .isInstanceOf(EntryNotKept.class);

    assertThat(count("credential")).isOne();
    assertThat(count("organization")).isOne();
    assertThat(count("team")).isOne();
    assertThat(count("person")).isOne();
    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNotNull();
  }

  @Test
  void withoutTheForeignKeyAPersonOfAnotherOrganizationGetsACredentialThatStillOpensNothing() {
    var theirs = house.organizations.create("Theirs", House.OPERATOR);
    house
        .superuser
        .sql("alter table identity.credential drop constraint credential_org_id_person_id_fkey")
        .update();

    var minted =
        house.credentials.mint(
            theirs, house.engineer, CredentialKind.API, "test", Duration.ofDays(1), House.OPERATOR);

    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNull();
    house.weakenTheDoor("p.org_id = c.org_id", "true");
    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNotNull();
  }

  @Test
  void withoutRowSecurityAnotherOrganizationStillRevokesNothing() {
    var minted = house.mint(CredentialKind.API);
    var theirs = house.organizations.create("Theirs", House.OPERATOR);
    house.superuser.sql("alter table identity.credential disable row level security").update();

    house.credentials.revoke(theirs, minted.id(), House.OPERATOR);

    // The statement names the organization as well.
    assertThat(house.credentials.open(minted.secret(), CredentialKind.API)).isNotNull();
  }

  @Test
  void aTeamOfAnotherOrganizationTakesNobodyIn() {
    var theirs = house.organizations.create("Theirs", House.OPERATOR);

    assertThatThrownBy(() ->
            house.organizations.addPerson(
                theirs,
                house.team,
                "Somebody",
                "somebody@example.com",
                Role.ENGINEER,
                LocalDate.EPOCH,
                House.OPERATOR))
        .hasStackTraceContaining("foreign key");
  }

  private void copy(UUID credential, House to) {
    var hash =
        house
            .superuser
            .sql("select hash from identity.credential where id = :id")
            .param("id", credential)
            .query(byte[].class)
            .single();
    to.superuser
        .sql(
            """
            insert into identity.credential (id, org_id, person_id, kind, label, hash, expires_at)
            values (:id, :org, :person, 'api', 'copied', :hash, now() + interval '1 day')
            """)
        .param("id", credential)
        .param("org", to.organization)
        .param("person", to.engineer)
        .param("hash", hash)
        .update();
  }

  private long count(String table) {
    return house.superuser.sql("select count(*) from identity." + table).query(Long.class).single();
  }
}
