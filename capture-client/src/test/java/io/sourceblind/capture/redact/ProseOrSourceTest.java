// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What decides where words alone do not: how lines stand together, and the marks of Markdown.
class ProseOrSourceTest {

  private static final Redactor REDACTOR = new Redactor(Budget.unlimited());

  private static String of(String raw) {
    return REDACTOR.redact(raw).prose().text();
  }

  @Test
  void whatIsIndentedAsAWholeWasCutOutOfSomething() {
    String typed =
        "Everything in this part is experimental, and subject\nto change or removal without notice.\n\nMany features of it depend on the details of the library.";

    String cut = typed.indent(2);

    assertThat(of(cut)).isEqualTo("[code removed, 3 lines]");
    assertThat(of(typed)).contains("Everything in this part is experimental");
  }

  @Test
  void aSentenceThatBeginsInSourceEndsThere() {
    String code = "def sum(values):\n    total = 0  # the sum of all of the values that\n";

    assertThat(
            of("what is this?\n\n" + code + "    have been given to it so far\n    return total"))
        .isEqualTo("what is this? [code removed, 4 lines]");
  }

  @Test
  void aWholeSentenceStaysWhateverItQuotes() {
    String sentence =
        "The key words \"MUST\", \"MUST NOT\", \"SHALL\", \"SHALL NOT\", \"MAY\", and \"OPTIONAL\" in this document are to be interpreted as it is said above.";

    assertThat(of(sentence)).contains("in this document are to be interpreted");
  }

  @Test
  void aDocumentationStringEndsWhereItIsClosedWhateverStandsInIt() {
    String text =
        "push it please\n\n@doc \"\"\"\nPrepends the second to the first.\n\nAll names must be unique within both of them.\n\n## Example\n\n    iex> A.new() |> A.run(:left)\n\n\"\"\"\n@spec prepend(t, t) :: t\n";

    assertThat(of(text)).contains("push it please").doesNotContain("All names must be unique");
  }

  @Test
  void linksOfADocumentAreReadByTheirWords() {
    assertThat(
            of(
                "Read this in other languages:\n[_English_](README.md),\n[_Deutsch_](README.de-DE.md)"))
        .isEqualTo("Read this in other languages: English, Deutsch.");
    assertThat(of("It has a [main specification][2] and some others."))
        .isEqualTo("It has a main specification and some others.");
    assertThat(of("Review: ([first pitch](https://forums.example.org/t/a/1)) and more of it."))
        .contains("first pitch [link]", "and more of it")
        .doesNotContain("code removed");
  }

  @Test
  void acallBehindAnIndexIsNoLink() {
    assertThat(Markup.withoutSureLinks("handlers[name](request, response)"))
        .isEqualTo("handlers[name](request, response)");
    assertThat(Markup.withoutSureLinks("see [the guide](docs/guide.md) first"))
        .isEqualTo("see the guide first");
    assertThat(Markup.withoutReferences("matrix[row][column] is set"))
        .isEqualTo("matrix[row][column] is set");
  }

  @Test
  void aCommandOfPowerShellIsSourceAndAHyphenatedWordIsNot() {
    assertThat(of("what does it do?\n\nGet-Content Test\nRemove-Item Build"))
        .doesNotContain("Content", "Build");
    assertThat(of("High-Level Overview\n\nwe think that this is what they want"))
        .contains("High-Level Overview");
  }

  @Test
  void whoWroteALineAndWhenGoesWithTheLine() {
    String blame =
        "so I tried this:\n\nfcfd8dcc (Dev Eloper 2024-01-10 10:00:00 +0100 12)   where it is one of:\n";

    assertThat(of(blame)).isEqualTo("so I tried this: [output removed, 1 line]");
    assertThat(of("the commit fcfd8dcc (from 2024-01-10) is what we want to have"))
        .contains("is what we want to have");
  }

  @Test
  void rowsOfNumbersAreData() {
    assertThat(
            of(
                "what is this table?\n0x04, 0x0a, 0x07, 0x09, 0x07, 0x40,\n0x20, 0x27, 0x04, 0x0c, 0x09, 0x36,"))
        .doesNotContain("0x0a", "0x27");
  }
}
