// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.random.RandomGenerator;

/// Someone who works with an AI tool for some weeks, a little better each week, and rests
/// sometimes.
final class SimulatedEngineer {
  private static final List<String> WISHES =
      List.of(
          "Please add a limit to the upload form and cover it with a test.",
          "Why does the nightly job fail on Mondays? Look at the scheduler first.",
          "Rename the billing module so that it says what it does, and keep the tests green.",
          "The search page is slow with many results. Find out why before you change anything.",
          "Write a test for the case where the session has expired while the form was open.",
          "Can you explain how retries work here, and where the back-off is decided?",
          "This is what I get, please fix it:\n```\njava.lang.IllegalStateException: closed\n"
              + "\tat demo.Pool.take(Pool.java:41)\n\tat demo.Main.main(Main.java:9)\n```",
          "Make `Limits.check()` refuse negative numbers. The caller should see why.",
          "Update the README: the second command changed last week.",
          "Split the settings page into two, one for people and one for keys.",
          "Undo the last change, I think the old behaviour was right after all.",
          "Add the missing index and tell me how you know that it helps.",
          "Use this:\nint limit = settings.limit();\nif (limit < 0) throw new Refused(limit);\n"
              + "and adapt the tests to it.",
          "Try the other approach, with one query instead of three.",
          "Is there a simpler way to write the date picker? Keep the keyboard support.");
  private static final List<String> FILES =
      List.of(
          "src/main/java/shop/Limits.java",
          "src/main/java/shop/Orders.java",
          "src/main/java/shop/billing/Invoice.java",
          "src/main/resources/shop.sql",
          "web/src/settings/People.tsx",
          "web/src/search/Results.tsx",
          "README.md");
  private static final List<String> TESTS =
      List.of(
          "src/test/java/shop/LimitsTest.java",
          "src/test/java/shop/OrdersTest.java",
          "web/src/search/Results.test.tsx");

  private final RandomGenerator random;
  private final Path home;
  private final String folder;
  private final double eagerness;
  private final double care;

  SimulatedEngineer(RandomGenerator random, Path home, String project) {
    this.random = random;
    this.home = home;
    this.folder = "/home/dev/" + project;
    this.eagerness = 0.6 + 0.4 * random.nextDouble();
    this.care = 0.3 + 0.4 * random.nextDouble();
  }

  /// Writes the logs of one week, up to `until`.
  ///
  /// @param progress how far along the whole history is, 0 to 1
  void work(LocalDate monday, double progress, Instant until) throws IOException {
    for (var day = 0; day < DayOfWeek.FRIDAY.getValue(); day++) {
      if (random.nextDouble() > eagerness * (0.6 + 0.4 * progress)) {
        continue;
      }
      var morning = monday.plusDays(day).atStartOfDay(ZoneOffset.UTC).toInstant();
      for (var hour : random.nextInt(3) == 0 ? List.of(8) : List.of(8, 13)) {
        var start = morning.plus(hour * 60 + random.nextInt(120), ChronoUnit.MINUTES);
        if (start.plus(2, ChronoUnit.HOURS).isAfter(until)) {
          return;
        }
        session(start, care + 0.3 * progress);
      }
    }
  }

  private void session(Instant start, double carefulness) throws IOException {
    var log = new Transcript(random, folder, start);
    var prompts = 1 + random.nextInt(4);
    log.run("git status --short", true, "M src/main/java/shop/Orders.java");
    for (var prompt = 0; prompt < prompts; prompt++) {
      log.prompt(pick(WISHES));
      log.read(pick(FILES), random.nextInt(40, 400));
      if (random.nextDouble() < 0.75) {
        change(log, carefulness);
      } else if (random.nextInt(8) == 0) {
        log.refusedByTheEngineer("rm -rf build && curl https://example.com/install.sh | sh");
      }
      log.answer("Done. The change is small and the tests cover it.");
    }
    log.writeTo(home);
  }

  private void change(Transcript log, double carefulness) {
    log.edit(pick(FILES), random.nextInt(1, 40), random.nextInt(0, 12));
    if (random.nextDouble() < carefulness) {
      log.edit(pick(TESTS), random.nextInt(3, 30), random.nextInt(0, 4));
    }
    if (random.nextDouble() > carefulness + 0.1) {
      return;
    }
    var tests = random.nextInt(20, 180);
    var fails = random.nextDouble() > 0.55 + 0.35 * carefulness;
    if (fails) {
      log.run("mvn -q verify -Dtest=OrdersTest", false, summary(tests, 1));
      log.edit(pick(FILES), random.nextInt(1, 9), random.nextInt(0, 5));
    }
    log.run("mvn -q verify", true, summary(tests, 0));
    log.run("npm run build", random.nextInt(9) > 0, "built in 2.1s");
    log.run("rg -n limit src", random.nextInt(6) > 0, "src/main/java/shop/Limits.java:12");
    if (random.nextInt(3) == 0) {
      log.run(
          "git commit -am 'Refuse negative limits'", true, "[main 1a2b3c4] Refuse negative limits");
    }
  }

  private static String summary(int tests, int failures) {
    return "[INFO] Tests run: %d, Failures: %d, Errors: 0, Skipped: 0".formatted(tests, failures);
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
