// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuspectsTest {

  private static final String AROUND =
      " \n\t.,:;=\"'`()[]<>/\\-_+@#~0123456789abcdefABCDEFxyzKSi\u017f\u212a\u00e9\u4e2d";

  /// What a rule finds that looks at every line which has its keyword.
  private static Set<SecretRule.Found> foundSlowly(String text) {
    Set<SecretRule.Found> found = new HashSet<>();
    SecretRules.ALL.forEach(
        rule -> rule.findIn(text).forEach(one -> found.add(SecretRules.taken(text, one))));
    return found;
  }

  private static Set<SecretRule.Found> foundAmongSuspects(String text) {
    Set<SecretRule.Found> found = new HashSet<>();
    Suspects.in(text).found(false).forEach(one -> found.add(SecretRules.taken(text, one)));
    return found;
  }

  private static List<String> examples() {
    List<String> examples = new ArrayList<>();
    SecretRules.ALL.forEach(rule -> {
      examples.addAll(rule.catches());
      examples.addAll(rule.spares());
      rule.keywords().forEach(word -> examples.add(word + " is \"abcdef12\""));
      rule.keywords().forEach(word -> examples.add("a_" + word + "_b: abcdef12"));
    });
    return examples;
  }

  @Test
  void whatARuleFindsByItselfIsFoundAmongTheSuspects() {
    for (String example : examples()) {
      for (String text :
          new String[] {example, "see " + example + "\nand more", example + example}) {
        assertThat(foundAmongSuspects(text)).as(text).containsAll(foundSlowly(text));
      }
    }
  }

  @Test
  void andSoItIsWhateverStandsAroundIt() {
    Random random = new Random(17);
    List<String> examples = examples();
    int found = 0;
    for (int i = 0; i < 9_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int part = 0; part < 3; part++) {
        for (int k = random.nextInt(6); k > 0; k--) {
          text.append(AROUND.charAt(random.nextInt(AROUND.length())));
        }
        String example = examples.get(random.nextInt(examples.size()));
        int cut = random.nextInt(4) == 0 ? random.nextInt(example.length()) : 0;
        text.append(example, cut, example.length());
      }
      Set<SecretRule.Found> slowly = foundSlowly(text.toString());
      found += slowly.size();

      assertThat(foundAmongSuspects(text.toString())).as("%s", text).containsAll(slowly);
    }
    assertThat(found).isGreaterThan(4_000);
  }

  @Test
  void anAddressIsFoundWhateverDigitStandsBehindItsFirstSign() {
    for (char digit : "0123456789abcdefABCDEF".toCharArray()) {
      for (String address :
          new String[] {
            "6d:" + digit + "1:22:f5:6b:09",
            "6d-" + digit + "1-22-f5-6b-09",
            "6dc1." + digit + "2f5.6b09",
            "2001:" + digit + "4f8:22:f5:6b:9:8:7"
          }) {
        assertThat(foundAmongSuspects("at " + address + " now"))
            .as(address)
            .isNotEmpty()
            .containsAll(foundSlowly("at " + address + " now"));
      }
    }
  }

  @Test
  void ordinaryTextIsHardlySuspected() {
    String text =
        "Why does the second test fail after the change, and what would you look at first?\n"
            .repeat(20);

    assertThat(Suspects.in(text).isNone()).isTrue();
  }

  @Test
  void aTextMadeOfKeywordsTakesNoLongerThanItsLength() {
    for (String piece : new String[] {"::", "a:", "key", "@a.b", "1.", "12 ", "://", "gh", "ey"}) {
      Suspects.in(piece.repeat(1_000)).found(false);
      long small = timeOf(piece.repeat(1_000));
      long large = timeOf(piece.repeat(8_000));

      assertThat(large).as(piece).isLessThan(Math.max(small, 2_000_000) * 40);
    }
  }

  /// Of the processor, not by the clock: others may be at work on the machine.
  private static long timeOf(String text) {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = thread.getCurrentThreadCpuTime();
      Suspects.in(text).found(false);
      best = Math.min(best, thread.getCurrentThreadCpuTime() - start);
    }
    return best;
  }

  /// The twin, for each rule: with a clue that always says nowhere, what it catches stays hidden.
  @Test
  void aClueThatHidesSomethingIsNoticed() {
    for (int i = 0; i < SecretRules.ALL.size(); i++) {
      List<SecretRule> blinded = new ArrayList<>(SecretRules.ALL);
      SecretRule rule = blinded.set(i, blinded.get(i).near((text, line, start, end) -> null));
      for (String example : rule.catches()) {
        List<SecretRule> finders =
            Suspects.in(blinded, example).found(false).stream()
                .map(SecretRule.Found::rule)
                .toList();

        assertThat(rule.findIn(example)).as(rule.name()).isNotEmpty();
        assertThat(finders).as(rule.name()).doesNotContain(blinded.get(i));
      }
    }
  }
}
