// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.FileOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares what the client counts with what the tool that kept these sessions counted.
///
/// They agree to the token. What differs is named below, with the reason.
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
    List<Path> records;
    try (var all = Files.list(Objects.requireNonNull(real))) {
      records = all.filter(path -> path.toString().endsWith(".metadata.json")).sorted().toList();
    }

    int withUsage = 0;
    int files = 0;
    List<String> notEdited = new ArrayList<>();
    for (Path record : records) {
      Path transcript = Path.of(record.toString().replace(".metadata.json", ".full.jsonl"));
      JsonNode kept = JSON.readTree(Files.readString(record));
      Counted counted = count(Samples.read(transcript));
      JsonNode usage = kept.path("token_usage");
      if (usage.path("api_call_count").asInt(0) > 0) {
        withUsage++;
        assertThat(counted.usage())
            .as("usage of %s", record.getFileName())
            .isEqualTo(
                new Tokens(
                    usage.path("api_call_count").asInt(0) - syntheticAnswers(transcript),
                    usage.path("input_tokens").asLong(0),
                    usage.path("output_tokens").asLong(0),
                    usage.path("cache_read_tokens").asLong(0),
                    usage.path("cache_creation_tokens").asLong(0)));
      }
      for (JsonNode file : kept.path("files_touched")) {
        files++;
        if (!counted.edited().contains(file.asString())) {
          notEdited.add(file.asString());
        }
      }
    }

    System.out.printf(
        "Golden counts: %d sessions, %d with usage, all equal; %d of %d touched files were edited.%n",
        records.size(), withUsage, files - notEdited.size(), files);
    assertThat(withUsage).isPositive();
    assertThat(notEdited)
        .containsExactlyInAnyOrder(
            // The engineer rejected the only edit of it; it was changed outside the session.
            "cmd/entire/cli/integration_test/agent_test.go",
            // No tool of the session wrote it: results and answers only speak of it.
            "docs/requirements/soph-chunking/review-01.md");
  }

  /// Rows that the tool made up to show an error count as a call over there; nobody answered, so
  /// they do not here.
  private static int syntheticAnswers(Path transcript) throws IOException {
    int synthetic = 0;
    for (String line : Files.readAllLines(transcript)) {
      if (JSON.readTree(line).path("message").path("model").asString("").equals("<synthetic>")) {
        synthetic++;
      }
    }
    return synthetic;
  }

  private record Tokens(int calls, long input, long output, long cacheRead, long cacheCreation) {}

  private record Counted(Tokens usage, Set<String> edited) {}

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
    return new Counted(new Tokens(calls, input, output, cacheRead, cacheCreation), edited);
  }
}
