// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The way of a batch: the allowlist decides on each event, the store keeps those that are allowed.
final class Intake {
  private final Allowlist allowlist;
  private final EventStore store;
  private final Counters counters;

  Intake(Allowlist allowlist, EventStore store, Counters counters) {
    this.allowlist = allowlist;
    this.store = store;
    this.counters = counters;
  }

  /// Takes a batch in for the tenant of the running work.
  ///
  /// @param organization whose counters it goes to
  Answer take(UUID organization, List<BatchReader.Item> batch) {
    var verdicts = batch.stream().map(this::decide).toList();
    var allowed = new ArrayList<ObjectNode>();
    for (var verdict : verdicts) {
      if (verdict instanceof Verdict.Allowed good) {
        allowed.add(good.event());
      }
    }
    var fates = store.add(allowed).iterator();
    var answers = new ArrayList<Answer.OfEvent>();
    var dropped = 0;
    for (var verdict : verdicts) {
      dropped += verdict.dropped().size();
      answers.add(
          switch (verdict) {
            case Verdict.Allowed good -> Answer.OfEvent.stored(good.eventId(), fates.next());
            case Verdict.Refused bad -> Answer.OfEvent.refused(bad);
          });
      counters.count(organization, verdict.dropped(), answers.getLast());
    }
    return new Answer(answers, dropped);
  }

  private Verdict decide(BatchReader.Item item) {
    return switch (item) {
      case BatchReader.Item.Event(var tree) -> allowlist.decide(tree);
      case BatchReader.Item.Broken(var reason) ->
          new Verdict.Refused(null, "line", reason, List.of());
    };
  }
}
