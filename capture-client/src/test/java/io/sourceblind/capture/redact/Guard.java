// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// For each guard of the redactor a text in which it alone keeps something back, or alone lets
/// something through: for a structure words of ordinary sentences, which neither the model nor the
/// projection minds; for the model prose that stands in source; for the projection the sentences
/// around names and paths, which without it no {@link PlainProse} can be made of.
public record Guard(String name, String text, String left) {

  private static final String MODEL = "MODEL";
  private static final String PROJECTION = "PROJECTION";

  public static List<Guard> all() {
    return Stream.concat(
            STRUCTURES.stream(),
            Stream.of(
                new Guard(
                    MODEL,
                    "can you help\n\nport map clk clk rst rst\nsignal busy std logic\nwait until busy\nend process\n",
                    "can you help. [code removed, 4 lines]"),
                new Guard(
                    PROJECTION,
                    "Please see src/main/App.java about max_retry_count and tell me what we should do with it.",
                    "Please see [path] about [name] and tell me what we should do with it.")))
        .toList();
  }

  static List<Guard> structures() {
    return STRUCTURES;
  }

  /// A redactor without this guard.
  public Redactor off() {
    return switch (name) {
      case MODEL -> new Redactor(Budget.unlimited(), null);
      case PROJECTION -> new Redactor(Budget.unlimited(), Model.shipped(), Set.of(), false);
      default ->
          new Redactor(Budget.unlimited(), Model.shipped(), Set.of(Structure.valueOf(name)), true);
    };
  }

  @Override
  public String toString() {
    return name;
  }

  private static final List<Guard> STRUCTURES =
      List.of(
          new Guard(
              "FENCE",
              "look at this\n```\nplease tell me why we want to have it\nand thank you for all of the help\n```\nthanks for it",
              "look at this. [code removed, 4 lines] thanks for it."),
          new Guard(
              "ELEMENT",
              "look at this\n<document>\nwe think that the plan is good\n</document>\nthanks for it",
              "look at this. [code removed, 3 lines] thanks for it."),
          new Guard(
              "HERE_DOCUMENT",
              "what does it do?\ncat <<EOF\nplease tell them that we will be late\nEOF\nand what then?",
              "what does it do? [code removed, 3 lines, shell] and what then?"),
          new Guard(
              "DIFF",
              "is this right?\n@@ -1,2 +1,2 @@\n-we think that this is good for them\n+we think that this is better for them\n",
              "is this right? [diff removed, 1 file]"),
          new Guard(
              "STACK_TRACE",
              "it fails\nTraceback (most recent call last):\n  File \"/srv/app/main.py\", line 3, in run\n    we tell them that it is late\nValueError: no\n\nwhy is that?",
              "it fails. [stack trace removed] why is that?"),
          new Guard(
              "DIAGNOSTIC",
              "what is it?\nsrc/app.py:12: warning: you have to tell them what it is\nwhy is that?",
              "what is it? [output removed, 1 line] why is that?"),
          new Guard(
              "SHELL_SESSION",
              "what is it?\n$ say that we are late\n\nwhy is that?",
              "what is it? [output removed, 1 line] why is that?"),
          new Guard(
              "TOOL_SCREEN",
              "what is it?\n\u23bf we have told them that it is late\n\nwhy is that?",
              "what is it? [output removed, 1 line] why is that?"),
          new Guard(
              "COMMENT",
              "what is it?\n/* we tell them that it is late\n   and then we do it for them */\n\nwhy is that?",
              "what is it? [code removed, 2 lines] why is that?"),
          new Guard(
              "DATA",
              "what is it?\nAnton Weber,Berlin,summer menu,nice\nClara Rossi,Rome,winter menu,good\nOliver Hansen,Oslo,spring menu,new\n\nwhy is that?",
              "what is it? [data removed, 3 lines] why is that?"));
}
