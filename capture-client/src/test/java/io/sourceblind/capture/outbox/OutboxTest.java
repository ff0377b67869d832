// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Prose;
import io.sourceblind.events.RationaleTopic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {

  @TempDir Path temporary;
  private CaptureFolder folder = new CaptureFolder(Path.of("."));

  @BeforeEach
  void aFolderOfOurOwn() {
    folder = new CaptureFolder(temporary.resolve("home"));
  }

  @Test
  void whatIsAddedIsThereForTheNextProcess() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 3));
    }

    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      assertThat(outbox.waiting()).isEqualTo(3);
      assertThat(outbox.next(10, 1_000_000))
          .extracting(Outbox.Waiting::json)
          .allSatisfy(json -> assertThat(json).startsWith("{\"kind\":\"capture.gap\""));
    }
  }

  @Test
  void onlyItsUserMayLookInside() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 1));
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
        .isEqualTo("rwx------");
    try (var files = Files.list(folder.path())) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
  }

  @Test
  void halfARecordLeftByACrashIsDroppedAndTheRestIsKept() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 2));
    }
    Files.writeString(folder.file(Outbox.QUEUE), "{\"kind\":\"capt", StandardOpenOption.APPEND);

    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(2, 1));

      assertThat(outbox.waiting()).isEqualTo(3);
      assertThat(outbox.next(10, 1_000_000))
          .allSatisfy(record -> assertThat(WireJson.read(record.json()).has("event_id")).isTrue());
    }
  }

  @Test
  void aFullDiskLosesNothingAndLeavesNoHalfRecord() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 2));
    }

    try (Outbox full = new Outbox(folder, OutboxTest::halfOfIt, pause -> {}, 1_000_000)) {
      assertThatThrownBy(() -> full.add(Events.gaps(2, 5)))
          .isInstanceOf(OutboxFailure.class)
          .hasMessageContaining("Free some space");
    }

    assertThat(Files.readString(folder.file(Outbox.QUEUE))).endsWith("\n");
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      assertThat(outbox.waiting()).isEqualTo(2);
    }
  }

  private static void halfOfIt(FileChannel channel, ByteBuffer bytes) throws IOException {
    bytes.limit(bytes.limit() / 2);
    channel.write(bytes);
    throw new IOException("No space left on device");
  }

  @Test
  void whatIsCrossedOffDoesNotComeBack() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 5));
      outbox.done(outbox.next(2, 1_000_000).get(1).end());
    }

    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      assertThat(outbox.waiting()).isEqualTo(3);
      assertThat(outbox.next(1, 1_000_000).get(0).json()).contains("\"seq\":2");
    }
  }

  @Test
  void aQueueThatWasEmptiedButNotNotedStartsAnew() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 5));
      outbox.done(outbox.next(2, 1_000_000).get(1).end());
    }
    // The crash: the file is empty, the position is still the old one.
    Files.writeString(folder.file(Outbox.QUEUE), "");

    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(7, 6));

      assertThat(outbox.waiting()).isEqualTo(6);
    }
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      assertThat(outbox.waiting()).isEqualTo(6);
    }
  }

  @Test
  void aBatchKeepsWithinItsBytes() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 100));
      int one = WireJson.line(Events.gaps(0, 1).get(0)).length() + 1;

      assertThat(outbox.next(500, one * 10)).hasSizeBetween(9, 10);
      assertThat(outbox.next(7, 1_000_000)).hasSize(7);
    }
  }

  @Test
  void proseThatTheRedactorDidNotMakeIsNotTaken() throws IOException {
    Prose forged = () -> "int x = 1;";
    CapturedEvent event =
        new CapturedEvent.RationaleRecorded(Events.envelope(0), forged, RationaleTopic.NOTE);

    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      assertThatThrownBy(() -> outbox.add(List.of(event)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(outbox.waiting()).isZero();
    }
  }

  @Test
  void whoeverComesSecondIsToldSoAndMayStillLook() throws IOException {
    try (Outbox first = Outbox.open(folder, pause -> {})) {
      first.add(Events.gaps(0, 2));

      assertThatThrownBy(() -> new Outbox(folder, Outbox.Disk.REAL, pause -> {}, 1_000_000))
          .isInstanceOf(Unusable.class)
          .hasMessage("Another capture is sending; try again later.");
      assertThat(Outbox.look(folder).waiting()).isEqualTo(2);
    }
  }

  @Test
  void aLongUnfinishedRecordIsDroppedAtOnceAndThatIsSaid() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 2));
      assertThat(outbox.droppedUnfinished()).isFalse();
    }
    Files.writeString(folder.file(Outbox.QUEUE), "x".repeat(30_000_000), StandardOpenOption.APPEND);

    long before = System.nanoTime();
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      assertThat(outbox.droppedUnfinished()).isTrue();
      assertThat(outbox.waiting()).isEqualTo(2);
    }
  }

  @Test
  void whereNoNewFileCanBeMadeTheOldPositionIsWrittenOver() throws IOException {
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(Events.gaps(0, 12));
      Files.createDirectories(folder.file(Outbox.POSITION + ".part").resolve("in the way"));
      outbox.done(outbox.next(11, 1_000_000).get(10).end());
    }

    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      assertThat(outbox.waiting()).isEqualTo(1);
    }
  }

  @Test
  void aFolderOfSomeoneElseIsLeftAsItIs() throws IOException {
    Path theirs = Files.createDirectory(temporary.resolve("theirs"));
    Files.writeString(theirs.resolve("holiday.txt"), "sea");
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatThrownBy(() -> Outbox.open(new CaptureFolder(theirs), pause -> {}))
        .isInstanceOf(Unusable.class);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(theirs)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void filesOfOursThatStandOpenAreClosedAndLinksAreNotFollowed() throws IOException {
    Outbox.open(folder, pause -> {}).close();
    Files.setPosixFilePermissions(
        folder.file(Outbox.QUEUE), PosixFilePermissions.fromString("rw-r--r--"));

    Outbox.open(folder, pause -> {}).close();

    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file(Outbox.QUEUE))))
        .isEqualTo("rw-------");
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "x\n");
    Files.delete(folder.file(Outbox.QUEUE));
    Files.createSymbolicLink(folder.file(Outbox.QUEUE), elsewhere);
    assertThatThrownBy(() -> Outbox.open(folder, pause -> {})).isInstanceOf(Unusable.class);
    assertThat(Files.readString(elsewhere)).isEqualTo("x\n");
  }

  @Test
  void aFullOutboxKeepsTheOldestAndCountsTheRest() throws IOException {
    int line = WireJson.line(Events.gaps(0, 1).get(0)).length() + 1;

    try (Outbox outbox = new Outbox(folder, Outbox.Disk.REAL, pause -> {}, line * 3L)) {
      outbox.add(Events.gaps(0, 5));
      outbox.add(Events.gaps(5, 4));

      assertThat(outbox.next(10, 1_000_000))
          .extracting(Outbox.Waiting::json)
          .satisfiesExactly(
              json -> assertThat(json).contains("\"seq\":0"),
              json -> assertThat(json).contains("\"seq\":1"),
              json -> assertThat(json).contains("\"seq\":2"));
      assertThat(outbox.overflow()).isEqualTo(new Outbox.Overflow(6, Events.AT));
    }
  }

  @Test
  void whatDidNotFitIsToldAsAGapOnceThereIsRoom() throws IOException {
    int line = WireJson.line(Events.gaps(0, 1).get(0)).length() + 1;

    try (Outbox outbox = new Outbox(folder, Outbox.Disk.REAL, pause -> {}, line * 3L)) {
      outbox.add(Events.gaps(0, 5));
      outbox.tellOverflow(OutboxTest::gap);
      assertThat(outbox.waiting()).isEqualTo(3);

      outbox.done(outbox.next(3, 1_000_000).get(2).end());
      outbox.tellOverflow(OutboxTest::gap);
      outbox.tellOverflow(OutboxTest::gap);

      assertThat(outbox.next(10, 1_000_000))
          .singleElement()
          .satisfies(record ->
              assertThat(record.json())
                  .contains("\"reason\":\"dropped_overflow\"")
                  .contains("\"count\":2"));
      assertThat(outbox.overflow()).isNull();
    }
  }

  private static CapturedEvent gap(Outbox.Overflow dropped) {
    return new CapturedEvent.CaptureGap(
        Events.envelope(9), GapReason.DROPPED_OVERFLOW, (int) dropped.count(), null);
  }
}
