// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.events.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldEventsTest {

  @TempDir Path temporary;
  private CaptureFolder folder = new CaptureFolder(Path.of("."));
  private long line;

  @BeforeEach
  void howLongALineIs() throws IOException {
    folder = new CaptureFolder(temporary.resolve("home"));
    try (HeldEvents held = HeldEvents.open(folder)) {
      hold(held, 1);
      line = Files.size(folder.file(HeldEvents.FILE));
      held.remove(held.all());
    }
  }

  private static void hold(HeldEvents held, int number) throws IOException {
    held.hold(Events.AT, new Ref(1, 2), Events.gaps(number, 1));
  }

  private static List<UUID> ids(HeldEvents held) {
    return held.all().stream().map(HeldEvents.Held::id).toList();
  }

  @Test
  void aFileMostOfWhichHasGoneOnMakesRoom() throws IOException {
    List<UUID> kept;
    try (HeldEvents held = HeldEvents.open(folder, 3 * line)) {
      hold(held, 1);
      hold(held, 2);
      hold(held, 3);
      held.remove(held.all().subList(0, 2));

      hold(held, 4);

      kept = ids(held);
      assertThat(kept).hasSize(2);
      assertThat(held.dropped()).isNull();
    }
    try (HeldEvents again = HeldEvents.open(folder)) {
      assertThat(ids(again)).isEqualTo(kept);
    }
  }

  @Test
  void whatDoesNotFitIsCountedUntilItIsTold() throws IOException {
    try (HeldEvents held = HeldEvents.open(folder, 3 * line)) {
      for (int number = 1; number <= 5; number++) {
        hold(held, number);
      }

      assertThat(held.all()).hasSize(3);
      assertThat(held.dropped()).isEqualTo(new Outbox.Overflow(2, Events.AT));
      held.told(new Outbox.Overflow(2, Events.AT));
      assertThat(held.dropped()).isNull();
    }
  }
}
