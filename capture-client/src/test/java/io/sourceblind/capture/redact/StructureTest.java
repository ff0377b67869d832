// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// For each structure a text that only its scanner keeps from leaving: the words in it are those of
/// sentences, so neither the model nor the projection minds them.
class StructureTest {

  /// @param text what somebody pastes
  /// @param words what stands in the structure
  /// @param left what becomes of the text
  private record Proof(String text, String words, String left) {}

  private static final Map<Structure, Proof> PROOFS = new EnumMap<>(Structure.class);

  static {
    PROOFS.put(
        Structure.FENCE,
        new Proof(
            "look at this\n```\nplease tell me why we want to have it\nand thank you for all of the help\n```\nthanks for it",
            "tell me why we want",
            "look at this. [code removed, 4 lines] thanks for it."));
    PROOFS.put(
        Structure.ELEMENT,
        new Proof(
            "look at this\n<document>\nwe think that the plan is good\n</document>\nthanks for it",
            "that the plan is good",
            "look at this. [code removed, 3 lines] thanks for it."));
    PROOFS.put(
        Structure.HERE_DOCUMENT,
        new Proof(
            "what does it do?\ncat <<EOF\nplease tell them that we will be late\nEOF\nand what then?",
            "that we will be late",
            "what does it do? [code removed, 3 lines, shell] and what then?"));
    PROOFS.put(
        Structure.DIFF,
        new Proof(
            "is this right?\n@@ -1,2 +1,2 @@\n-we think that this is good for them\n+we think that this is better for them\n",
            "this is good for them",
            "is this right? [diff removed, 1 file]"));
    PROOFS.put(
        Structure.STACK_TRACE,
        new Proof(
            "it fails\nTraceback (most recent call last):\n  File \"/srv/app/main.py\", line 3, in run\n    we tell them that it is late\nValueError: no\n\nwhy is that?",
            "most recent call",
            "it fails. [stack trace removed] why is that?"));
    PROOFS.put(
        Structure.DIAGNOSTIC,
        new Proof(
            "what is it?\nsrc/app.py:12: warning: you have to tell them what it is\nwhy is that?",
            "you have to tell them",
            "what is it? [output removed, 1 line] why is that?"));
    PROOFS.put(
        Structure.SHELL_SESSION,
        new Proof(
            "what is it?\n$ say that we are late\n\nwhy is that?",
            "that we are late",
            "what is it? [output removed, 1 line] why is that?"));
    PROOFS.put(
        Structure.TOOL_SCREEN,
        new Proof(
            "what is it?\n\u23bf we have told them that it is late\n\nwhy is that?",
            "told them that it is late",
            "what is it? [output removed, 1 line] why is that?"));
    PROOFS.put(
        Structure.COMMENT,
        new Proof(
            "what is it?\n/* we tell them that it is late\n   and then we do it for them */\n\nwhy is that?",
            "tell them that it is late",
            "what is it? [code removed, 2 lines] why is that?"));
    PROOFS.put(
        Structure.DATA,
        new Proof(
            "what is it?\nAnton Weber,Berlin,summer menu,nice\nClara Rossi,Rome,winter menu,good\nOliver Hansen,Oslo,spring menu,new\n\nwhy is that?",
            "summer menu",
            "what is it? [data removed, 3 lines] why is that?"));
  }

  @Test
  void everyStructureHasAProof() {
    assertThat(PROOFS).containsOnlyKeys(Structure.values());
  }

  @Test
  void whatStandsInAStructureDoesNotLeaveWhateverItsWords() {
    PROOFS.forEach((structure, proof) -> {
      String left = new Redactor(Budget.unlimited()).redact(proof.text()).prose().text();

      assertThat(proof.text()).as(structure.name()).contains(proof.words());
      assertThat(left).as(structure.name()).isEqualTo(proof.left());
    });
  }

  /// The twin, for each: without its scanner the words leave.
  @Test
  void withoutItsScannerItLeaves() {
    PROOFS.forEach((structure, proof) -> {
      Redactor without = new Redactor(Budget.unlimited(), Model.shipped(), EnumSet.of(structure));

      assertThat(without.redact(proof.text()).prose().text())
          .as(structure.name())
          .contains(proof.words());
    });
  }

  /// And without the projection, too: what the stages before it keep is no prose yet.
  @Test
  void whatTheStagesBeforeKeepIsOnlyProseOnceItIsProjected() {
    String text =
        "Please see src/main/App.java about max_retry_count and tell me what we should do with it.";

    String kept =
        Redactor.scanned(text).stream()
            .filter(Line::isOpen)
            .map(line -> line.text)
            .findFirst()
            .orElse("");

    assertThat(kept).isEqualTo(text);
    assertThat(
            new Redactor(Budget.unlimited(), Model.shipped(), Set.of()).redact(text).prose().text())
        .isEqualTo("Please see [path] about [name] and tell me what we should do with it.");
  }
}
