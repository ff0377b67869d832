// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RedactorTest {

  private final Redactor redactor = new Redactor(Budget.unlimited());

  private String of(String raw) {
    return redactor.redact(raw).prose().text();
  }

  @Test
  void aSentenceStaysAsItIs() {
    String prompt = "Why does the second test fail, and what would you change first?";

    assertThat(of(prompt)).isEqualTo(prompt);
  }

  @Test
  void aFencedBlockBecomesAPlaceholderWithItsLanguage() {
    String prompt = "Please fix this:\n```java\nint a = 1;\nint b = a;\n```\nThanks!";

    assertThat(of(prompt)).isEqualTo("Please fix this: [code removed, 4 lines, java] Thanks!");
  }

  @Test
  void aFenceThatIsNeverClosedReachesToTheEnd() {
    String prompt = "look at this\n```\nplain words that look like prose\nand some more of them";

    assertThat(of(prompt)).isEqualTo("look at this. [code removed, 3 lines]");
  }

  @Test
  void sourceWithoutAFenceGoesToo() {
    String prompt =
        """
        what does this do?

        public int sum(List<Integer> values) {
          int total = 0;
          for (int value : values) {
            total += value;
          }
          return total;
        }
        """;

    assertThat(of(prompt)).startsWith("what does this do?").doesNotContain("total", "values");
  }

  @Test
  void aDiffIsCountedByItsFiles() {
    String prompt =
        """
        is this right?
        diff --git a/x.go b/x.go
        --- a/x.go
        +++ b/x.go
        @@ -1,2 +1,2 @@
        -package old
        +package fresh
         func main
        """;

    assertThat(of(prompt)).isEqualTo("is this right? [diff removed, 1 file]");
  }

  @Test
  void aStackTraceGoesWithTheSourceInIt() {
    String prompt =
        """
        it crashes
        Traceback (most recent call last):
          File "/srv/app/main.py", line 3, in run
            launch the secret rocket now
        ValueError: no fuel
        """;

    assertThat(of(prompt)).isEqualTo("it crashes. [stack trace removed]");
  }

  @Test
  void ordinaryBracketsAndSlashesAreRewritten() {
    assertThat(of("Use the cache (if there is one) and/or the database; then stop."))
        .isEqualTo("Use the cache, if there is one, and or the database, then stop.");
  }

  @Test
  void pathsNamesAndLinksBecomeTheirPlaceholders() {
    assertThat(
            of("See src/main/App.java and https://example.org/x?y=z about max_retry_count please"))
        .isEqualTo("See [path] and [link] example org about [name] please.");
  }

  @Test
  void aSecretIsNamedByItsKindOnly() {
    assertThat(of("I pasted ghp_0123456789abcdefABCDEF0123456789abcd by accident, remove it"))
        .isEqualTo("I pasted [secret removed, github token] by accident, remove it.");
  }

  @Test
  void personalDataGoes() {
    assertThat(of("mail maria.gonzalez@example.org or call +49 30 3874615 please"))
        .isEqualTo("mail [personal data removed] or call [personal data removed] please.");
  }

  @Test
  void statementsMadeOfWordsAreNotLeftStanding() {
    for (String code :
        new String[] {
          "select name from customers where id",
          "insert into orders values",
          "drop table customers",
          "import os",
          "from os import path",
          "using namespace std",
          "IDENTIFICATION DIVISION.",
          "package com.example.app"
        }) {
      assertThat(of("here it is\n" + code)).as(code).doesNotContain(code);
    }
  }

  @Test
  void otherScriptsKeepTheirSentences() {
    assertThat(of("为什么这个测试失败了？")).isEqualTo("为什么这个测试失败了？");
    assertThat(of("Почему этот тест не проходит?")).isEqualTo("Почему этот тест не проходит?");
  }

  @Test
  void aTextBeyondTheCapIsNotLookedAt() {
    assertThat(of("word ".repeat(20_000))).isEqualTo("[text removed, too long]");
  }

  @Test
  void longProseIsCutAtTheLimitAndSaysSo() {
    String text = of("A sentence that is quite ordinary. ".repeat(400));

    assertThat(text).hasSizeLessThanOrEqualTo(4_000).endsWith("[text removed, too long]");
  }

  @Test
  void aTextThatTakesTooLongGoesAsAWhole() {
    AtomicLong clock = new AtomicLong();
    Budget slow =
        new Budget(() -> clock.addAndGet(20_000_000), Duration.ofMillis(5), Duration.ofMillis(1));

    String text = new Redactor(slow).redact("Why is this slow?").prose().text();

    assertThat(text).isEqualTo("[text removed]");
  }

  @Test
  void whateverGoesInOnlyTheAlphabetComesOut() {
    Random random = new Random(7);
    String pieces =
        "abc XYZ 012 ({[<>]})=;|\\/`$#@*+_^~&%\"'\n\t.,:!?-é中ي\u200b\uE000\uD800\u001b[1m";
    for (int i = 0; i < 3_000; i++) {
      StringBuilder raw = new StringBuilder();
      int length = random.nextInt(120);
      for (int k = 0; k < length; k++) {
        raw.append(pieces.charAt(random.nextInt(pieces.length())));
      }

      assertThat(redactor.defectOf(raw.toString())).as("input %s", i).isNull();
      Alphabet.requirePlain(of(raw.toString()));
    }
  }

  @Test
  void whatCannotBeSeenHidesNothing() {
    for (String unseen :
        new String[] {"\u001b[1m", "\u001b]0;x\u0007", "\u0000", "\u0008", "\u200b"}) {
      String text = "The pass" + unseen + "word: correct" + unseen + "horsestaple and so on";

      assertThat(redactor.redact(text).prose().text())
          .as(unseen)
          .contains("[secret removed")
          .doesNotContain("correct")
          .doesNotContain("horse");
    }
  }

  @Test
  void aLineEndsHoweverItIsEnded() {
    String code = "int a = f(b);\nif (a > 0) {\n  return a;\n}";
    for (String end : new String[] {"\r\n", "\r", "\u2028", "\f"}) {
      assertThat(redactor.redact(code.replace("\n", end)).prose().text())
          .isEqualTo(redactor.redact(code).prose().text());
    }
  }

  @Test
  void proseCannotBeMadeOfAnythingElse() {
    for (String notPlain :
        new String[] {
          "two\nlines",
          "a  b",
          " a",
          "a ",
          "f(x)",
          "a = b",
          "a;b",
          "[code]",
          "[code removed",
          "a".repeat(33),
          "a_b",
          "\"x\""
        }) {
      assertThatThrownBy(() -> new PlainProse(notPlain))
          .as(notPlain)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void placeholdersSomeoneTypesAreNotTakenForOurs() {
    assertThat(of("he wrote [code removed, 3 lines] himself"))
        .doesNotContain("[code removed, 3 lines]");
  }

  @Test
  void timeGrowsWithTheTextAndNotFaster() {
    String line =
        "x1y2z3w4 ".repeat(20) + "(((((((((( aaaa@@@@ ---- ```` \"\"\"\" 1111 2222 3333 a.b.c.d\n";
    redactor.redact(line.repeat(40));
    long small = timeOf(line.repeat(40));
    long large = timeOf(line.repeat(240));

    assertThat(large).isLessThan(Math.max(small, 5_000_000) * 40);
  }

  /// Of the processor, not by the clock: others may be at work on the machine.
  private long timeOf(String text) {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = thread.getCurrentThreadCpuTime();
      redactor.redact(text);
      best = Math.min(best, thread.getCurrentThreadCpuTime() - start);
    }
    return best;
  }

  @Test
  void aStatementTakesItsWholeSentenceWithIt() {
    for (String text :
        new String[] {
          "SELECT name, salary FROM employees WHERE it is the one that we have and not the other",
          "So we DELETE FROM accounts where it is the one that we do not have",
          "Can you select name, salary. From employees where the salary is high"
        }) {
      assertThat(new Redactor(Budget.unlimited()).redact(text).prose().text())
          .as(text)
          .doesNotContain("employees")
          .doesNotContain("salary")
          .doesNotContain("accounts");
    }
  }

  @Test
  void aSecretGoesWithItsQuotesAndItsNeighbours() {
    String random = "a9Lq4SbqNqXrBjOiq7dnvoxS" + "cR7Y4mTzFLqBIFC";
    for (String text :
        new String[] {
          "use api_key=\"correct horse battery\" for it",
          "the secret is 'battery of horses' for it",
          "use 0x5290840009:" + random + " for it",
          "use " + random + "|battery for it"
        }) {
      assertThat(new Redactor(Budget.unlimited()).redact(text).prose().text())
          .as(text)
          .contains("[secret removed")
          .contains("for it")
          .doesNotContain("horse")
          .doesNotContain("battery")
          .doesNotContain("0x5290840009");
    }
  }

  @Test
  void aPasswordBehindItsNameGoesWhateverItIs() {
    for (String text :
        new String[] {
          "the password is sunflower, thanks",
          "Passwort: sunflower, danke",
          "das Passwort lautet sunflower, danke",
          "le mot de passe est sunflower, merci",
          "la contrase\u00f1a es sunflower, gracias",
          "\u043f\u0430\u0440\u043e\u043b\u044c \u2014 sunflower, ok",
          "\u5bc6\u7801\u662fsunflower\uff0cok",
          "\u30d1\u30b9\u30ef\u30fc\u30c9\u306fsunflower\u3001ok",
          "\ube44\ubc00\ubc88\ud638: sunflower, ok"
        }) {
      assertThat(new Redactor(Budget.unlimited()).redact(text).prose().text())
          .as(text)
          .contains("[secret removed, password]")
          .doesNotContain("sunflower");
    }
    assertThat(
            new Redactor(Budget.unlimited())
                .redact("The password is required here.")
                .prose()
                .text())
        .isEqualTo("The password is required here.");
  }

  @Test
  void whoSomebodyIsGoesThoughNoSignMarksIt() {
    assertThat(of("my name is Anton Weber and my PIN is 4711, thanks."))
        .isEqualTo(
            "my name is [personal data removed] and my PIN is [secret removed, pin], thanks.");
    assertThat(of("She was born on 12.03.1981 and her number is 52998224725, please check it."))
        .isEqualTo(
            "She was born on [personal data removed] and her number is [personal data removed],"
                + " please check it.");
    assertThat(of("the passphrase is correct horse battery staple, please change it"))
        .isEqualTo("the passphrase is [secret removed, passphrase], please change it.");
    assertThat(of("Dear Mrs. Rossi, we have to talk about the release."))
        .isEqualTo("Dear Mrs. [personal data removed], we have to talk about the release.");
  }

  @Test
  void whatOnlyLooksLikeItStays() {
    for (String text :
        new String[] {
          "My name is not in the list of the people who can see it.",
          "The pin is bent, and the passphrase is not stored in any place.",
          "It was born as an idea of 12 people, and it has 52998224726 rows."
        }) {
      assertThat(of(text)).isEqualTo(text);
    }
  }

  @Test
  void twoOrdinarySentencesStayThoughTheirWordsWouldMakeAPair() {
    assertThat(
            new Redactor(Budget.unlimited())
                .redact("Please update the docs for it. We should set the limit to five.")
                .prose()
                .text())
        .startsWith("Please update the docs for it.")
        .contains("the limit to five")
        .doesNotContain(" set ");
  }

  @Test
  void whatIsSaidToBePlainProseIsLookedAtAgain() {
    assertThat(PlainProse.isPlain("Why is [code removed] slow?")).isTrue();
    assertThat(PlainProse.isPlain("int x = 1;")).isFalse();
    assertThat(PlainProse.isPlain("my key is AKIAIOSFODNN7EXAMPLE")).isFalse();
  }
}
