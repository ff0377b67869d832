// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrammarTest {

  /// The grammar as the other layers write it down.
  private static final Pattern WRITTEN =
      Pattern.compile(
          "\\[(?:code|diff|stack trace|output|data|text) removed"
              + "(?:, [0-9]{1,6} (?:lines|files|line|file))?(?:, [a-z0-9 ]{1,20}|, too long)?\\]"
              + "|\\[secret removed(?:, [a-z0-9 ]{1,32})?\\]"
              + "|\\[personal data removed\\]"
              + "|\\[(?:path|name|link)\\]");

  private static final String[] PIECES = {
    "code removed",
    "diff removed",
    "stack trace removed",
    "output removed",
    "data removed",
    "text removed",
    "secret removed",
    "personal data removed",
    "path",
    "name",
    "link",
    ", ",
    ",",
    " ",
    "14",
    "1",
    "1234567",
    " lines",
    " line",
    " files",
    " file",
    "java",
    "too long",
    "A",
    "-",
    "github token",
    "abcdefghijklmnopqrst",
    "]",
    "["
  };

  @Test
  void whatIsAPlaceholderIsTheSameAsInTheOtherLayers() {
    Random random = new Random(5);
    int some = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder("[");
      for (int k = random.nextInt(5); k >= 0; k--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      text.append(']');
      int close = text.indexOf("]") + 1;
      boolean written = close <= 65 && WRITTEN.matches(text.substring(0, close));
      some += written ? 1 : 0;

      assertThat(Grammar.endOfPlaceholder(text.toString(), 0) == close)
          .as("%s", text)
          .isEqualTo(written);
    }
    assertThat(some).isGreaterThan(2_000);
  }

  @Test
  void whatTheRedactorWritesIsOne() {
    for (Placeholder placeholder :
        new Placeholder[] {
          Placeholder.lines(Removed.CODE, 14, "c plus plus"),
          Placeholder.lines(Removed.OUTPUT, 1, null),
          Placeholder.files(2),
          Placeholder.secret("national insurance number"),
          Placeholder.tooLong(),
          Placeholder.of(Removed.PATH)
        }) {
      String text = "see " + placeholder.render();

      assertThat(Grammar.endOfPlaceholder(text, 4)).isEqualTo(text.length());
    }
  }
}
