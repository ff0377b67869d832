// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.Keeping;
import io.sourceblind.audit.Logs;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import io.sourceblind.identity.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Some weeks of four teams and somebody of every role, for eyes and for a browser.
///
/// @param organization whose they are
/// @param first somebody of each role
/// @param keeping what orders and signs their log: one that nobody signs gives no data
record Demonstration(World world, UUID organization, Map<Role, UUID> first, List<Keeping> keeping)
    implements AutoCloseable {
  private record Plan(String name, int people, double busy, double care) {}

  private static final List<Plan> TEAMS =
      List.of(
          new Plan("Checkout", 14, 1.7, 0.7),
          new Plan("Platform", 11, 1.1, 0.45),
          new Plan("Search", 8, 1.4, 0.6),
          new Plan("Design systems", 4, 1.2, 0.5));

  /// @param weeks how many, the one that runs included
  static Demonstration of(int weeks, World world, Clock clock) {
    var organization = world.organization();
    var first = new EnumMap<Role, UUID>(Role.class);
    var running = IsoWeek.running(clock).andBefore(weeks);
    for (var plan : TEAMS) {
      var team = world.team(organization, plan.name());
      var number = 0;
      for (var person :
          world.engineers(organization, team, plan.name() + " engineer", plan.people())) {
        first.putIfAbsent(Role.ENGINEER, person);
        var work = new SimulatedWork(world, organization, plan.name().hashCode() * 100L + number);
        for (var at = 0; at < running.size(); at++) {
          var away = plan.name().equals("Search") && (at == 4 || at == 8) && number > 2;
          if (!away) {
            var grows = 0.6 + 0.06 * at;
            work.week(
                person, running.get(at), plan.busy() * grows, plan.care() * grows, clock.instant());
          }
        }
        number++;
      }
    }
    world.store();
    for (var role : List.of(Role.MANAGER, Role.OWNER, Role.REVIEWER, Role.BILLING)) {
      first.put(role, world.person(organization, null, "Some " + role, role));
    }
    return new Demonstration(world, organization, first, keepTheLog(world, clock));
  }

  /// Lets in whoever is first of a role.
  String secret(Role role, CredentialKind kind) {
    return world.secret(organization, Objects.requireNonNull(first.get(role)), kind);
  }

  /// The first of a role.
  Principal principal(Role role) {
    return world.principal(organization, Objects.requireNonNull(first.get(role)), role);
  }

  Workspaces workspaces() {
    return world.workspaces();
  }

  /// The id of a team.
  UUID team(String name) {
    return world
        .superuser()
        .sql("select id from identity.team where org_id = :org and name = :name")
        .param("org", organization)
        .param("name", name)
        .query(UUID.class)
        .single();
  }

  @Override
  public void close() {
    keeping.forEach(Keeping::close);
  }

  private static List<Keeping> keepTheLog(World world, Clock clock) {
    try {
      var memory = Files.createTempFile("signer", ".memory");
      return List.of(
          Keeping.order(world.database().as(DatabaseRole.AUDIT_SEQUENCER), clock),
          Keeping.signatures(
              world.database().as(DatabaseRole.AUDIT_SIGNER),
              "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
              memory,
              new Logs("audit.example.com"),
              clock));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
