// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A session log as Claude Code writes it, row by row, source and all: what the capture client must
/// read and must not pass on.
final class Transcript {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final List<String> rows = new ArrayList<>();
  private final RandomGenerator random;
  private final String session;
  private final String folder;
  private Instant now;
  private @Nullable String parent;

  Transcript(RandomGenerator random, String folder, Instant start) {
    this.random = random;
    this.session = uuid();
    this.folder = folder;
    this.now = start.truncatedTo(ChronoUnit.MILLIS);
  }

  void prompt(String text) {
    after(Duration.ofSeconds(random.nextInt(20, 240)));
    row("user", Map.of("role", "user", "content", text), null, Map.of());
  }

  void answer(String text) {
    assistant(Map.of("type", "text", "text", text));
  }

  void read(String file, int lines) {
    var call = call("Read", Map.of("file_path", folder + "/" + file));
    result(
        call,
        "     1\tpackage demo;\n     2\tfinal class Example {}",
        Map.of(
            "type",
            "text",
            "file",
            Map.of(
                "filePath",
                folder + "/" + file,
                "content",
                "package demo;\nfinal class Example {}\n",
                "numLines",
                lines,
                "startLine",
                1,
                "totalLines",
                lines)));
  }

  void edit(String file, int added, int removed) {
    var before = "  int limit = 10;";
    var after = "  int limit = settings.limit();";
    var call =
        call(
            "Edit",
            Map.of("file_path", folder + "/" + file, "old_string", before, "new_string", after));
    var lines = new ArrayList<String>();
    lines.add(" final class Example {");
    for (var line = 0; line < removed; line++) {
      lines.add("-" + before);
    }
    for (var line = 0; line < added; line++) {
      lines.add("+" + after);
    }
    result(
        call,
        "The file was updated.",
        Map.of(
            "filePath",
            folder + "/" + file,
            "oldString",
            before,
            "newString",
            after,
            "originalFile",
            "final class Example {\n  int limit = 10;\n}\n",
            "structuredPatch",
            List.of(
                Map.of(
                    "oldStart",
                    1,
                    "oldLines",
                    removed + 1,
                    "newStart",
                    1,
                    "newLines",
                    added + 1,
                    "lines",
                    lines)),
            "userModified",
            false,
            "replaceAll",
            false));
  }

  void run(String command, boolean passes, String output) {
    var call = call("Bash", Map.of("command", command, "description", "Run it"));
    after(Duration.ofSeconds(random.nextInt(3, 90)));
    if (passes) {
      result(
          call,
          output,
          Map.of("stdout", output, "stderr", "", "interrupted", false, "isImage", false));
    } else {
      failure(call, "Exit code 1\n" + output);
    }
  }

  void refusedByTheEngineer(String command) {
    var call = call("Bash", Map.of("command", command));
    failure(
        call, "The user doesn't want to proceed with this tool use. The tool use was rejected.");
  }

  /// Writes the log below the folder, as the tool would, and says where.
  Path writeTo(Path home) throws IOException {
    var project = home.resolve(folder.replaceAll("[^A-Za-z0-9]", "-"));
    Files.createDirectories(project);
    return Files.write(project.resolve(session + ".jsonl"), rows);
  }

  private String call(String tool, Map<String, Object> input) {
    var id = "toolu_" + uuid().replace("-", "").substring(0, 24);
    assistant(Map.of("type", "tool_use", "id", id, "name", tool, "input", input));
    return id;
  }

  private void assistant(Map<String, Object> block) {
    after(Duration.ofMillis(random.nextInt(1_500, 9_000)));
    row(
        "assistant",
        Map.of(
            "id",
            "msg_" + uuid().replace("-", "").substring(0, 24),
            "type",
            "message",
            "role",
            "assistant",
            "model",
            random.nextInt(5) == 0 ? "claude-haiku-4-5" : "claude-sonnet-4-5",
            "content",
            List.of(block),
            "usage",
            Map.of(
                "input_tokens", random.nextInt(3, 40),
                "cache_creation_input_tokens", random.nextInt(200, 4_000),
                "cache_read_input_tokens", random.nextInt(5_000, 60_000),
                "output_tokens", random.nextInt(40, 900))),
        null,
        Map.of("requestId", "req_" + uuid().substring(0, 13)));
  }

  private void result(String call, String shown, Map<String, Object> structured) {
    after(Duration.ofMillis(random.nextInt(40, 900)));
    var block = Map.of("type", "tool_result", "tool_use_id", call, "content", shown);
    row("user", Map.of("role", "user", "content", List.of(block)), structured, Map.of());
  }

  private void failure(String call, String shown) {
    after(Duration.ofMillis(random.nextInt(40, 900)));
    var block =
        Map.of("type", "tool_result", "tool_use_id", call, "content", shown, "is_error", true);
    row("user", Map.of("role", "user", "content", List.of(block)), "Error: " + shown, Map.of());
  }

  private void row(
      String type,
      Map<String, Object> message,
      @Nullable Object toolUseResult,
      Map<String, Object> more) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    var uuid = uuid();
    row.put("parentUuid", parent);
    row.put("isSidechain", false);
    row.put("userType", "external");
    row.put("cwd", folder);
    row.put("sessionId", session);
    row.put("version", "2.1.34");
    row.put("gitBranch", "main");
    row.put("type", type);
    row.put("message", message);
    row.putAll(more);
    if (toolUseResult != null) {
      row.put("toolUseResult", toolUseResult);
    }
    row.put("uuid", uuid);
    row.put("timestamp", now.toString());
    parent = uuid;
    rows.add(JSON.writeValueAsString(row));
  }

  private void after(Duration pause) {
    now = now.plus(pause).plusMillis(random.nextInt(1, 999)).truncatedTo(ChronoUnit.MILLIS);
  }

  private String uuid() {
    return new UUID(
            (random.nextLong() & ~0xF000L) | 0x4000L,
            (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L)
        .toString();
  }
}
