// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillDrillIT {
  @Test
  void whatWasAcknowledgedOutlivesKillsAndACleanShutdown(@TempDir Path folder) throws Exception {
    var output = drill(folder, "3");

    assertThat(output)
        .contains(
            "value kill_rounds 3",
            "value acknowledged_events_lost 0",
            "value events_stored_twice 0",
            "value clean_shutdown_unanswered 0",
            "value other_broken_promises 0",
            "value planted_loss_found 1",
            "value planted_copy_found 1");
  }

  /// The twin: the same kill, of a database that acknowledges what it has not written.
  @Test
  void aDatabaseThatForgetsIsFoundOut(@TempDir Path folder) throws Exception {
    var output = drill(folder, "1", "--forgetful");

    assertThat(output).contains("value kill_rounds 1");
    assertThat(output)
        .filteredOn(line -> line.startsWith("value acknowledged_events_lost"))
        .singleElement()
        .isNotEqualTo("value acknowledged_events_lost 0");
  }

  @Test
  void aDrillThatIsInterruptedLeavesNothingBehind(@TempDir Path folder) throws Exception {
    var process = start(folder, "100");
    await().atMost(Duration.ofMinutes(2)).until(() -> !process.isAlive() || isUp(folder));

    process.destroy();
    process.waitFor();

    assertThat(isUp(folder)).isTrue();
    assertThat(output(folder)).noneMatch(line -> line.startsWith("value"));
    assertThatNothingIsLeftOf(folder);
  }

  private static List<String> drill(Path folder, String... arguments)
      throws IOException, InterruptedException {
    var exit = start(folder, arguments).waitFor();
    var lines = output(folder);
    assertThat(exit).as(String.join("\n", lines)).isZero();
    assertThatNothingIsLeftOf(folder);
    return lines;
  }

  private static Process start(Path folder, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KillDrill.class.getName(),
                Files.createDirectory(folder.resolve("work")).toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private static boolean isUp(Path folder) throws IOException {
    return output(folder).stream().anyMatch(line -> line.startsWith("up after"));
  }

  private static List<String> output(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("output"));
  }

  /// No folder, and no process: each of them names the folder, or has it as its place.
  private static void assertThatNothingIsLeftOf(Path folder) {
    assertThat(folder.resolve("work")).doesNotExist();
    assertThat(ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse("")))
        .noneMatch(command -> command.contains(folder.toString()));
  }
}
