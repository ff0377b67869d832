// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.db.Tenant;
import io.sourceblind.ingest.EventStore.LeftOut;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Verdict;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The way of a batch: the allowlist decides on each event, the store keeps those that are allowed.
final class Intake {
  private final Allowlist allowlist;
  private final GroupCommit store;
  private final Counters counters;

  Intake(Allowlist allowlist, GroupCommit store, Counters counters) {
    this.allowlist = allowlist;
    this.store = store;
    this.counters = counters;
  }

  /// Takes a batch in.
  Answer take(Tenant sender, List<BatchReader.Item> batch) {
    var verdicts = batch.stream().map(this::decide).toList();
    var allowed = new ArrayList<ObjectNode>();
    var leftOut = new ArrayList<LeftOut>();
    for (var verdict : verdicts) {
      verdict.dropped().forEach(field -> leftOut.add(new LeftOut(field, "dropped")));
      switch (verdict) {
        case Verdict.Allowed good -> allowed.add(good.event());
        case Verdict.Refused bad -> leftOut.add(new LeftOut(bad.field(), bad.reason().word()));
      }
    }
    var fates = store.add(sender, allowed, leftOut).iterator();
    var answers = new ArrayList<Answer.OfEvent>();
    var dropped = new ArrayList<String>();
    for (var verdict : verdicts) {
      dropped.addAll(verdict.dropped());
      answers.add(
          switch (verdict) {
            case Verdict.Allowed good -> Answer.OfEvent.stored(good.eventId(), fates.next());
            case Verdict.Refused bad -> Answer.OfEvent.refused(bad);
          });
    }
    counters.count(sender.organization(), dropped, answers);
    return new Answer(answers, dropped.size());
  }

  private Verdict decide(BatchReader.Item item) {
    return switch (item) {
      case BatchReader.Item.Event(var tree) -> allowlist.decide(tree);
      case BatchReader.Item.Broken(var reason) ->
          new Verdict.Refused(null, "line", reason, List.of());
    };
  }
}
