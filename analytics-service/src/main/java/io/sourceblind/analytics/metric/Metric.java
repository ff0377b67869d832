// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.metric;

import static io.sourceblind.analytics.metric.Group.ADOPTION;
import static io.sourceblind.analytics.metric.Group.CHANGE;
import static io.sourceblind.analytics.metric.Group.CHECKING;
import static io.sourceblind.analytics.metric.Group.DELEGATION;
import static io.sourceblind.analytics.metric.Group.HEALTH;
import static io.sourceblind.analytics.metric.Group.OWN;

import io.sourceblind.analytics.metric.Formula.Count;
import io.sourceblind.analytics.metric.Formula.Rate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Everything that is measured about a person's week. Caps and constants are part of the rules of a
/// release: changing one is a new rule version.
@SuppressWarnings("ImmutableEnumChecker") // Its records hold text and numbers only.
public enum Metric {
  ACTIVE_SHARE(
      ADOPTION,
      new Words(
          "People who use it",
          "The share of people who worked with an AI tool at all.",
          "As a quota it only says who opened a tool once."),
      Scale.share(),
      new Count("active")),
  ACTIVE_DAYS(
      ADOPTION,
      new Words(
          "Active days",
          "On how many days of the week people worked with an AI tool.",
          "It is not presence: a day of thinking, reviewing or meeting leaves no trace here."),
      Scale.upTo(5, "days a week"),
      new Count("active_days")),
  SESSIONS(
      ADOPTION,
      new Words(
          "Sessions",
          "How many sessions people had with AI tools.",
          "One long session and five short ones can be the same work."),
      Scale.upTo(25, "sessions a week"),
      new Count("sessions")),
  PROMPTS(
      ADOPTION,
      new Words(
          "Prompts",
          "How many times people asked an AI tool for something.",
          "More is not better, and as a target it only fills up with padding."),
      Scale.upTo(120, "prompts a week"),
      new Count("prompts")),
  TOOLS_IN_USE(
      ADOPTION,
      new Words(
          "Tools in use",
          "How many different AI tools people work with.",
          "Trying something out is not sprawl, and one tool is not a goal."),
      Scale.upTo(4, "tools a week"),
      new Count("tools")),
  MCP_SHARE(
      ADOPTION,
      new Words(
          "People who use MCP",
          "The share of people whose AI tool called an MCP server.",
          "A server that nobody needs makes no team better."),
      Scale.share(),
      new Count("uses_mcp")),

  PROMPTS_PER_SESSION(
      DELEGATION,
      new Words(
          "Prompts per session",
          "How many prompts a session takes.",
          "A high value can be depth or struggle, and the number cannot tell which."),
      Scale.upTo(30, "prompts a session"),
      new Rate("prompts", "sessions", 3, 8)),
  AGENTIC_DEPTH(
      DELEGATION,
      new Words(
          "Tool calls per prompt",
          "How many steps an AI tool takes by itself after one prompt.",
          "It also grows when approvals are switched off, which is not progress."),
      Scale.upTo(20, "calls a prompt"),
      new Rate("tool_calls", "prompts", 10, 5)),
  DECLINED_CALLS(
      DELEGATION,
      new Words(
          "Declined calls",
          "The share of tool calls that somebody, or a rule, said no to.",
          "Saying no is a guardrail that works; pressure to say yes makes the number useless."),
      Scale.share(),
      new Rate("tool_calls_denied", "tool_calls", 20, 0.05)),

  VERIFIED_SESSIONS(
      CHECKING,
      new Words(
          "Verified sessions",
          "The share of sessions with edits in which a test, build or lint ran after the last"
              + " edit.",
          "An empty test run counts too, so read it beside first-run pass."),
      Scale.share(),
      new Rate("verified_sessions", "sessions_with_edits", 3, 0.5)),
  FIRST_RUN_PASS(
      CHECKING,
      new Words(
          "First-run pass",
          "The share of test runs that passed at the first try after an edit.",
          "Weaker tests pass more often, so read it beside tests touched."),
      Scale.share(),
      new Rate("first_runs_passed", "first_test_runs", 5, 0.6)),
  RECOVERY(
      CHECKING,
      new Words(
          "Failures that were mended",
          "The share of failing test runs after which one passed in the same session.",
          "Deleting the test mends it as well, so read it beside tests touched."),
      Scale.share(),
      new Rate("recovered_runs", "failed_runs", 5, 0.7)),
  MINUTES_TO_GREEN(
      CHECKING,
      new Words(
          "Minutes to green",
          "How long it takes from a test run that fails to the next that passes.",
          "A slow test suite is slow for everybody, however good they are."),
      Scale.upTo(120, "minutes"),
      new Rate("minutes_to_green", "recoveries", 3, 20)),
  TESTS_TOUCHED(
      CHECKING,
      new Words(
          "Tests touched",
          "The share of sessions with edits to code that also edited tests.",
          "A token test counts as much as a good one."),
      Scale.share(),
      new Rate("code_and_test_sessions", "sessions_with_code", 3, 0.3)),

