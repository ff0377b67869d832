// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ScopesIT {
  private static final Guests GUESTS = new Guests();
  private static final Principal OWNER =
      GUESTS.sessionOf(GUESTS.house.addPerson("boss@example.com", Role.OWNER));
  private static final Duration DAY = Duration.ofDays(1);

  @AfterAll
  static void stop() {
    GUESTS.close();
  }

  @Test
  void aTokenThatSaysNothingReadsAndProvisionsNobody() {
    assertThat(scopesOf(GUESTS.credentials.mintToken(OWNER, null, "all", DAY)))
        .isEqualTo(List.of(Scope.CELLS_READ, Scope.OWN_READ));
  }

  @Test
  void aNarrowTokenIsGoodForItsOneThingAndItsSuccessorToo() {
    var narrow = GUESTS.credentials.mintToken(OWNER, Scope.SCIM, "provider", DAY);

    var next = GUESTS.credentials.rotate(OWNER, narrow.id(), DAY, DAY).orElseThrow();

    assertThat(scopesOf(narrow)).containsExactly(Scope.SCIM);
    assertThat(scopesOf(next)).containsExactly(Scope.SCIM);
  }

  @Test
  void nobodyGivesATokenWhatTheyMayNotDo() {
    assertThatThrownBy(() -> GUESTS.credentials.mintToken(OWNER, Scope.AUDIT_READ, "audit", DAY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatNobodyKnowsIsGoodForNothing() {
    var token = GUESTS.credentials.mintToken(OWNER, null, "future", DAY);
    var superuser = GUESTS.house.superuser;
    superuser.sql("alter domain identity.scope drop constraint scope").update();

    superuser
        .sql("update identity.credential set scope = 'everything' where id = :id")
        .param("id", token.id())
        .update();

    assertThat(scopesOf(token)).isEmpty();
  }

  private static List<Scope> scopesOf(Minted token) {
    return GUESTS.credentials.scopesOf(
        Objects.requireNonNull(GUESTS.credentials.open(token.secret(), CredentialKind.API)));
  }
}
