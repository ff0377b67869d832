// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoutesAreCompleteTest {

  @Test
  void aHandlerWithoutALineStopsTheBoot() {
    assertThatThrownBy(() ->
            RoutesAreComplete.demand(Set.of("GET /teams", "GET /people"), Set.of("GET /teams")))
        .hasMessage("These handlers have no line in Route: [GET /people]");
  }

  @Test
  void aLineWithoutAHandlerStopsTheBoot() {
    assertThatThrownBy(
            () -> RoutesAreComplete.demand(Set.of("GET /teams"), Set.of("GET /teams", "GET /me")))
        .hasMessage("These lines of Route have no handler: [GET /me]");
  }

  @Test
  void whatAgreesBoots() {
    assertThatCode(() -> RoutesAreComplete.demand(Set.of("GET /teams"), Set.of("GET /teams")))
        .doesNotThrowAnyException();
  }

  @Test
  void whateverIsOnlyForOneRoleIsWrittenDownWhenItIsRead() {
    assertThat(Stream.of(Route.values()))
        .allSatisfy(route ->
            assertThat(route.action() != null)
                .as(route.pattern())
                .isEqualTo(route.who() instanceof Who.Only));
  }

  @Test
  void pagesOfNumbersKnowWholeWeeksAndNothingElse() {
    assertThat(Stream.of(Route.TEAMS, Route.API_TEAMS))
        .allSatisfy(route -> assertThat(route.parameters()).isEmpty());
    assertThat(Stream.of(Route.TEAM, Route.TEAM_TABLE, Route.TEAM_PICTURE, Route.ORGANIZATION))
        .allSatisfy(
            route -> assertThat(route.parameters()).containsExactlyInAnyOrder("from", "to"));
    assertThat(Route.API_CELLS.parameters())
        .containsExactlyInAnyOrder("leaf", "metric", "from", "to");
  }
}
