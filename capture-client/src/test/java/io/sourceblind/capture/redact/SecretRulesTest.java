// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretRulesTest {

  @Test
  void everyRuleCatchesItsExamples() {
    for (SecretRule rule : SecretRules.ALL) {
      assertThat(rule.catches()).as(rule.name()).isNotEmpty();
      for (String example : rule.catches()) {
        assertThat(rule.findIn(example)).as(rule.name() + " should catch: " + example).isNotEmpty();
      }
    }
  }

  @Test
  void everyRuleLeavesItsLookAlikesAlone() {
    for (SecretRule rule : SecretRules.ALL) {
      assertThat(rule.spares()).as(rule.name()).isNotEmpty();
      for (String example : rule.spares()) {
        assertThat(rule.findIn(example)).as(rule.name() + " should spare: " + example).isEmpty();
      }
    }
  }

  @Test
  void everyKeywordStandsInWhatItsRuleCatches() {
    for (SecretRule rule : SecretRules.ALL) {
      for (String example : rule.catches()) {
        String lower = example.toLowerCase(java.util.Locale.ROOT);

        assertThat(rule.mayBeIn(lower)).as(rule.name() + " is asked about: " + example).isTrue();
      }
    }
  }

  @Test
  void aSecretIsFoundWhateverStandsBehindIt() {
    String token = "ghp_" + "0123456789abcdefABCDEF0123456789abcd";

    for (String behind :
        new String[] {"", " ", ")", ",", ".", ";", "\"", "'", "`", "]", "}", ">", "\n"}) {
      assertThat(SecretRules.anyIn("see (" + token + behind)).as("behind: " + behind).isTrue();
    }
  }
}
