// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.sourceblind.capture.command.CommandSkeleton;
import io.sourceblind.events.CheckFramework;
import io.sourceblind.events.CheckOutcome;
import io.sourceblind.events.CheckType;
import io.sourceblind.events.CommandCategory;
import io.sourceblind.events.OutcomeBasis;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The verdict of a test run, build or linter, from the numbers of its last lines. Names of tests
/// and messages are never looked at.
record CheckSummary(
    CheckType type,
    CheckFramework framework,
    CheckOutcome outcome,
    OutcomeBasis basis,
    @Nullable Integer total,
    @Nullable Integer passed,
    @Nullable Integer failed,
    @Nullable Integer skipped,
    @Nullable Integer errors,
    @Nullable Integer warnings) {

  private static final int TAIL = 64 * 1024;
  private static final int MOST = 1_000_000;

  private static final Pattern SUREFIRE =
      Pattern.compile(
          "(?m)Tests run: (\\d{1,7}), Failures: (\\d{1,7}), Errors: (\\d{1,7})(?:, Skipped: (\\d{1,7}))?[^\\n]*$");
  private static final Pattern GRADLE =
      Pattern.compile(
          "(\\d{1,7}) tests? completed(?:, (\\d{1,7}) failed)?(?:, (\\d{1,7}) skipped)?");
  private static final Pattern PYTEST =
      Pattern.compile(
          "(?m)^=* ?((?:\\d{1,7} (?:passed|failed|skipped|errors?|warnings?|deselected|xfailed|xpassed|rerun)(?:, )?)+)(?: in [0-9.]+s.*)?=*$");
  private static final Pattern JEST =
      Pattern.compile(
          "(?m)^\\s*Tests:?\\s+((?:\\d{1,7} (?:passed|failed|skipped|todo|total)[, |]*)+)(?:\\((\\d{1,7})\\))?");
  private static final Pattern MOCHA = Pattern.compile("(?m)^\\s*(\\d{1,7}) passing");
  private static final Pattern CARGO =
      Pattern.compile(
          "test result: (?:ok|FAILED)\\. (\\d{1,7}) passed; (\\d{1,7}) failed; (\\d{1,7}) ignored");
  private static final Pattern DOTNET =
      Pattern.compile(
          "Failed:\\s+(\\d{1,7}), Passed:\\s+(\\d{1,7}), Skipped:\\s+(\\d{1,7}), Total:\\s+(\\d{1,7})");
  private static final Pattern ESLINT =
      Pattern.compile("(\\d{1,7}) problems? \\((\\d{1,7}) errors?, (\\d{1,7}) warnings?\\)");
  private static final Pattern FOUND = Pattern.compile("(?m)^\\s*Found (\\d{1,7}) errors?");
  private static final Pattern ISSUES = Pattern.compile("(?m)^(\\d{1,7}) issues?[:.]");
  private static final Pattern GO_CASE = Pattern.compile("(?m)^\\s*--- (PASS|FAIL|SKIP): ");
  private static final Pattern GO_PACKAGE = Pattern.compile("(?m)^(ok|FAIL|---)\\s+\\S+\\s");
  private static final Pattern TSC_ERROR = Pattern.compile("(?m)error TS\\d{1,6}:");

  private record Kind(CheckType type, CheckFramework framework) {}

  static Optional<CheckSummary> of(
      CommandSkeleton command,
      Output output,
      @Nullable Integer exitCode,
      boolean exitCodeIsItsOwn) {
    Kind kind = kindOf(command);
    if (kind == null) {
      return Optional.empty();
    }
    String text = output.text();
    String tail = text.length() > TAIL ? text.substring(text.length() - TAIL) : text;
    CheckSummary parsed = parse(kind, tail);
    if (parsed != null) {
      return Optional.of(parsed);
    }
    Integer own = exitCodeIsItsOwn ? exitCode : null;
    boolean known = own != null;
    CheckOutcome outcome =
        own == null ? CheckOutcome.UNKNOWN : own == 0 ? CheckOutcome.PASS : CheckOutcome.FAIL;
    return Optional.of(
        new CheckSummary(
            kind.type(),
            kind.framework(),
            outcome,
            known ? OutcomeBasis.EXIT_CODE : OutcomeBasis.NONE,
            null,
            null,
            null,
            null,
            null,
            null));
  }

  private static @Nullable Kind kindOf(CommandSkeleton command) {
    CheckType type =
        switch (command.category()) {
          case TEST -> CheckType.TEST;
          case BUILD -> CheckType.BUILD;
          case LINT -> CheckType.LINT;
          case TYPECHECK -> CheckType.TYPECHECK;
          case FORMAT -> CheckType.FORMAT;
          default -> null;
        };
    if (type == null
        || (command.category() == CommandCategory.BUILD
            && command.subcommand() == null
            && !isCompiler(command.program()))) {
      return null;
    }
    if (type == CheckType.BUILD
        && command.subcommand() != null
        && !command
            .subcommand()
            .matches("build|compile|package|install|assemble|all|jar|release")) {
      return null;
    }
    if (command.program().equals("coverage")) {
      type = CheckType.COVERAGE;
    }
    if (command.program().equals("semgrep") || command.program().equals("trivy")) {
      type = CheckType.SECURITY;
    }
    CheckFramework framework =
        switch (command.program()) {
          case "mvn", "mvnw", "mvnd" -> CheckFramework.SUREFIRE;
          case "gradle", "gradlew" -> CheckFramework.GRADLE;
          case "pytest", "tox", "nox", "coverage" -> CheckFramework.PYTEST;
          case "go" -> CheckFramework.GO_TEST;
          case "jest" -> CheckFramework.JEST;
          case "vitest" -> CheckFramework.VITEST;
          case "mocha" -> CheckFramework.MOCHA;
          case "cargo" -> CheckFramework.CARGO;
          case "dotnet" -> CheckFramework.DOTNET;
          case "eslint" -> CheckFramework.ESLINT;
          case "ruff" -> CheckFramework.RUFF;
          case "golangci-lint" -> CheckFramework.GOLANGCI;
          case "checkstyle" -> CheckFramework.CHECKSTYLE;
          case "tsc" -> CheckFramework.TSC;
          default -> CheckFramework.OTHER;
        };
    return new Kind(type, framework);
  }

  private static boolean isCompiler(String program) {
    return switch (program) {
      case "make",
          "javac",
          "gcc",
          "g++",
          "clang",
          "clang++",
          "rustc",
          "kotlinc",
          "scalac",
          "ninja",
          "webpack",
          "esbuild",
          "rollup",
          "ant",
          "ghc" ->
          true;
      default -> false;
    };
  }

  private static @Nullable CheckSummary parse(Kind kind, String text) {
    return switch (kind.type()) {
      case TEST -> tests(kind, text);
      case LINT, TYPECHECK, FORMAT, SECURITY -> findings(kind, text);
      default -> built(kind, text);
    };
  }

  /// Each framework writes its own last line, whoever ran it: a task runner hides which one it is.
  private static @Nullable CheckSummary tests(Kind kind, String text) {
    Matcher surefire = SUREFIRE.matcher(only(text, "Tests run: "));
    int[] sum = null;
    while (surefire.find()) {
      // The line with the sum has no time; where there is none, the classes are added up.
      boolean isSum = !surefire.group().contains("Time elapsed");
      int[] line = {
        number(surefire, 1),
        number(surefire, 2),
        number(surefire, 3),
        surefire.group(4) == null ? 0 : number(surefire, 4)
      };
      if (isSum) {
        sum = line;
      } else {
        sum = sum == null ? new int[4] : sum;
        for (int i = 0; i < 4; i++) {
          sum[i] += line[i];
        }
      }
    }
    if (sum != null) {
      return counted(
          kind,
          CheckFramework.SUREFIRE,
          sum[0] - sum[1] - sum[2] - sum[3],
          sum[1],
          sum[3],
          sum[2],
          null);
    }
    Matcher cargo = CARGO.matcher(only(text, "test result: "));
    int[] crates = new int[3];
    boolean any = false;
    while (cargo.find()) {
      any = true;
      for (int i = 0; i < 3; i++) {
        crates[i] += number(cargo, i + 1);
      }
    }
    if (any) {
      return counted(kind, CheckFramework.CARGO, crates[0], crates[1], crates[2], 0, null);
    }
    Matcher dotnet = DOTNET.matcher(only(text, "Failed:"));
    if (dotnet.find()) {
      return counted(
          kind,
          CheckFramework.DOTNET,
          number(dotnet, 2),
          number(dotnet, 1),
          number(dotnet, 3),
          0,
          null);
    }
    Matcher jest = JEST.matcher(only(text, "Tests"));
    if (jest.find()) {
      String words = jest.group(1);
      CheckFramework which =
          kind.framework() == CheckFramework.OTHER
              ? words.contains("total") ? CheckFramework.JEST : CheckFramework.VITEST
              : kind.framework();
      return counted(
          kind,
          which,
          before(words, "passed"),
          before(words, "failed"),
          before(words, "skipped"),
          0,
          null);
    }
    Matcher mocha = MOCHA.matcher(only(text, " passing"));
    if (mocha.find()) {
      return counted(
          kind,
          CheckFramework.MOCHA,
          number(mocha, 1),
          before(text, "failing"),
          before(text, "pending"),
          0,
          null);
    }
    Matcher pytest = PYTEST.matcher(text);
    String last = null;
    while (pytest.find()) {
      last = pytest.group(1);
    }
    if (last != null
        && (last.contains("passed") || last.contains("failed") || last.contains("error"))) {
      return counted(
          kind,
          CheckFramework.PYTEST,
          before(last, "passed"),
          before(last, "failed"),
          before(last, "skipped"),
          before(last, "error"),
          before(last, "warning"));
    }
    Matcher gradle = GRADLE.matcher(only(text, " completed"));
    if (gradle.find()) {
      int all = number(gradle, 1);
      int failed = gradle.group(2) == null ? 0 : number(gradle, 2);
      int skipped = gradle.group(3) == null ? 0 : number(gradle, 3);
      return counted(kind, CheckFramework.GRADLE, all - failed - skipped, failed, skipped, 0, null);
    }
    if (text.contains("BUILD SUCCESSFUL") || text.contains("BUILD FAILED")) {
      return verdict(kind, CheckFramework.GRADLE, text.contains("BUILD SUCCESSFUL"));
    }
    return goTests(kind, text);
  }

  /// The text where the words stand that every match has, which is found far sooner than a match;
  /// else nothing.
  private static String only(String text, String words) {
    return text.contains(words) ? text : "";
  }

  private static @Nullable CheckSummary goTests(Kind kind, String text) {
    Matcher cases = GO_CASE.matcher(only(text, "--- "));
    int passed = 0;
    int failed = 0;
    int skipped = 0;
    while (cases.find()) {
      switch (cases.group(1)) {
        case "PASS" -> passed++;
        case "FAIL" -> failed++;
        default -> skipped++;
      }
    }
    Matcher packages = GO_PACKAGE.matcher(text);
    boolean good = false;
    boolean bad = false;
    while (packages.find()) {
      good |= packages.group(1).equals("ok");
      bad |= packages.group(1).equals("FAIL");
    }
    if (passed + failed > 0) {
      CheckSummary counted =
          counted(kind, CheckFramework.GO_TEST, passed, failed, skipped, 0, null);
      // Without -v only failures are listed; the totals are then not known.
      return passed == 0 ? verdict(kind, CheckFramework.GO_TEST, false) : counted;
    }
    return good || bad ? verdict(kind, CheckFramework.GO_TEST, !bad) : null;
  }

  private static @Nullable CheckSummary findings(Kind kind, String text) {
    Matcher eslint = ESLINT.matcher(only(text, " problem"));
    if (eslint.find()) {
      return found(kind, CheckFramework.ESLINT, number(eslint, 2), number(eslint, 3));
    }
    Matcher found = FOUND.matcher(only(text, "Found "));
    if (found.find()) {
      return found(kind, kind.framework(), number(found, 1), null);
    }
    if (text.contains("All checks passed!") || text.contains("Success: no issues found")) {
      return found(kind, kind.framework(), 0, null);
    }
    Matcher issues = ISSUES.matcher(only(text, " issue"));
    if (issues.find()) {
      return found(
          kind,
          kind.framework() == CheckFramework.OTHER ? CheckFramework.GOLANGCI : kind.framework(),
          number(issues, 1),
          null);
    }
    Matcher tsc = TSC_ERROR.matcher(only(text, "error TS"));
    int errors = 0;
    while (tsc.find()) {
      errors++;
    }
    return errors > 0 ? found(kind, CheckFramework.TSC, errors, null) : null;
  }

  private static @Nullable CheckSummary built(Kind kind, String text) {
    boolean good = text.contains("BUILD SUCCESS");
    boolean bad = text.contains("BUILD FAILURE") || text.contains("BUILD FAILED");
    return good || bad ? verdict(kind, kind.framework(), !bad) : null;
  }

  private static CheckSummary counted(
      Kind kind,
      CheckFramework framework,
      int passed,
      int failed,
      int skipped,
      int errors,
      @Nullable Integer warnings) {
    int good = Math.max(0, passed);
    CheckOutcome outcome =
        errors > 0 ? CheckOutcome.ERROR : failed > 0 ? CheckOutcome.FAIL : CheckOutcome.PASS;
    return new CheckSummary(
        kind.type(),
        named(kind, framework),
        outcome,
        OutcomeBasis.PARSED_SUMMARY,
        bound(good + failed + skipped + errors),
        bound(good),
        bound(failed),
        bound(skipped),
        bound(errors),
        warnings == null ? null : bound(warnings));
  }

  private static CheckSummary verdict(Kind kind, CheckFramework framework, boolean good) {
    return new CheckSummary(
        kind.type(),
        named(kind, framework),
        good ? CheckOutcome.PASS : CheckOutcome.FAIL,
        OutcomeBasis.PARSED_SUMMARY,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static CheckSummary found(
      Kind kind, CheckFramework framework, int errors, @Nullable Integer warnings) {
    return new CheckSummary(
        kind.type(),
        named(kind, framework),
        errors > 0 ? CheckOutcome.FAIL : CheckOutcome.PASS,
        OutcomeBasis.PARSED_SUMMARY,
        null,
        null,
        null,
        null,
        bound(errors),
        warnings == null ? null : bound(warnings));
  }

  private static CheckFramework named(Kind kind, CheckFramework seen) {
    return kind.framework() == CheckFramework.OTHER ? seen : kind.framework();
  }

  private static int bound(int value) {
    return Math.clamp(value, 0, MOST);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  /// The number that stands before a word.
  private static int before(String text, String word) {
    int at = text.toLowerCase(Locale.ROOT).indexOf(" " + word);
    int start = at;
    while (start > 0 && at - start < 7 && Character.isDigit(text.charAt(start - 1))) {
      start--;
    }
    return at > start && start >= 0 ? Integer.parseInt(text.substring(start, at)) : 0;
  }
}
