// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BoundTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @ParameterizedTest
  @CsvSource({
    "0, ",
    "999, ",
    "-0, ",
    "1000, OUT_OF_RANGE",
    "-1, OUT_OF_RANGE",
    "99999999999999999999999, OUT_OF_RANGE",
    "1e2, NOT_A_WHOLE_NUMBER",
    "1.0, NOT_A_WHOLE_NUMBER",
    "'\"5\"', NOT_A_WHOLE_NUMBER",
    "true, NOT_A_WHOLE_NUMBER",
    "null, NOT_A_WHOLE_NUMBER",
    "[1], NOT_A_WHOLE_NUMBER"
  })
  void aNumberIsWholeAndInItsRange(String json, @Nullable Reason reason) {
    var bound = new Bound.WholeNumber(0, 999);

    assertThat(refusal(bound, json)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({"true, ", "false, ", "1, NOT_TRUE_OR_FALSE", "'\"true\"', NOT_TRUE_OR_FALSE"})
  void yesAndNoAreNothingElse(String json, @Nullable Reason reason) {
    assertThat(refusal(new Bound.TrueOrFalse(), json)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"cli\"', ",
    "'\"CLI\"', NOT_ON_THE_LIST",
    "'\"cli \"', NOT_ON_THE_LIST",
    "'\"\"', NOT_ON_THE_LIST",
    "1, NOT_A_STRING",
    "{}, NOT_A_STRING"
  })
  void aChoiceIsOneOfItsWords(String json, @Nullable Reason reason) {
    var bound = new Bound.Choice(java.util.List.of("cli", "ide"));

    assertThat(refusal(bound, json)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "0123456789abcdef0123456789abcdef, ",
    "0123456789ABCDEF0123456789abcdef, NOT_A_REFERENCE",
    "0123456789abcdef0123456789abcde, NOT_A_REFERENCE",
    "0123456789abcdef0123456789abcdef0, NOT_A_REFERENCE",
    "01234567-89ab-cdef-0123-456789abcdef, NOT_A_REFERENCE"
  })
  void aReferenceIsThirtyTwoHexadecimalDigits(String text, @Nullable Reason reason) {
    assertThat(refusal(new Bound.Reference(), quoted(text))).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "019abcde-f012-7345-8abc-def012345678, ",
    "019abcde-f012-4345-8abc-def012345678, NOT_A_UUID_V7",
    "019abcde-f012-7345-cabc-def012345678, NOT_A_UUID_V7",
    "019ABCDE-f012-7345-8abc-def012345678, NOT_A_UUID_V7",
    "019abcdef012-7345-8abc-def0123456789, NOT_A_UUID_V7",
    "{019abcde-f012-7345-8abc-def01234567, NOT_A_UUID_V7"
  })
  void anEventIdIsAUuidOfVersionSeven(String text, @Nullable Reason reason) {
    assertThat(refusal(new Bound.EventId(), quoted(text))).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-21T12:34:56Z",
        "2026-11-21T12:34:56.7Z",
        "2026-11-21T12:34:56.78Z",
        "2026-11-21T12:34:56.789Z"
      })
  void aTimeIsInUtcWithAtMostMilliseconds(String text) {
    assertThat(refusal(new Bound.Time(), quoted(text))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-21T12:34:56.7891Z",
        "2026-11-21T12:34:56.Z",
        "2026-11-21T12:34:56",
        "2026-11-21T12:34:56+00:00",
        "2026-11-21T12:34:56z",
        "2026-11-21t12:34:56Z",
        "2026-11-21 12:34:56Z",
        "2026-02-30T12:34:56Z",
        "2026-11-21T24:00:00Z",
        "2026-06-30T23:59:60Z",
        "+2026-11-21T12:34:56Z",
        "٢٠٢٦-11-21T12:34:56Z",
        "now"
      })
  void anyOtherTimeIsNone(String text) {
    assertThat(refusal(new Bound.Time(), quoted(text))).isEqualTo(Reason.NOT_A_UTC_TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "mvn, ",
    "g++, ",
    "'', EMPTY",
    "-x, ALPHABET",
    "./gradlew, ALPHABET",
    "MVN, ALPHABET",
    "mvn verify, ALPHABET",
    "ｍvn, ALPHABET",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, TOO_LONG"
  })
  void aNameHasASmallAlphabet(String text, @Nullable Reason reason) {
    var bound = new Bound.Name(Characters.of("a-z0-9"), Characters.of("a-z0-9._+-"), 32);

    assertThat(refusal(bound, quoted(text))).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "[], ",
    "'[\"-v\",\"--batch-mode\"]', ",
    "'[\"--password=x\"]', ALPHABET",
    "'[\"verify\"]', ALPHABET",
    "'[\"---x\"]', ALPHABET",
    "'[\"-\"]', EMPTY",
    "'[\"--\"]', EMPTY",
    "'[\"-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]', TOO_LONG",
    "'[1]', NOT_A_STRING",
    "'[[\"-v\"]]', NOT_A_STRING",
    "'\"-v\"', NOT_A_LIST",
    "'[\"-a\",\"-a\",\"-a\"]', TOO_MANY"
  })
  void flagsAreFewNamesOfOptions(String json, @Nullable Reason reason) {
    assertThat(refusal(new Bound.Flags(2, 32), json)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "src/main/java/A.java, ",
    "docs/Übersicht.md, ",
    "a b/c d.txt, ",
    "@scope/pkg/.env, ",
    "/etc/passwd, NOT_BELOW_THE_PROJECT",
    "a//b, NOT_BELOW_THE_PROJECT",
    "a/, NOT_BELOW_THE_PROJECT",
    "../b, NOT_BELOW_THE_PROJECT",
    "a/../b, NOT_BELOW_THE_PROJECT",
    "./a, NOT_BELOW_THE_PROJECT",
    "'a/ b', ALPHABET",
    "C:/temp, ALPHABET",
    "a\\\\b, ALPHABET",
    "a(b).txt, ALPHABET",
    "'a\\nb', CONTROL_CHARACTER",
    "'a\\u202eb', CONTROL_CHARACTER",
    "'Uu\\u0308', NOT_NFC",
    "'\\ud800', BROKEN_TEXT"
  })
  void aPathStaysBelowItsProject(String text, @Nullable Reason reason) {
    assertThat(refusal(new Bound.RelativePath(512, 128), quoted(text))).isEqualTo(reason);
  }

  @Test
  void aPathAndItsPartsAreBoundedInLength() {
    var bound = new Bound.RelativePath(512, 128);

    assertThat(refusal(bound, quoted("a".repeat(128)))).isNull();
    assertThat(refusal(bound, quoted("a".repeat(129)))).isEqualTo(Reason.TOO_LONG);
    assertThat(refusal(bound, quoted("a/".repeat(255) + "aa"))).isNull();
    assertThat(refusal(bound, quoted("a/".repeat(256) + "a"))).isEqualTo(Reason.TOO_LONG);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static @Nullable Reason refusal(Bound bound, String json) {
    return bound.refuse(JSON.readTree(json));
  }
}
