// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.rollup;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sourceblind.analytics.World;
import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.DataClassRowMapper;

class RollUpIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final IsoWeek WEEK = IsoWeek.lastDue(CLOCK);

  private static final World WORLD = new World(CLOCK);

  private final UUID organization = WORLD.organization();
  private final UUID person =
      WORLD.engineer(organization, WORLD.team(organization, "Payments"), "Somebody");
  private Instant next = at(0, 9);

  private record Made(String metric, double value) {}

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  @Test
  void aWeekMadeByHandGivesTheNumbersWorkedOutByHand() {
    aWeek();

    WORLD.rollUp(organization);

    var exactly =
        Map.ofEntries(
            Map.entry(Metric.ACTIVE_DAYS, 3.0),
            Map.entry(Metric.SESSIONS, 5.0),
            Map.entry(Metric.PROMPTS, 13.0),
            Map.entry(Metric.PROMPTS_PER_SESSION, 13 / 5.0),
            Map.entry(Metric.AGENTIC_DEPTH, 30 / 13.0),
            Map.entry(Metric.DECLINED_CALLS, 2 / 30.0),
            Map.entry(Metric.TOOL_CALL_SUCCESS, 25 / 28.0),
            Map.entry(Metric.VERIFIED_SESSIONS, 3 / 4.0),
            Map.entry(Metric.FIRST_RUN_PASS, 4 / 5.0),
            Map.entry(Metric.TESTS_TOUCHED, 1 / 3.0),
            Map.entry(Metric.BUILD_SUCCESS, 4 / 5.0),
            Map.entry(Metric.COMMAND_FAILURE, 5 / 20.0),
            Map.entry(Metric.FILES_PER_SESSION, 5 / 4.0),
            Map.entry(Metric.SMALL_BATCHES, 3 / 4.0),
            Map.entry(Metric.RATIONALE_COVERAGE, 1 / 4.0),
            Map.entry(Metric.LINES_PER_SESSION, 324 / 4.0),
            Map.entry(Metric.TOKENS, 3_000.0),
            Map.entry(Metric.ACTIVE_SHARE, 1.0),
            Map.entry(Metric.TOOLS_IN_USE, 1.0),
            Map.entry(Metric.MCP_SHARE, 0.0),
            Map.entry(Metric.STUCK_SESSIONS, 1 / 5.0),
            Map.entry(Metric.ABANDONED_SESSIONS, 0.0));
    var made = made();
    assertThat(made).containsKeys(exactly.keySet().toArray(Metric[]::new));
    exactly.forEach((metric, value) ->
        assertThat(made.get(metric)).as(metric.title()).isCloseTo(value, within(1e-12)));
  }

  @Test
  void aWeekOfTroubleGivesTheNumbersWorkedOutByHand() {
    for (var number = 0; number < 6; number++) {
      var session = UUID.randomUUID();
      next = at(number / 2, 9 + 2 * (number % 2));
      act("session.started", session, Map.of("tool", number == 0 ? "codex" : "claude_code"));
      act("prompt.submitted", session, Map.of());
      if (number == 5) {
        continue;
      }
      for (var call = 0; call < 3; call++) {
        act(
            "tool.completed",
            session,
            Map.of("tool_class", "mcp", "status", call == 0 ? "error" : "ok"));
      }
      act(
          "check.completed",
          session,
          Map.of("check_type", "lint", "outcome", number == 0 ? "fail" : "pass"));
      // Two runs fail before one passes; in the last session none does.
      test(session, "fail");
      test(session, "fail");
      if (number < 4) {
        next = next.plusSeconds(60L * number);
        test(session, "pass");
      }
    }
    WORLD.store();

    WORLD.rollUp(organization);

    var made = made();
    Map.of(
            Metric.ACTIVE_SHARE, 1.0,
            Metric.TOOLS_IN_USE, 2.0,
            Metric.MCP_SHARE, 1.0,
            Metric.MCP_FAILURE, 5 / 15.0,
            Metric.LINT_CLEAN, 4 / 5.0,
            Metric.RECOVERY, 8 / 10.0,
            // A minute each, and 0 to 3 more.
            Metric.MINUTES_TO_GREEN, (4 + 0 + 1 + 2 + 3) / 4.0,
            Metric.STUCK_SESSIONS, 0.0,
            Metric.ABANDONED_SESSIONS, 1 / 6.0)
        .forEach((metric, value) ->
            assertThat(made.get(metric)).as(metric.title()).isCloseTo(value, within(1e-9)));
    assertThat(made.get(Metric.SESSION_MINUTES)).isBetween(3.0, 6.0);
  }

  @Test
  void aFileThatAnotherSessionEditedInTheSevenDaysBeforeIsEditedAgain() {
    next = at(-8, 9);
    edit(UUID.randomUUID(), "e.java", "code", 1);
    next = at(-3, 9);
    edit(UUID.randomUUID(), "a.java", "code", 1);
    var session = UUID.randomUUID();
    next = at(1, 9);
    for (var path : List.of("a.java", "b.java", "c.java", "c.java", "d.java", "e.java")) {
      edit(session, path, "code", 1);
    }
    next = at(2, 9);
    edit(UUID.randomUUID(), "d.java", "code", 1);
    WORLD.store();

    WORLD.rollUp(organization);

    assertThat(made()).containsEntry(Metric.REWORK, 2 / 5.0);
  }

  @Test
  void aLateEditOfTheWeekBeforeIsCountedInTheWeekAfterIt() {
    next = at(1, 9);
    for (var path : List.of("a.java", "b.java", "c.java", "d.java", "e.java")) {
      edit(UUID.randomUUID(), path, "code", 1);
    }
    WORLD.store();
    WORLD.rollUp(organization);
    var before = made();

    next = at(-3, 9);
    edit(UUID.randomUUID(), "a.java", "code", 1);
    WORLD.store();
    WORLD.rollUp(organization);

    assertThat(before).containsEntry(Metric.REWORK, 0.0);
    assertThat(made()).containsEntry(Metric.REWORK, 1 / 5.0);
    assertThat(dirtyDays()).isZero();
  }

  @Test
  void theNextTryOfItsKindEndsTheWaitThatAFailureBegan() {
    var session = UUID.randomUUID();
    for (var time = 0; time < 3; time++) {
      test(session, "fail");
      act("check.completed", session, Map.of("check_type", "lint", "outcome", "pass"));
      test(session, "pass");
    }
    // Nobody comes back to it within a day.
    test(session, "fail");
    next = at(2, 9);
    test(session, "pass");
    WORLD.store();

    WORLD.rollUp(organization);

    assertThat(made()).containsEntry(Metric.RESUME_GAP, 1.0);
  }

  @Test
  void runningItAgainChangesNothing() {
    aWeek();
    WORLD.rollUp(organization);
    var once = made();

    WORLD.rollUp(organization);
    markDirty(WEEK);
    WORLD.rollUp(organization);

    assertThat(made()).isEqualTo(once);
    assertThat(dirtyDays()).isZero();
  }

  @Test
  void aLateEventIsCounted() {
    act("prompt.submitted", UUID.randomUUID(), Map.of());
    WORLD.store();
    WORLD.rollUp(organization);

    act("prompt.submitted", UUID.randomUUID(), Map.of());
    WORLD.store();
    WORLD.rollUp(organization);

    assertThat(made()).containsEntry(Metric.PROMPTS, 2.0).containsEntry(Metric.SESSIONS, 2.0);
  }

  @Test
  void aRateOfTooLittleIsNoNumberAndACountOfNothingIsZero() {
    act("prompt.submitted", UUID.randomUUID(), Map.of());
    WORLD.store();

    WORLD.rollUp(organization);

    assertThat(made())
        .containsEntry(Metric.TOKENS, 0.0)
        .doesNotContainKeys(
            Metric.PROMPTS_PER_SESSION, Metric.TOOL_CALL_SUCCESS, Metric.VERIFIED_SESSIONS);
  }

  @Test
  void aWeekThatHasBegunToExpireIsNotMade() {
    var old = IsoWeek.running(CLOCK).minus(6);
    at(old, UUID.randomUUID());
    WORLD.store();
    WORLD.rollUp(organization);
    assertThat(made(old)).isNotEmpty();
    WORLD
        .superuser()
        .sql("delete from release.person_week where org_id = :org")
        .param("org", organization)
        .update();

    setRetention(42 - 7);
    markDirty(old);
    WORLD.rollUp(organization);

    assertThat(made(old)).isEmpty();
    assertThat(dirtyDays()).isZero();
  }

  @Test
  void anotherOrganizationsWeekStaysAsItIs() {
    act("prompt.submitted", UUID.randomUUID(), Map.of());
    WORLD.store();
    var theirs = WORLD.organization();

    WORLD.rollUp(theirs);

    assertThat(made()).isEmpty();
    assertThat(dirtyDays()).isEqualTo(1);
  }

  /// Five sessions on three days, four of them with edits.
  private void aWeek() {
    var sessions =
        List.of(
            UUID.randomUUID(),
            UUID.randomUUID(),
            UUID.randomUUID(),
            UUID.randomUUID(),
            UUID.randomUUID());
    for (var number = 0; number < 5; number++) {
      var session = sessions.get(number);
      next = at(number / 2, 9 + number);
      act("session.started", session, Map.of());
      for (var prompt = 0; prompt < (number == 4 ? 1 : 3); prompt++) {
        act("prompt.submitted", session, Map.of());
      }
      for (var call = 0; call < 6; call++) {
        var status = number == 0 && call < 3 ? "error" : number == 1 && call < 2 ? "denied" : "ok";
        act("tool.completed", session, Map.of("status", status));
      }
      switch (number) {
        case 0 -> {
          edit(session, "a.java", "code", 10);
          edit(session, "ATest.java", "test", 10);
          test(session, "fail");
          test(session, "pass");
          act("rationale.recorded", session, Map.of());
        }
        case 1 -> {
          edit(session, "b.java", "code", 10);
          test(session, "pass");
          edit(session, "b.java", "code", 10);
          test(session, "pass");
        }
        case 2 -> {
          edit(session, "c.java", "code", 250);
          test(session, "pass");
          edit(session, "c.java", "code", 10);
        }
        case 3 -> {
          edit(session, "d.md", "docs", 10);
          test(session, "pass");
        }
        default -> withoutEdits(session);
      }
    }
    // On another day, and nothing that somebody did.
    next = at(3, 9);
    act("session.ended", sessions.getLast(), Map.of());
    WORLD.store();
  }

  private void withoutEdits(UUID session) {
    for (var build = 0; build < 5; build++) {
      act(
          "check.completed",
          session,
          Map.of("check_type", "build", "outcome", build == 0 ? "fail" : "pass"));
    }
    for (var command = 0; command < 20; command++) {
      act(
          "command.executed",
          session,
          Map.of("category", "vcs", "status", command < 5 ? "error" : "ok"));
    }
    act("command.executed", session, Map.of("category", "search", "status", "error"));
    act("command.executed", session, Map.of("category", "test", "status", "error"));
    act("file.touched", session, Map.of("op", "read", "path", "z.java"));
    act("prompt.submitted", session, Map.of("origin", "hook"));
    act("prompt.submitted", session, Map.of("builtin_command", "clear"));
    act("prompt.submitted", session, Map.of("is_subagent", true));
    act("model.usage", session, Map.of());
    act("model.usage", session, Map.of());
  }

  private void edit(UUID session, String path, String category, int added) {
    act(
        "file.touched",
        session,
        Map.of("path", path, "category", category, "lines_added", added, "lines_removed", 2));
  }

  private void test(UUID session, String outcome) {
    act("check.completed", session, Map.of("outcome", outcome));
  }

  private void act(String kind, UUID session, Map<String, ?> more) {
    next = next.plusSeconds(30);
    WORLD.event(organization, person, next, kind, session, more);
  }

  private void at(IsoWeek week, UUID session) {
    WORLD.event(
        organization,
        person,
        week.monday().plusDays(6).atTime(12, 0).toInstant(UTC),
        "prompt.submitted",
        session,
        Map.of());
  }

  private static Instant at(int day, int hour) {
    return WEEK.monday().plusDays(day).atTime(hour, 0).toInstant(UTC);
  }

  private Map<Metric, Double> made() {
    return made(WEEK);
  }

  private Map<Metric, Double> made(IsoWeek week) {
    var made = new HashMap<Metric, Double>();
    WORLD
        .superuser()
        .sql(
            """
            select metric, value from release.person_week
             where org_id = :org and person_id = :person and week = :week
            """)
        .param("org", organization)
        .param("person", person)
        .param("week", week.monday())
        .query(DataClassRowMapper.newInstance(Made.class))
        .list()
        .forEach(row -> made.put(Metric.of(row.metric()), row.value()));
    return made;
  }

  private void markDirty(IsoWeek week) {
    WORLD
        .superuser()
        .sql("insert into release.dirty_day (org_id, occurred_on) values (:org, :day)")
        .param("org", organization)
        .param("day", week.monday().plusDays(2))
        .update();
  }

  private void setRetention(int days) {
    WORLD
        .superuser()
        .sql("update identity.organization set retention_days = :days where id = :org")
        .param("days", days)
        .param("org", organization)
        .update();
  }

  private long dirtyDays() {
    return WORLD
        .superuser()
        .sql("select count(*) from release.dirty_day where org_id = :org")
        .param("org", organization)
        .query(Long.class)
        .single();
  }
}
