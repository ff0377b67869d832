// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone.demo;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.capture.Capture;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Pepper;
import io.sourceblind.identity.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The demo organization: three teams, and weeks of their work, sent by the real client to the real
/// API.
public final class Demo {
  private static final int WEEKS = 10;
  private static final Duration VALID = Duration.ofDays(30);
  private static final Actor OPERATOR = Actor.job("demo");
  private static final List<TeamPlan> TEAMS =
      List.of(
          new TeamPlan("Checkout", 14, "shop", -1),
          // Most of Platform is away in one week, so that a withheld cell can be seen.
          new TeamPlan("Platform", 11, "platform", 6),
          // Small enough to have one number for four weeks.
          new TeamPlan("Search", 8, "search", -1));

  private final TenantDatabase identity;
  private final Pepper pepper;
  private final Clock clock;
  private final Path folder;

  private record TeamPlan(String name, int size, String project, int weekAway) {}

  private record Engineer(UUID id, TeamPlan team, int number, String device) {}

  /// What one may try the demo with.
  ///
  /// @param organization the demo organization
  /// @param people one person per role
  /// @param signIn a sign-in secret per role, good for one use
  /// @param tokens an API token per role
  /// @param device the device token of the engineer in `people`
  public record Access(
      UUID organization,
      Map<Role, UUID> people,
      Map<Role, String> signIn,
      Map<Role, String> tokens,
      String device) {}

  /// @param identity the door for the role `identity_api`
  /// @param folder where logs and outboxes of the simulated engineers lie
  public Demo(TenantDatabase identity, Pepper pepper, Clock clock, Path folder) {
    this.identity = identity;
    this.pepper = pepper;
    this.clock = clock;
    this.folder = folder;
  }

  /// Creates the organization and sends its history.
  ///
  /// @param api where the ingest API listens
  /// @throws IllegalStateException if any client ends with another exit code than 0
  public Access create(String api) throws IOException, InterruptedException {
    var audit = new AuditLog(clock);
    var organizations = new Organizations(identity, audit, new SecureRandom(), clock);
    var credentials = new Credentials(identity, pepper, audit, clock);
    var organization = organizations.create("Example Works", OPERATOR);
    var joined = LocalDate.now(clock).minusDays(200);
    var engineers = new ArrayList<Engineer>();
    var people = new EnumMap<Role, UUID>(Role.class);
    for (var plan : TEAMS) {
      var team = organizations.addTeam(organization, plan.name(), OPERATOR);
      for (var number = 1; number <= plan.size(); number++) {
        var name = "Engineer %s %d".formatted(plan.name(), number);
        var person =
            organizations.addPerson(
                organization, team, name, email(name), Role.ENGINEER, joined, OPERATOR);
        people.putIfAbsent(Role.ENGINEER, person);
        var device =
            credentials.mint(
                organization, person, CredentialKind.DEVICE, "demo machine", VALID, OPERATOR);
        engineers.add(new Engineer(person, plan, number, device.secret()));
      }
    }
    for (var role : List.of(Role.MANAGER, Role.OWNER, Role.REVIEWER, Role.BILLING)) {
      var name =
          "Demo " + role.name().charAt(0) + role.name().substring(1).toLowerCase(Locale.ROOT);
      people.put(
          role,
          organizations.addPerson(organization, null, name, email(name), role, joined, OPERATOR));
    }
    work(api, engineers);
    var signIn = new EnumMap<Role, String>(Role.class);
    var tokens = new EnumMap<Role, String>(Role.class);
    people.forEach((role, person) -> {
      signIn.put(
          role,
          credentials
              .mint(organization, person, CredentialKind.SIGN_IN_LINK, "demo", VALID, OPERATOR)
              .secret());
      tokens.put(
          role,
          credentials
              .mint(organization, person, CredentialKind.API, "demo", VALID, OPERATOR)
              .secret());
    });
    return new Access(organization, people, signIn, tokens, engineers.getFirst().device());
  }

  private void work(String api, List<Engineer> engineers) throws InterruptedException {
    try (var workers = Executors.newFixedThreadPool(2)) {
      var tasks = new ArrayList<Future<?>>();
      for (var engineer : engineers) {
        tasks.add(workers.submit(() -> workAndSend(api, engineer)));
      }
      for (var task : tasks) {
        task.get();
      }
    } catch (ExecutionException failed) {
      throw new IllegalStateException("The history of the demo was not sent", failed.getCause());
    }
  }

  private @Nullable Void workAndSend(String api, Engineer engineer) throws IOException {
    var seed = engineer.team().name().hashCode() * 1_000L + engineer.number();
    var home = folder.resolve(engineer.id().toString());
    var logs = Files.createDirectories(home.resolve("logs"));
    var simulated =
        new SimulatedEngineer(new SplittableRandom(seed), logs, engineer.team().project());
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    var first = today.minusWeeks(WEEKS).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    for (var week = 0; week <= WEEKS; week++) {
      if (week == engineer.team().weekAway() && engineer.number() > 3) {
        continue;
      }
      simulated.work(first.plusWeeks(week), week / (double) WEEKS, clock.instant());
    }
    var token = Files.writeString(home.resolve("device-token"), engineer.device());
    var client = home.resolve("client").toString();
    capture("enroll", "--home", client, "--server", api, "--token-file", token.toString());
    Files.delete(token);
    capture("import", "--home", client, logs.toString());
    return null;
  }

  private static void capture(String... args) {
    var output = new ByteArrayOutputStream();
    var stream = new PrintStream(output, true, StandardCharsets.UTF_8);
    var code = Capture.run(InputStream.nullInputStream(), stream, stream, args);
    if (code != 0) {
      throw new IllegalStateException(
          "capture ended with exit code %d: %s"
              .formatted(code, output.toString(StandardCharsets.UTF_8)));
    }
  }

  private static String email(String name) {
    return name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@example.com";
  }
}
