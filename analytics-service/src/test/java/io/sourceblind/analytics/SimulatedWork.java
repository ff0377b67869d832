// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.week.IsoWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/// Sessions as people have them, the same for the same seed.
public final class SimulatedWork {
  private static final String[] PROGRAMS = {"git", "ls", "grep", "docker", "npm"};
  private static final String[] CATEGORIES = {
    "vcs", "filesystem", "search", "container", "package"
  };
  private static final String[] ASKS = {
    "Please make the retry wait longer after each attempt and add a test for it.",
    "Why does the build fail on the second run? Find the cause before you change anything.",
    "Rename the settings class so that it says what it is for, [code removed, 12 lines] and keep the tests green.",
    "Add an endpoint that lists the open orders of a customer, newest first."
  };

  private final World world;
  private final UUID organization;
  private final SplittableRandom random;

  public SimulatedWork(World world, UUID organization, long seed) {
    this.world = world;
    this.organization = organization;
    this.random = new SplittableRandom(seed);
  }

  /// One person's week.
  ///
  /// @param busy about how many sessions a day
  public void week(UUID person, IsoWeek week, double busy, double care, Instant until) {
    for (var day = 0; day < 5; day++) {
      var sessions = (int) Math.round(busy * (0.3 + 1.4 * random.nextDouble()));
      for (var number = 0; number < sessions; number++) {
        var start =
            week.monday()
                .plusDays(day)
                .atTime(7 + random.nextInt(9), random.nextInt(60))
                .toInstant(UTC);
        if (start.isBefore(until.minus(Duration.ofHours(3)))) {
          session(person, start, care);
        }
      }
    }
  }

  private void session(UUID person, Instant start, double care) {
    var session = new UUID(random.nextLong(), random.nextLong());
    var at = start;
    world.event(
        organization, person, at, "session.started", session, Map.of("model", "claude-sonnet-4-5"));
    var prompts = 1 + random.nextInt(7);
    var edits = random.nextInt(4) > 0;
    for (var prompt = 0; prompt < prompts; prompt++) {
      at = later(at, 300);
      world.event(
          organization,
          person,
          at,
          "prompt.submitted",
          session,
          Map.of("chars", 40 + random.nextInt(400), "text", ASKS[random.nextInt(ASKS.length)]));
      var calls = 2 + random.nextInt(7);
      for (var call = 0; call < calls; call++) {
        at = later(at, 30);
        world.event(
            organization,
            person,
            at,
            "tool.completed",
            session,
            Map.of(
                "status",
                random.nextInt(12) == 0 ? "error" : random.nextInt(30) == 0 ? "denied" : "ok"));
      }
      if (edits) {
        at = later(at, 20);
        var test = random.nextInt(3) == 0;
        world.event(
            organization,
            person,
            at,
            "file.touched",
            session,
            Map.of(
                "path",
                (test ? "src/test/java/shop/Order" : "src/main/java/shop/Order")
                    + random.nextInt(40)
                    + ".java",
                "category",
                test ? "test" : "code",
                "lines_added",
                random.nextInt(90),
                "lines_removed",
                random.nextInt(30)));
      }
      var program = random.nextInt(PROGRAMS.length);
      at = later(at, 20);
      world.event(
          organization,
          person,
          at,
          "command.executed",
          session,
          Map.of(
              "program", PROGRAMS[program],
              "category", CATEGORIES[program],
              "status", random.nextInt(8) == 0 ? "error" : "ok"));
      if (random.nextDouble() < care) {
        at = later(at, 60);
        world.event(
            organization,
            person,
            at,
            "check.completed",
            session,
            Map.of(
                "outcome", random.nextInt(3) == 0 ? "fail" : "pass",
                "check_type", random.nextInt(3) == 0 ? "build" : "test"));
      }
      at = later(at, 10);
      world.event(organization, person, at, "model.usage", session, Map.of());
    }
    if (random.nextInt(5) == 0) {
      world.event(organization, person, later(at, 20), "rationale.recorded", session, Map.of());
    }
  }

  private Instant later(Instant at, int seconds) {
    return at.plusMillis(1_000 + random.nextInt(seconds * 1_000));
  }
}
