// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.hooks;

import io.sourceblind.capture.outbox.CaptureFolder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What was put into which file, kept outside of it: some tools refuse a file with a mark of ours.
final class Ledger {

  static final String FILE = "hooks.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final CaptureFolder folder;
  private final Map<String, Entry> entries;

  /// @param file the settings, with links followed
  /// @param installed the SHA-256 of the file as it was left
  /// @param backup the name of the copy of the file as it was found; null where there was none
  /// @param made lists and objects that were made for our hooks, and go with them
  record Entry(String file, String installed, @Nullable String backup, List<String> made) {
    Entry {
      made = List.copyOf(made);
    }
  }

  private Ledger(CaptureFolder folder, Map<String, Entry> entries) {
    this.folder = folder;
    this.entries = entries;
  }

  static Ledger load(CaptureFolder folder) throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    String text = folder.text(FILE);
    if (text == null) {
      return new Ledger(folder, entries);
    }
    try {
      JsonNode all = JSON.readTree(text);
      for (String tool : all.propertyNames()) {
        JsonNode one = all.get(tool);
        JsonNode backup = one.get("backup");
        entries.put(
            tool,
            new Entry(
                one.get("file").asString(),
                one.get("installed").asString(),
                backup == null ? null : backup.asString(),
                one.get("made").valueStream().map(JsonNode::asString).toList()));
      }
      return new Ledger(folder, entries);
    } catch (JacksonException | NullPointerException unreadable) {
      throw new IOException("hooks.json cannot be read", unreadable);
    }
  }

  @Nullable Entry of(HookedTool tool) {
    return entries.get(tool.word());
  }

  void set(HookedTool tool, Entry entry) throws IOException {
    entries.put(tool.word(), entry);
    save();
  }

  void remove(HookedTool tool) throws IOException {
    entries.remove(tool.word());
    save();
  }

  private void save() throws IOException {
    Map<String, Object> all = new TreeMap<>();
    entries.forEach((tool, entry) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("file", entry.file());
      one.put("installed", entry.installed());
      if (entry.backup() != null) {
        one.put("backup", entry.backup());
      }
      one.put("made", entry.made());
      all.put(tool, one);
    });
    folder.replace(FILE, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
  }
}
