// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import io.sourceblind.capture.outbox.CaptureFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How far each session file is read, and since when the agent captures. Losing it costs reading
/// files again and tells nothing twice.
final class Progress {

  static final String FILE = "agent.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_FILES = 20_000;

  private final CaptureFolder folder;
  private final Instant since;
  private final Map<Path, Mark> files = new LinkedHashMap<>();
  private boolean changed;

  /// Where the reading of a file stands.
  ///
  /// @param key what the system calls the file itself (its inode), whatever its name
  /// @param size how long it was then
  /// @param modified when it was written last, in milliseconds
  /// @param settled whether it had been silent for so long that all of it was told
  record Mark(String key, long size, long modified, boolean settled) {}

  private Progress(CaptureFolder folder, Instant since) {
    this.folder = folder;
    this.since = since;
  }

  /// Where the agent never ran before, what happened before now is no business of it.
  static Progress load(CaptureFolder folder, Instant now) throws IOException {
    Path file = folder.file(FILE);
    if (!Files.isRegularFile(file)) {
      Progress fresh = new Progress(folder, now);
      fresh.changed = true;
      fresh.save();
      return fresh;
    }
    try {
      JsonNode node = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
      Progress progress = new Progress(folder, Instant.parse(node.get("since").asString()));
      for (JsonNode one : node.get("files")) {
        progress.files.put(
            Path.of(one.get("path").asString()),
            new Mark(
                one.get("key").asString(),
                one.get("size").asLong(),
                one.get("modified").asLong(),
                one.get("settled").asBoolean()));
      }
      return progress;
    } catch (JacksonException | DateTimeException | NullPointerException unreadable) {
      throw new IOException("agent.json cannot be read", unreadable);
    }
  }

  Instant since() {
    return since;
  }

  @Nullable Mark of(Path file) {
    return files.get(file);
  }

  void set(Path file, Mark mark) {
    if (!mark.equals(files.get(file))) {
      files.remove(file);
      files.put(file, mark);
      changed = true;
      if (files.size() > MOST_FILES) {
        files.remove(files.keySet().iterator().next());
      }
    }
  }

  void save() throws IOException {
    if (!changed) {
      return;
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("since", since.toString());
    all.put(
        "files",
        files.entrySet().stream()
            .map(file ->
                Map.of(
                    "path", file.getKey().toString(),
                    "key", file.getValue().key(),
                    "size", file.getValue().size(),
                    "modified", file.getValue().modified(),
                    "settled", file.getValue().settled()))
            .toList());
    folder.replace(FILE, JSON.writeValueAsString(all) + "\n");
    changed = false;
  }
}
