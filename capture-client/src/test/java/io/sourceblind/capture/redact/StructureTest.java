// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each guard of the redactor does something that no other does for it.
class StructureTest {

  static List<Guard> guards() {
    return Guard.all();
  }

  @Test
  void everyStructureHasAProof() {
    assertThat(Guard.structures())
        .extracting(Guard::name)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Structure.values()).map(Structure::name).toList());
  }

  @ParameterizedTest
  @MethodSource("guards")
  void withAllGuardsOnlyProseIsLeft(Guard guard) {
    String left = new Redactor(Budget.unlimited()).redact(guard.text()).prose().text();

    assertThat(left).isEqualTo(guard.left());
  }

  /// The twin, for each.
  @ParameterizedTest
  @MethodSource("guards")
  void withoutOneOfThemItIsNot(Guard guard) {
    String left = guard.off().redact(guard.text()).prose().text();

    assertThat(left).isNotEqualTo(guard.left());
  }

  /// Without its scanner the words of a structure leave.
  @ParameterizedTest
  @MethodSource("io.sourceblind.capture.redact.Guard#structures")
  void withoutItsScannerMoreLeaves(Guard guard) {
    String left = guard.off().redact(guard.text()).prose().text();

    assertThat(wordsOf(left)).containsAll(wordsOf(guard.left()));
    assertThat(wordsOf(left)).hasSizeGreaterThan(wordsOf(guard.left()).size());
  }

  /// Without the projection nothing leaves at all: plain prose is made of plain prose only.
  @Test
  void whatIsNotProjectedBecomesAPlaceholderAsAWhole() {
    Guard projection =
        Guard.all().stream()
            .filter(guard -> guard.name().equals("PROJECTION"))
            .findFirst()
            .orElseThrow();

    assertThat(projection.off().redact(projection.text()).prose().text())
        .isEqualTo("[text removed]");
  }

  private static List<String> wordsOf(String text) {
    return Stream.of(text.replaceAll("\\[[^\\]]*\\]", " ").split("\\W+", -1))
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }
}
