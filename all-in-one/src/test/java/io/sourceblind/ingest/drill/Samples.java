// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import io.sourceblind.ingest.WireSamples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
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

  private final List<ObjectNode> samples;
  private final Clock clock;

  /// @param project the project's root
  Samples(Path project, Clock clock) throws IOException {
    this.samples = WireSamples.in(project);
    this.clock = clock;
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
    var event =
        WireSamples.fresh(
            samples.get(random.nextInt(samples.size())),
            clock.instant().minusSeconds(60 + random.nextInt(SECONDS)),
            random);
    var id = UUID.fromString(event.path("event_id").stringValue());
    var good = random.nextInt(ONE_IN_BAD) != 0;
    if (!good) {
      event.put("seq", -1);
    }
    return new Batch.Line(new Sent(id, owner, good), JSON.writeValueAsString(event));
  }
}
