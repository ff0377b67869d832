// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.events.CommandCategory;
import io.sourceblind.events.ExitCodeScope;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {

  private static List<String> lines(String command) {
    return CommandLine.parse(command).commands().stream().map(CommandSkeleton::line).toList();
  }

  @Test
  void aCommandKeepsProgramSubcommandAndNamesOfFlags() {
    assertThat(lines("git commit -m \"fix the parser\" --author=me --no-verify"))
        .containsExactly("git commit -m --author --no-verify");
  }

  @Test
  void eachSimpleCommandHasItsOwnSkeleton() {
    CommandLine line = CommandLine.parse("cd /srv/app && mvn -q verify 2>&1 | tail -20");

    assertThat(line.commands())
        .extracting(CommandSkeleton::program)
        .containsExactly("cd", "mvn", "tail");
    assertThat(line.commands().get(1).category()).isEqualTo(CommandCategory.TEST);
    assertThat(line.hasPipe()).isTrue();
    assertThat(line.exitCodeScope()).isEqualTo(ExitCodeScope.LAST_OF_PIPE);
  }

  @Test
  void aHereDocumentIsSteppedOver() {
    CommandLine line =
        CommandLine.parse("cat > A.java <<'EOF'\nclass A { git push --force; }\nEOF\nls -la");

    assertThat(line.commands()).extracting(CommandSkeleton::line).containsExactly("cat", "ls -la");
    assertThat(line.hasHeredoc()).isTrue();
  }

  @Test
  void aBodyBehindADashDoesNotLeave() {
    assertThat(lines("python3 -c \"import os; print('--secret')\" -v"))
        .containsExactly("python3 -c -v");
  }

  @Test
  void aGluedValueIsCutFromItsFlag() {
    assertThat(lines("mysql -h db -u root -peNLxuTTXjN2l7l shop"))
        .containsExactly("mysql -h -u -p");
  }

  @Test
  void unknownProgramsAndSubstitutionsHaveNoName() {
    assertThat(lines("./deploy-acme-secret-thing.sh --keep && $(cat runme) x"))
        .containsExactly("other", "other");
  }

  @Test
  void variablesSetBeforeACommandAreNotThere() {
    assertThat(lines("AWS_SECRET_ACCESS_KEY=abc aws s3 cp x y")).containsExactly("aws s3:cp");
  }

  @Test
  void aCommandThatEndsWithinAQuoteKeepsWhatWasRead() {
    assertThat(lines("perl -e 'use strict; my $x")).containsExactly("perl -e");
  }

  @Test
  void aLongFlagThatIsNotWellKnownDoesNotLeave() {
    assertThat(
            lines(
                "git commit --password-hunter2 --jane-doe --amend --int-x-return-secret"
                    + " --AKIAIOSFODNN7EXAMPLE --no-verify=x"))
        .containsExactly("git commit --amend --no-verify");
    assertThat(lines("frobnicate --verbose -p")).containsExactly("other");
  }

  @Test
  void anEmptyCommandIsAnother() {
    assertThat(lines("")).containsExactly("other");
  }

  @Test
  void aSubcommandMayHaveOneOfItsOwnFromAClosedList() {
    assertThat(residue("aws --region eu-1 s3 cp build.zip s3://bucket"))
        .isEqualTo("aws s3:cp --region");
    assertThat(residue("docker compose -f x.yml up -d web")).startsWith("docker compose:up");
    assertThat(residue("gh pr view 12")).isEqualTo("gh pr:view");
    assertThat(residue("aws s3 secretname cp")).isEqualTo("aws s3");
    assertThat(residue("git stash pop")).isEqualTo("git stash");
    assertThat(residue("aws s3 \"cp\" x")).isEqualTo("aws s3");
  }

  private static String residue(String command) {
    return CommandLine.parse(command).commands().get(0).line();
  }
}
