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
      add(sent);
    }
  }

  private void add(String sent) throws IOException {
    Journal.leaving(folder, Outbox.Disk.REAL, Events.AT, sent);
    Journal.answered(folder, Outbox.Disk.REAL, Events.AT);
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

    assertThat(verdict).isEqualTo(new Journal.Verdict(1, 3, 4, 0, null));
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
    change(Sha256.of("b\nc\n"), Sha256.of("b\nx\n"));

    assertThat(verdict().broken()).contains("behind number 2");
  }

  @Test
  void aBatchThatWasTakenOutIsFound() throws IOException {
    Path file = folder.file(Journal.FILE);
    List<String> lines = Files.readAllLines(file);
    Files.write(file, List.of(lines.get(0), lines.get(1), lines.get(4), lines.get(5)));

    assertThat(verdict().broken()).contains("behind number 1");
  }

  @Test
  void halfAnEntryThatACrashLeftIsDroppedByTheNext() throws IOException {
    Files.writeString(folder.file(Journal.FILE), "{\"number\":4", StandardOpenOption.APPEND);

    add("e\n");

    assertThat(verdict()).isEqualTo(new Journal.Verdict(1, 4, 5, 0, null));
  }

  @Test
  void theChainGoesOnFromTheOlderFile() throws IOException {
    Files.move(folder.file(Journal.FILE), folder.file(Journal.OLDER));

    add("e\n".repeat(100_000));
    add("f\n");

    assertThat(verdict()).isEqualTo(new Journal.Verdict(1, 5, 100_005, 0, null));
  }

  @Test
  void theSameBytesOnTheirNextAttemptAreOneBatchAndCountOnlyWhenAnswered() throws IOException {
    for (int attempt = 0; attempt < 3; attempt++) {
      Journal.leaving(folder, Outbox.Disk.REAL, Events.AT, "e\n");
    }

    assertThat(verdict()).isEqualTo(new Journal.Verdict(1, 3, 4, 1, null));
    Journal.answered(folder, Outbox.Disk.REAL, Events.AT);
    assertThat(verdict()).isEqualTo(new Journal.Verdict(1, 4, 5, 0, null));
    assertThat(Files.readAllLines(folder.file(Journal.FILE))).hasSize(8);
  }

  @Test
  void aJournalWithoutItsEndIsFound() throws IOException {
    Path file = folder.file(Journal.FILE);
    Files.write(file, Files.readAllLines(file).subList(0, 4));

    assertThat(verdict().broken()).contains("The end of this journal");
  }

  @Test
  void aJournalWithoutTheNoteOfItsEndIsFound() throws IOException {
    Files.delete(folder.file(Journal.END));

    assertThat(verdict().broken()).contains("The end of this journal");
  }

  @Test
  void aCrashBeforeTheNoteOfTheEndBreaksNothing() throws IOException {
    String before = Files.readString(folder.file(Journal.END));
    add("e\n");
    Files.writeString(folder.file(Journal.END), before);

    assertThat(verdict()).isEqualTo(new Journal.Verdict(1, 4, 5, 0, null));
  }
}
