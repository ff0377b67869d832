// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.FileOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares what the client counts with what the tool that kept these sessions counted.
///
/// Where they cannot agree: that tool counts one checkpoint, which may begin in the middle of the
/// transcript, so it may count less; and a file that was changed by a command, or by hand before
/// the commit, is in its list and in no record of an edit.
class GoldenCountsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void usageAndFilesAgreeWithTheRecordsKeptBesideRealSessions() throws IOException {
    Path real =
        Samples.real()
            .map(folder -> folder.resolve("entireio__cli"))
            .filter(Files::isDirectory)
            .orElse(null);
    assumeTrue(
        real != null,
        "There are no real sessions here; name their folder with -Dsourceblind.shared");
    int sessions = 0;
    int withUsage = 0;
    int sameUsage = 0;
    int lessUsage = 0;
    int files = 0;
    int found = 0;
    StringBuilder report = new StringBuilder();
    List<Path> records;
    try (var all = Files.list(Objects.requireNonNull(real))) {
      records = all.filter(path -> path.toString().endsWith(".metadata.json")).sorted().toList();
    }
    for (Path record : records) {
      Path transcript = Path.of(record.toString().replace(".metadata.json", ".full.jsonl"));
      JsonNode kept = JSON.readTree(Files.readString(record));
      Counted counted = count(Samples.read(transcript));
      sessions++;
      JsonNode usage = kept.get("token_usage");
      if (usage != null && usage.path("api_call_count").asInt(0) > 0) {
        withUsage++;
        long theirs = usage.path("cache_read_tokens").asLong(0);
        sameUsage += theirs == counted.cacheRead ? 1 : 0;
        lessUsage += theirs < counted.cacheRead ? 1 : 0;
        report
            .append(record.getFileName())
            .append(": calls ")
            .append(usage.path("api_call_count").asInt(0))
            .append(" / ")
            .append(counted.calls)
            .append(", input ")
            .append(usage.path("input_tokens").asLong(0))
            .append(" / ")
            .append(counted.input)
            .append(", cache read ")
            .append(theirs)
            .append(" / ")
            .append(counted.cacheRead)
            .append(", cache creation ")
            .append(usage.path("cache_creation_tokens").asLong(0))
            .append(" / ")
            .append(counted.cacheCreation)
            .append(", output ")
            .append(usage.path("output_tokens").asLong(0))
            .append(" / ")
            .append(counted.output)
            .append('\n');
        // Never less than they saw: nothing is lost, and deduplicated, nothing is counted twice.
        assertThat(counted.cacheRead)
            .as("cache read of %s", record.getFileName())
            .isGreaterThanOrEqualTo(theirs);
      }
      for (JsonNode file : kept.path("files_touched")) {
        files++;
        boolean here = counted.edited.contains(file.asString());
        found += here ? 1 : 0;
        if (!here) {
          report
              .append(record.getFileName())
              .append(": not edited in the transcript: a file of theirs\n");
        }
      }
    }
    System.out.printf(
        "Golden counts: %d sessions; usage the same in %d of %d, ours larger in %d; %d of %d files touched found.%n%s",
        sessions, sameUsage, withUsage, lessUsage, found, files, report);

    assertThat(sessions).isPositive();
    assertThat(found * 10)
        .as("nine of ten files they list were seen being edited")
        .isGreaterThanOrEqualTo(files * 5);
  }

  private record Counted(
      int calls, long input, long output, long cacheRead, long cacheCreation, Set<String> edited) {}

  private static Counted count(List<CapturedEvent> events) {
    int calls = 0;
    long input = 0;
    long output = 0;
    long cacheRead = 0;
    long cacheCreation = 0;
    Set<String> edited = new HashSet<>();
    for (CapturedEvent event : events) {
      if (event instanceof CapturedEvent.ModelUsed used) {
        calls++;
        input += used.inputTokens();
        output += used.outputTokens();
        cacheRead += used.cacheReadTokens();
        cacheCreation += used.cacheCreationTokens();
      } else if (event instanceof CapturedEvent.FileTouched file
          && file.op() != FileOperation.READ
          && file.path() != null) {
        edited.add(file.path());
      }
    }
    return new Counted(calls, input, output, cacheRead, cacheCreation, edited);
  }
}
