// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The events of `docs/wire`, one of each kind, to be sent as new ones.
public final class WireSamples {
  private static final JsonMapper JSON = JsonMapper.shared();

  private WireSamples() {}

  /// Reads them.
  ///
  /// @param project the project's root
  public static List<ObjectNode> in(Path project) throws IOException {
    try (var files = Files.list(project.resolve("docs").resolve("wire"))) {
      var samples = new ArrayList<ObjectNode>();
      for (var file : files.sorted().toList()) {
        samples.add((ObjectNode) JSON.readTree(Files.readString(file)));
      }
      return samples;
    }
  }

  /// A copy that happened at another time and has an id of its own.
  public static ObjectNode fresh(ObjectNode sample, Instant when, RandomGenerator random) {
    var at = when.truncatedTo(ChronoUnit.MILLIS);
    var id =
        new UUID(
            (at.toEpochMilli() << 16) | 0x7000L | random.nextInt(0x1000),
            (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
    return sample
        .deepCopy()
        .put("event_id", id.toString())
        .put("occurred_at", at.toString())
        .put("observed_at", at.toString());
  }
}
