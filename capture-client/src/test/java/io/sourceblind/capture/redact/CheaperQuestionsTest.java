// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Questions that are asked before a longer one: they may say yes for nothing, and never no where
/// the longer one would say yes.
class CheaperQuestionsTest {

  private static final int TEXTS = 20_000;

  private static final List<String> PIECES =
      List.of(
          "the",
          "please",
          "fix",
          "fOr",
          "for_each",
          "it's",
          "we",
          "na\u00efve",
          "error",
          "Error: ",
          "error[",
          "--> ",
          "npm ERR! ",
          "warning: ",
          "[ERROR] ",
          "[info] ",
          "in file included from",
          "make[1]",
          "make: *** ",
          ": in function ",
          ":",
          ".",
          ",",
          "(",
          ")",
          "/",
          " ",
          "  ",
          "-",
          "`",
          "'",
          "@",
          "$",
          "12",
          "7",
          "a.c:12: ",
          "x.ts(3,4): ",
          "a1b2c3d4 (Anton 2026-11-22 10:00:00",
          "\u0665",
          "\u4e2d",
          "\uE001",
          "expected ");

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(7); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
      text.append(random.nextBoolean() ? " " : "");
    }
    return text.toString();
  }

  @Test
  void whereWordsAreSurelySpokenTheWholeScanCountsThem() {
    Random random = new Random(3);
    int spoken = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random);
      if (LineScore.isSpoken(text)) {
        LineScore counts = LineScore.scan(text);
        spoken++;

        assertThat(counts.functionWords + counts.talkWords).as(text).isGreaterThanOrEqualTo(2);
      }
    }
    assertThat(spoken).isGreaterThan(TEXTS / 50);
  }

  @Test
  void noLineOfOutputIsPassedBy() {
    Random random = new Random(5);
    int output = 0;
    int passedBy = 0;
    for (int i = 0; i < TEXTS; i++) {
      Line line = new Line(text(random));
      if (Diagnostics.isDiagnostic(line.text)) {
        output++;

        assertThat(Diagnostics.mayBeDiagnostic(line)).as(line.raw).isTrue();
      }
      passedBy += Diagnostics.mayBeDiagnostic(line) ? 0 : 1;
    }
    assertThat(output).isGreaterThan(TEXTS / 50);
    assertThat(passedBy).isGreaterThan(TEXTS / 50);
  }

  @Test
  void everySignOfATextIsAmongItsSigns() {
    Random random = new Random(7);
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random);
      Signs signs = Signs.of(text);

      for (char sign = 0; sign < 128; sign++) {
        boolean stands = text.indexOf(sign) >= 0;
        assertThat(signs.has(sign) || !stands).as(text).isTrue();
        assertThat(signs.ascii() && signs.has(sign) && !stands).as(text).isFalse();
      }
      assertThat(signs.mayHaveDigit() || text.chars().noneMatch(Character::isDigit)).isTrue();
    }
  }

  @Test
  void aLineLooksTheSameWhetherItsWordsWereReadBeforeOrNot() {
    Random random = new Random(11);
    int read = 0;
    for (int i = 0; i < TEXTS; i++) {
      Line line = new Line(text(random) + (i % 3 == 0 ? "12ab_c_d" : " _x") + text(random));
      TokenShapes alone = new TokenShapes();
      alone.read(line, null);
      read += LineScore.countsOf(line).count();

      assertThat(TokenShapes.of(line))
          .as(line.raw)
          .containsExactly(Arrays.copyOf(alone.features(), alone.count()));
    }
    assertThat(read).isGreaterThan(TEXTS);
  }

  @Test
  void numbersThatAreTooLongOrTooShortAreNoFormOfTheirs() {
    Clue clue = Clue.digits(11, 11, " ");

    assertThat(placesOf(clue, "12345678901", "12 345 678 901", "7 12 345 678 901"))
        .doesNotContainNull();
    assertThat(placesOf(clue, "123456789012", "1234567890", "12  345 678 901", "123456 123456"))
        .containsOnlyNulls();
  }

  private static List<Clue.@Nullable Place> placesOf(Clue clue, String... runs) {
    List<Clue.@Nullable Place> places = new ArrayList<>();
    for (String run : runs) {
      places.add(clue.at(run, 0, 0, run.length()));
    }
    return places;
  }
}