  TOOL_CALL_SUCCESS(
      HEALTH,
      new Words(
          "Tool calls that worked",
          "The share of tool calls that did what they were asked to.",
          "It tells how healthy tools and environment are, not how able people are."),
      Scale.share(),
      new Rate("tool_calls_ok", "finished_tool_calls", 20, 0.9)),
  MCP_FAILURE(
      HEALTH,
      new Words(
          "MCP calls that failed",
          "The share of calls to MCP servers that ended in an error.",
          "Servers and networks fail here, and nobody gets better by calling them less."),
      Scale.share(),
      new Rate("mcp_calls_failed", "mcp_calls", 10, 0.1)),
  LINT_CLEAN(
      HEALTH,
      new Words(
          "Lint runs that were clean",
          "The share of lint runs that found nothing.",
          "Rules that are switched off find nothing either."),
      Scale.share(),
      new Rate("lints_clean", "lints", 5, 0.7)),
  STUCK_SESSIONS(
      HEALTH,
      new Words(
          "Stuck sessions",
          "The share of sessions in which the same kind of command or check failed three times in a"
              + " row.",
          "It shows where help is needed, and never who is to blame."),
      Scale.share(),
      new Rate("coalesce(stuck_sessions, 0)", "sessions", 3, 0.15)),
  ABANDONED_SESSIONS(
      HEALTH,
      new Words(
          "Abandoned sessions",
          "The share of sessions without an edit and without a command that were over within two"
              + " minutes.",
          "A quick question that was answered looks the same."),
      Scale.share(),
      new Rate("abandoned_sessions", "sessions", 5, 0.1)),
  BUILD_SUCCESS(
      HEALTH,
      new Words(
          "Builds that worked",
          "The share of builds that succeeded.",
          "A build that fails while somebody works is feedback, not a defect."),
      Scale.share(),
      new Rate("builds_passed", "builds", 5, 0.8)),
  COMMAND_FAILURE(
      HEALTH,
      new Words(
          "Commands that failed",
          "The share of shell commands that failed, checks and searches aside.",
          "It points at broken environments and wrong guesses of the tool, hardly ever at people."),
      Scale.share(),
      new Rate("commands_failed", "commands", 20, 0.15)),

  FILES_PER_SESSION(
      CHANGE,
      new Words(
          "Files per session",
          "How many files a session with edits changed.",
          "A rename across the code base is many files and little risk."),
      Scale.upTo(30, "files a session"),
      new Rate("files_changed", "sessions_with_edits", 3, 5)),
  SMALL_BATCHES(
      CHANGE,
      new Words(
          "Small batches",
          "The share of sessions with edits that changed 200 lines or fewer.",
          "Slicing one change into many sessions raises it and helps nobody."),
      Scale.share(),
      new Rate("small_sessions", "sessions_with_edits", 3, 0.5)),
  RATIONALE_COVERAGE(
      CHANGE,
      new Words(
          "Rationale written down",
          "The share of sessions with edits for which somebody noted why.",
          "A boilerplate note counts as much as a considered one."),
      Scale.share(),
      new Rate("explained_sessions", "sessions_with_edits", 3, 0.2)),
  REWORK(
      CHANGE,
      new Words(
          "Files edited again",
          "The share of edited files that another session had edited in the seven days before.",
          "Refactoring and review edit files again as well, and avoiding them helps nobody."),
      Scale.share(),
      new Rate("reworked_files", "edited_files", 5, 0.2)),

  LINES_PER_SESSION(
      OWN,
      new Words(
          "Lines per session",
          "How many lines a session with edits added and removed.",
          "Lines measure typing, not work, which is why no team has this number."),
      Scale.upTo(800, "lines a session"),
      new Rate("lines_changed", "sessions_with_edits", 3, 100)),
  SESSION_MINUTES(
      OWN,
      new Words(
          "Minutes per session",
          "How long a session lasts from its first event to its last.",
          "It is no timesheet: a session that is left open overnight is a long one."),
      Scale.upTo(120, "minutes a session"),
      new Rate("session_minutes", "sessions", 3, 30)),
  RESUME_GAP(
      OWN,
      new Words(
          "Minutes until the next try",
          "How long it takes from a command or check that fails to the next of its kind.",
          "A pause can be lunch, a question to a colleague, or the thought that solved it."),
      Scale.upTo(1440, "minutes"),
      new Rate("resume_minutes", "resumed_failures", 3, 30)),
  OFF_HOURS(
      OWN,
      new Words(
          "Prompts outside your hours",
          "The share of your prompts outside the hours that you have set for yourself.",
          "An evening of your own choosing looks like one that you were pressed into."),
      Scale.share(),
      new Rate("prompts_outside_own_hours", "prompts", 5, 0)),
  TOKENS(
      OWN,
      new Words(
          "Tokens",
          "How many tokens your sessions used, where the tool says so.",
          "It depends on model and cache far more than on what you did."),
      Scale.upTo(50_000_000, "tokens a week"),
      new Count("tokens"));

  private static final List<Metric> RELEASED =
      Stream.of(values()).filter(metric -> metric.group != OWN).toList();

  // When somebody works is nothing to keep: it is made while their own page is opened.
  private static final List<Metric> ROLLED_UP =
      Stream.of(values()).filter(metric -> metric != OFF_HOURS).toList();

  private final Group group;
  private final Words words;
  private final Scale scale;
  private final Formula formula;

  Metric(Group group, Words words, Scale scale, Formula formula) {
    this.group = group;
    this.words = words;
    this.scale = scale;
    this.formula = formula;
  }

  /// The metrics that teams have; the others are on one's own page only.
  public static List<Metric> released() {
    return RELEASED;
  }

  /// The metrics that are kept of a person's week; the other one is in no table at all.
  public static List<Metric> rolledUp() {
    return ROLLED_UP;
  }

  /// The metric of a name in the database.
  public static Metric of(String sqlName) {
    return valueOf(sqlName.toUpperCase(Locale.ROOT));
  }

  /// Its name in the database.
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Group group() {
    return group;
  }

  /// Whose it is to act on it.
  public String owner() {
    return group.owner();
  }

  public String title() {
    return words.title();
  }

  public String meaning() {
    return words.meaning();
  }

  public String misread() {
    return words.misread();
  }

  public Scale scale() {
    return scale;
  }

  public Formula formula() {
    return formula;
  }
}
