// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {

  /// A documentation comment that lost its signs, between the functions it speaks of.
  private static final String COMMENTED =
      """
      what is wrong here?

      fn park(port: Port) {
          let waiting = port.queue();
          waiting.push(current());
      }

      Writes to the port will park until the value is written
      and the queue is empty again

      fn wake(port: Port) {
          port.pop();
      }
      """;

  /// A language that is made of words.
  private static final String WORDS =
      """
      can you help

      port map clk clk rst rst
      signal busy std logic
      wait until busy
      end process
      """;

  @TempDir Path folder;

  private static byte[] file(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Model.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }

  @Test
  void theShippedModelIsTheOneItsHashWasWrittenDownFor() throws IOException {
    assertThat(Model.hash(file("redactor.model")))
        .isEqualTo(new String(file("redactor.model.sha256"), StandardCharsets.US_ASCII).strip());
    assertThat(file("redactor.model")).hasSizeLessThan(40_000);
  }

  @Test
  void anotherFileIsNoModel() throws IOException {
    byte[] shipped = file("redactor.model");
    byte[] other = shipped.clone();
    other[3]++;

    assertThatThrownBy(() -> Model.read(other)).hasMessageContaining("no model");
    assertThatThrownBy(() -> Model.read(Arrays.copyOf(shipped, 1_000)))
        .hasMessageContaining("cut off");
    assertThat(Model.read(shipped).write()).isEqualTo(shipped);
  }

  @Test
  void aCommentWithoutSignsGoesWithTheSourceAroundIt() {
    String text = new Redactor(Budget.unlimited()).redact(COMMENTED).prose().text();

    assertThat(text).contains("what is wrong here?").doesNotContain("until the value is written");
  }

  @Test
  void sourceThatIsMadeOfWordsIsTaken() {
    String text = new Redactor(Budget.unlimited()).redact(WORDS).prose().text();

    assertThat(text).contains("can you help").doesNotContain("port map").doesNotContain("busy");
  }

  /// The twin: without the model both get through.
  @Test
  void withoutTheModelBothGetThrough() {
    Redactor rulesAlone = new Redactor(Budget.unlimited(), null);

    assertThat(rulesAlone.redact(COMMENTED).prose().text()).contains("until the value is written");
    assertThat(rulesAlone.redact(WORDS).prose().text()).contains("port map");
  }

  @Test
  void trainingAgainGivesTheSameModel() throws IOException {
    Path cases = folder.resolve("cases.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(
          "{\"id\":\"c%d\",\"text\":\"please look at this number %d\\n\\nint a%d = b(%d);\",\"source_lines\":[\"int a%d = b(%d);\"],\"prose_sentences\":[\"please look at this number %d\"],\"provenance\":\"r%d@1\"}%n"
              .formatted(i, i, i, i, i, i, i, i % 7));
    }
    Files.writeString(cases, lines);

    for (String name : new String[] {"one", "two"}) {
      RedactorTrainer.main(
          new String[] {folder.resolve(name).toString(), "-1", "1", "/dev/null", cases.toString()});
    }

    assertThat(folder.resolve("one/redactor.model"))
        .hasSameBinaryContentAs(folder.resolve("two/redactor.model"));
  }
}
