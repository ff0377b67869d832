// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.Keeping;
import io.sourceblind.audit.Logs;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.builder.SpringApplicationBuilder;

/// The pages with ten weeks of four teams behind them, for looking at them while they are made.
final class DevPages {
  private record Plan(String name, int people, double busy, double care) {}

  private static final List<Plan> TEAMS =
      List.of(
          new Plan("Checkout", 14, 1.7, 0.7),
          new Plan("Platform", 11, 1.1, 0.45),
          new Plan("Search", 8, 1.4, 0.6),
          new Plan("Design systems", 4, 1.2, 0.5));

  private DevPages() {}

  /// A log that nobody signs gives no data after ten minutes.
  private static void keepTheLog(World world, Clock clock) throws IOException {
    var memory = Files.createTempFile("signer", ".memory");
    // Until the process ends.
    var _ = Keeping.order(world.database().as(DatabaseRole.AUDIT_SEQUENCER), clock);
    var _ =
        Keeping.signatures(
            world.database().as(DatabaseRole.AUDIT_SIGNER),
            "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
            memory,
            new Logs("audit.example.com"),
            clock);
  }

  static void main(String[] args) throws InterruptedException, IOException {
    var clock = Clock.systemUTC();
    var world = new World(clock);
    var organization = world.organization();
    var first = new HashMap<Role, UUID>();
    var weeks = IsoWeek.running(clock).andBefore(11);
    for (var plan : TEAMS) {
      var team = world.team(organization, plan.name());
      var number = 0;
      for (var person :
          world.engineers(organization, team, plan.name() + " engineer", plan.people())) {
        first.putIfAbsent(Role.ENGINEER, person);
        var work = new SimulatedWork(world, organization, plan.name().hashCode() * 100L + number);
        for (var at = 0; at < weeks.size(); at++) {
          var away = plan.name().equals("Search") && (at == 4 || at == 8) && number > 2;
          if (!away) {
            var grows = 0.6 + 0.06 * at;
            work.week(
                person, weeks.get(at), plan.busy() * grows, plan.care() * grows, clock.instant());
          }
        }
        number++;
      }
    }
    world.store();
    keepTheLog(world, clock);
    for (var role : List.of(Role.MANAGER, Role.REVIEWER, Role.BILLING)) {
      first.put(role, world.person(organization, null, "Some " + role, role));
    }
    var arguments = new HashMap<String, Object>(world.database().propertiesFor(Login.ANALYTICS));
    world
        .database()
        .propertiesFor(Login.RELEASER)
        .forEach((name, value) -> arguments.put(name.replace("spring.", "release."), value));
    arguments.put("identity.pepper", world.pepper());
    arguments.put("audit.log-name", "audit.example.com");
    arguments.put("audit.receipt-key", World.RECEIPT_KEY);
    arguments.put("release.key", world.releaseKey());
    arguments.put("spring.config.name", "analytics-service");
    arguments.put("server.port", args.length > 0 ? args[0] : "8499");
    arguments.put("server.address", "127.0.0.1");
    new SpringApplicationBuilder(AnalyticsService.class)
        .run(
            arguments.entrySet().stream()
                .map(argument -> "--" + argument.getKey() + "=" + argument.getValue())
                .toArray(String[]::new));
    first.forEach((role, person) ->
        System.out.printf(
            "%s %s %s %s%n",
            role,
            world.secret(organization, person, CredentialKind.SESSION),
            world.secret(organization, person, CredentialKind.SIGN_IN_LINK),
            world.secret(organization, person, CredentialKind.API)));
    System.out.println("ready");
    new CountDownLatch(1).await();
  }
}
