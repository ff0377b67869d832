// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.ingest.allowlist.Allowlist;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The lines of `allowlist.json`, read apart from the code that is under test.
final class ListedFields {
  private static final Map<String, Map<String, JsonNode>> OF_KINDS = read();

  static final List<String> KINDS = List.copyOf(OF_KINDS.keySet());
  static final List<String> NAMES =
      OF_KINDS.values().stream()
          .flatMap(fields -> fields.keySet().stream())
          .map(name -> name.substring(name.indexOf('.') + 1))
          .distinct()
          .toList();

  private ListedFields() {}

  /// The line of each field that an event of the kind may have; `redaction.dropped_bytes` lies
  /// within `redaction`. Empty if there is no such kind.
  static Map<String, JsonNode> of(String kind) {
    return OF_KINDS.getOrDefault(kind, Map.of());
  }

  private static Map<String, Map<String, JsonNode>> read() {
    try (var file = Allowlist.class.getResourceAsStream("allowlist.json")) {
      var root = JsonMapper.shared().readTree(Objects.requireNonNull(file));
      var kinds = new LinkedHashMap<String, Map<String, JsonNode>>();
      for (var kind : root.path("kinds").properties()) {
        var fields = new LinkedHashMap<String, JsonNode>();
        root.path("envelope").properties().forEach(f -> fields.put(f.getKey(), f.getValue()));
        kind.getValue().properties().forEach(f -> fields.put(f.getKey(), f.getValue()));
        kinds.put(kind.getKey(), fields);
      }
      return kinds;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
