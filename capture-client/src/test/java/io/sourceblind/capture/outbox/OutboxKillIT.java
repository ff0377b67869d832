// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process adds to the outbox and is killed with -9 at random points.
class OutboxKillIT {

  private static final int TOGETHER = 7;

  @TempDir Path temporary;

  /// What the killed process does: says how many it has been promised are kept.
  public static void main(String[] args) throws IOException {
    int from = Integer.parseInt(args[1]);
    try (Outbox outbox = Outbox.open(new CaptureFolder(Path.of(args[0])), pause -> {})) {
      for (int kept = from; ; kept += TOGETHER) {
        System.out.println(kept);
        System.out.flush();
        outbox.add(Events.gaps(kept, TOGETHER));
      }
    }
  }

  @Test
  void whatWasPromisedIsThereAndNothingIsThereByHalves() throws Exception {
    Random random = new Random(3);
    CaptureFolder folder = new CaptureFolder(temporary.resolve("home"));
    int promised = 0;

    for (int life = 0; life < 8; life++) {
      Path said = temporary.resolve("said-" + life);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OutboxKillIT.class.getName(),
                  folder.path().toString(),
                  String.valueOf(promised))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      while (Files.readAllLines(said).size() < 2 && !process.waitFor(5, TimeUnit.MILLISECONDS)) {
        // Until it has kept something.
      }
      process.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      String whole = Files.readString(said);
      promised =
          whole
              .substring(0, whole.lastIndexOf('\n') + 1)
              .lines()
              .mapToInt(Integer::parseInt)
              .max()
              .orElse(promised);

      try (Outbox outbox = Outbox.open(folder, pause -> {})) {
        List<Outbox.Waiting> records = outbox.next(Integer.MAX_VALUE, 100_000_000);
        assertThat(records).hasSizeGreaterThanOrEqualTo(promised);
        assertThat(records).hasSize((int) outbox.waiting());
        assertThat(outbox.unreadable()).isZero();
        promised = records.size();
      }
    }
    assertThat(promised).isPositive();
  }
}
