// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OrganizationsIT {
  private static House house;

  @BeforeAll
  static void start() {
    house = new House();
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  @Test
  void everyOrganizationHasAKeyOfItsOwn() {
    var one = house.organizations.create("One", House.OPERATOR);
    var two = house.organizations.create("Two", House.OPERATOR);

    assertThat(refKey(one)).hasSize(32).isNotEqualTo(refKey(two)).isNotEqualTo(new byte[32]);
  }

  @Test
  void aPersonIsAddedAsTheyAre() {
    var id =
        house.organizations.addPerson(
            house.organization,
            null,
            "Some Body",
            "some.body@example.com",
            Role.REVIEWER,
            LocalDate.of(2026, 3, 1),
            House.OPERATOR);

    var row =
        house
            .superuser
            .sql("select name, email, role, joined_on, team_id from identity.person where id = :id")
            .param("id", id)
            .query()
            .singleRow();
    assertThat(row)
        .containsEntry("name", "Some Body")
        .containsEntry("email", "some.body@example.com")
        .containsEntry("role", "reviewer")
        .containsEntry("joined_on", java.sql.Date.valueOf("2026-03-01"))
        .containsEntry("team_id", null);
  }

  @Test
  void theLogSaysWhatWasDoneAndNamesNobody() {
    var organization = house.organizations.create("Nameable Works", House.OPERATOR);
    var team = house.organizations.addTeam(organization, "Nameable Team", House.OPERATOR);
    var person =
        house.organizations.addPerson(
            organization,
            team,
            "Nameable Person",
            "nameable@example.com",
            Role.MANAGER,
            LocalDate.EPOCH,
            House.OPERATOR);

    var leaves =
        house
            .superuser
            .sql(
                "select convert_from(leaf, 'UTF8') from audit.entry where org_id = :org order by id")
            .param("org", organization)
            .query(String.class)
            .list();

    assertThat(leaves).hasSize(3);
    assertThat(leaves.get(0))
        .contains("\"action\":\"organization.created\"", "\"target\":\"" + organization + "\"");
    assertThat(leaves.get(1)).contains("\"action\":\"team.added\"", "\"target\":\"" + team + "\"");
    assertThat(leaves.get(2))
        .contains(
            "\"action\":\"person.added\"",
            "\"target\":\"" + person + "\"",
            "\"role\":\"manager\"",
            "\"team\":\"" + team + "\"");
    assertThat(String.join("\n", leaves)).doesNotContainIgnoringCase("nameable");
  }

  @Test
  void anAddressIsTakenOncePerOrganizationAndTheRefusalDoesNotRepeatIt() {
    house.addPerson("twice@example.com", Role.ENGINEER);
    var before = house.entries("person.added");

    assertThatThrownBy(() -> house.addPerson("twice@example.com", Role.ENGINEER))
        .hasStackTraceContaining("duplicate key")
        .satisfies(refused -> {
          for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause.getMessage())).doesNotContain("twice@example.com");
          }
        });

    assertThat(house.entries("person.added")).isEqualTo(before);
  }

  private static byte[] refKey(UUID organization) {
    return house
        .superuser
        .sql("select ref_key from identity.organization where id = :id")
        .param("id", organization)
        .query(byte[].class)
        .single();
  }
}
