// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ProseGateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Please rename the service, and keep its tests green.",
        "Why does this fail? I'd expect the cache to be warm by then: it was, yesterday.",
        "Use the factory of Spring - not ours - and say so…",
        "[code removed] does not compile",
        "Look at [code removed, 14 lines, java] and at [path], then tell me about [name].",
        "[diff removed, 2 files] [stack trace removed] [output removed] [link] [data removed, 3 lines]",
        "[secret removed, github token] [personal data removed] [text removed, too long]",
        "Bitte prüfe, ob die Größe stimmt – sonst brechen wir ab.",
        "请检查一下这个函数，为什么它在第二次调用时失败（API 也是）？",
        "このテストを直してください。",
        "कृपया इस परीक्षण को १२ बार ठीक करें।",
        "Пожалуйста, исправь этот тест.",
        "من فضلك أصلح هذا الاختبار، ثم شغّله؟",
        "แก้ไขการทดสอบนี้ด้วยครับ",
        "Tôi muốn đổi tên dịch vụ này.",
        "import the module by hand and select the right one from the list",
        "Update the docs and set a limit, then create the table of contents.",
        "Delete everything from the cache where it hurts, please.",
        "Note: this is version 4.1.1, released on 2026-11-21 at 10:30.",
        "The token is in the vault, the password is secret.",
        "It costs 5€, or 5,20 in winter.",
        "Steps: 1. stop it. 2. start it. 3. wait 10, 20 or 30 seconds."
      })
  void sentencesAreProse(String text) {
    assertThat(refusal(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int x = 1 | ALPHABET",
        "foo(bar) | ALPHABET",
        "a\\nb | ALPHABET",
        "x := y | ALPHABET",
        "snake_case | ALPHABET",
        "50% | ALPHABET",
        "𝐢𝐧𝐭 𝐱 | ALPHABET",
        "foo（bar）；baz（）；好 | ALPHABET",
        "a sign ۩ of recitation | ALPHABET",
        "a sign ৳ of money | ALPHABET",
        "two  blanks | PROSE_SPACING",
        "abcdefghijklmnopqrstuvwxyz0123456 | PROSE_RUN",
        "[code] | PROSE_PLACEHOLDER",
        "[code removed, rm -rf] | PROSE_PLACEHOLDER",
        "[code removed, 3 lines, jav  a] | PROSE_PLACEHOLDER",
        "[code removed, 14 lines, java, more] | PROSE_PLACEHOLDER",
        "[secret removed, ghp_x] | PROSE_PLACEHOLDER",
        "[path | PROSE_PLACEHOLDER",
        "path] | PROSE_PLACEHOLDER",
        "[[path]] | PROSE_PLACEHOLDER"
      })
  void whatIsNotOfTheAlphabetIsNot(String text, Reason reason) {
    assertThat(refusal(text)).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select name from person where id is 4",
        "Run this: SELECT a, b FROM person p JOIN team t, then tell me.",
        "select name from person order by name",
        "INSERT INTO person VALUES",
        "update person set name",
        "delete from person where",
        "create table person",
        "DROP TABLE person",
        "PROCEDURE DIVISION.",
        "WORKING-STORAGE SECTION.",
        "using namespace std",
        "begin rsa private key",
        "-----BEGIN CERTIFICATE-----",
        "import os",
        "Like this: import os. Then more.",
        "import numpy as np",
        "import os import sys",
        "from os import path",
        "import java.util.List",
        "package io.sourceblind.db",
        "ｓｅｌｅｃｔ name from person where",
        "0x05, 0x21, 0x03",
        "1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144",
        "permissions: contents: write pull-requests: write jobs: build:",
        "runner.tries runner.failures mydata.number mydata.color"
      })
  void codeOfWordsIsCode(String text) {
    assertThat(refusal(text)).isEqualTo(Reason.PROSE_CODE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my key is AKIAIOSFODNN7EXAMPLE, is that ok?",
        "it says sk-abcDEF0123456789abcDEF",
        "xoxb-1234567890-abcdef",
        "glpat-aBcDeF0123456789aBcD",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx",
        "AIzaSyA1234567890abcdefghijklmno-pqrs",
        "use Zx9Qw8Er7Ty6Ui5Op4As please",
        "and 0a1b2c3d4e5f6a7b8c9d0e1f in it",
        "password: hunter22xx",
        "the token is abc12345"
      })
  void keysAreSecrets(String text) {
    assertThat(refusal(text)).isEqualTo(Reason.PROSE_SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "zero\u200bwidth, CONTROL_CHARACTER",
    "turned\u202earound, CONTROL_CHARACTER",
    "u\u0308ber, NOT_NFC",
    "private \ue000 use, BROKEN_TEXT",
    "half \ud83d pair, BROKEN_TEXT"
  })
  void charactersThatCannotBeSeenAreNotTaken(String text, Reason reason) {
    assertThat(refusal(text)).isEqualTo(reason);
  }

  @Test
  void aTextEndsAt4000Characters() {
    assertThat(refusal("ab ".repeat(1_333) + "a")).isNull();
    assertThat(refusal("ab ".repeat(1_333) + "abc")).isEqualTo(Reason.TOO_LONG);
    assertThat(refusal("")).isEqualTo(Reason.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select ",
        "from a ",
        "select a from ",
        "begin ",
        "import ",
        "private ",
        "[path]",
        "[",
        "a.b ",
        "insert into a ",
        "eyJ",
        "0x1 ",
        "group by ",
        "a: ",
        "- ",
        "é"
      })
  void noTextTakesLong(String part) {
    var text = part.repeat(4_000 / part.length()).strip();

    var took = shortestOf(20, text);

    assertThat(took).isLessThan(Duration.ofMillis(20));
  }

  private static Duration shortestOf(int times, String text) {
    var shortest = Long.MAX_VALUE;
    for (var i = 0; i < times; i++) {
      var start = System.nanoTime();
      refusal(text);
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return Duration.ofNanos(shortest);
  }

  private static @Nullable Reason refusal(String text) {
    return new Bound.Prose(4_000).refuse(JsonNodeFactory.instance.stringNode(text));
  }
}
