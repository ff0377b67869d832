// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes batches of the events in `docs/wire`, each with an id and a time of its own.
final class Samples {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LARGEST_BATCH = 200;
  private static final int SECONDS = 5 * 86_400;
  private static final int ONE_IN_BAD = 50;

  private final List<ObjectNode> samples = new ArrayList<>();
  private final Clock clock;

  /// @param project the project's root
  Samples(Path project, Clock clock) throws IOException {
    this.clock = clock;
    try (var files = Files.list(project.resolve("docs").resolve("wire"))) {
      for (var file : files.sorted().toList()) {
        samples.add((ObjectNode) JSON.readTree(Files.readString(file)));
      }
    }
  }

  /// One to 200 events, small batches more often than large ones, and a bad event now and then.
  Batch batch(Sent.Owner owner, Random random) {
    var size = 1 + random.nextInt(1 + random.nextInt(LARGEST_BATCH));
    var lines = new ArrayList<Batch.Line>();
    for (var number = 0; number < size; number++) {
      lines.add(line(owner, random));
    }
    return new Batch(lines);
  }

  private Batch.Line line(Sent.Owner owner, Random random) {
    var event = samples.get(random.nextInt(samples.size())).deepCopy();
    var at =
        clock.instant().minusSeconds(60 + random.nextInt(SECONDS)).truncatedTo(ChronoUnit.MILLIS);
    var id =
        new UUID(
            (at.toEpochMilli() << 16) | 0x7000L | random.nextInt(0x1000),
            (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
    var good = random.nextInt(ONE_IN_BAD) != 0;
    event.put("event_id", id.toString());
    event.put("occurred_at", at.toString());
    event.put("observed_at", at.toString());
    if (!good) {
      event.put("seq", -1);
    }
    return new Batch.Line(new Sent(id, owner, good), JSON.writeValueAsString(event));
  }
}
