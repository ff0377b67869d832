// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir Path temporary;
  private CaptureFolder folder = new CaptureFolder(Path.of("."));

  @BeforeEach
  void threeBatches() throws IOException {
    folder = new CaptureFolder(temporary.resolve("home"));
    for (String sent : List.of("a\n", "b\nc\n", "d\n")) {
      Journal.add(folder, Outbox.Disk.REAL, Events.AT, sent);
    }
  }

  private Journal.Verdict verdict() throws IOException {
    return Journal.read(folder, batch -> {});
  }

  private void change(String from, String to) throws IOException {
    Path file = folder.file(Journal.FILE);
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void everyBatchIsThereAsItLeft() throws IOException {
    List<String> sent = new ArrayList<>();

    Journal.Verdict verdict = Journal.read(folder, batch -> sent.add(batch.sent()));

    assertThat(verdict).isEqualTo(new Journal.Verdict(3, 4, null));
    assertThat(sent).containsExactly("a\n", "b\nc\n", "d\n");
  }

  @Test
  void aBatchThatWasChangedIsFound() throws IOException {
    change("b\\nc\\n", "b\\nx\\n");

    assertThat(verdict().broken()).contains("behind number 1");
  }

  @Test
  void aBatchThatWasChangedWithItsHashIsFoundByTheNext() throws IOException {
    change("b\\nc\\n", "b\\nx\\n");
    change(Journal.hash("b\nc\n"), Journal.hash("b\nx\n"));

    assertThat(verdict().broken()).contains("behind number 2");
  }

  @Test
  void aBatchThatWasTakenOutIsFound() throws IOException {
    Path file = folder.file(Journal.FILE);
    List<String> lines = Files.readAllLines(file);
    Files.write(file, List.of(lines.get(0), lines.get(2)));

    assertThat(verdict().broken()).contains("behind number 1");
  }

  @Test
  void halfAnEntryThatACrashLeftIsDroppedByTheNext() throws IOException {
    Files.writeString(folder.file(Journal.FILE), "{\"number\":4", StandardOpenOption.APPEND);

    Journal.add(folder, Outbox.Disk.REAL, Events.AT, "e\n");

    assertThat(verdict()).isEqualTo(new Journal.Verdict(4, 5, null));
  }

  @Test
  void theChainGoesOnFromTheOlderFile() throws IOException {
    Files.move(folder.file(Journal.FILE), folder.file(Journal.OLDER));

    Journal.add(folder, Outbox.Disk.REAL, Events.AT, "e\n".repeat(100_000));
    Journal.add(folder, Outbox.Disk.REAL, Events.AT, "f\n");

    assertThat(verdict()).isEqualTo(new Journal.Verdict(5, 100_005, null));
  }
}
