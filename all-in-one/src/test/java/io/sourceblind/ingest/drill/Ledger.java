// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the devices sent and what they were told, written before the next request.
final class Ledger {
  private final Map<UUID, Sent> sent = new ConcurrentHashMap<>();
  private final Set<Sent> inDoubt = ConcurrentHashMap.newKeySet();
  private final Queue<Sent> acknowledged = new ConcurrentLinkedQueue<>();
  private final LongAdder acknowledgements = new LongAdder();
  private final Findings findings;

  Ledger(Findings findings) {
    this.findings = findings;
  }

  /// Notes that the batch is about to be sent.
  Attempt begin(Batch batch) {
    var before = new BitSet();
    for (var number = 0; number < batch.lines().size(); number++) {
      var event = batch.lines().get(number).event();
      sent.put(event.id(), event);
      before.set(number, event.begin());
    }
    return new Attempt(batch, before);
  }

  /// The event with the id, if it was ever sent.
  @Nullable Sent find(UUID id) {
    return sent.get(id);
  }

  /// What was acknowledged since the last call. All of it was told before now.
  List<Sent> newlyAcknowledged() {
    var all = new ArrayList<Sent>();
    for (var next = acknowledged.poll(); next != null; next = acknowledged.poll()) {
      all.add(next);
    }
    return all;
  }

  long acknowledgements() {
    return acknowledgements.sum();
  }

  int inDoubt() {
    return inDoubt.size();
  }

  /// A batch on its way.
  final class Attempt {
    private final Batch batch;
    private final BitSet acknowledgedBefore;

    private Attempt(Batch batch, BitSet acknowledgedBefore) {
      this.batch = batch;
      this.acknowledgedBefore = acknowledgedBefore;
    }

    /// Nothing of it can have been stored: the service was not reached, or said so.
    void turnedAway() {
      batch.lines().forEach(line -> line.event().turnedAway());
    }

    /// It may be stored or not.
    void unanswered() {
      for (var number = 0; number < batch.lines().size(); number++) {
        var event = batch.lines().get(number).event();
        if (event.good() && !acknowledgedBefore.get(number)) {
          inDoubt.add(event);
        }
      }
    }

    /// @param events what the answer says of each event, in the order in which they were sent
    void answered(JsonNode events) {
      if (events.size() != batch.lines().size()) {
        findings.add(
            BrokenPromise.STRANGE_ANSWER,
            "%d verdicts for %d events".formatted(events.size(), batch.lines().size()));
        return;
      }
      for (var number = 0; number < events.size(); number++) {
        judge(
            batch.lines().get(number).event(), acknowledgedBefore.get(number), events.path(number));
      }
    }

    private void judge(Sent event, boolean before, JsonNode answer) {
      if (!answer.path("event_id").asString("").equals(event.id().toString())) {
        findings.add(BrokenPromise.STRANGE_ANSWER, "a verdict on another event");
        return;
      }
      switch (answer.path("verdict").asString("")) {
        case "accepted" -> {
          if (!event.accept(before)) {
            findings.add(BrokenPromise.LOST, event.id());
          }
          acknowledge(event);
        }
        case "duplicate" -> {
          if (!event.isKnown()) {
            findings.add(BrokenPromise.DUPLICATE_OF_NOTHING, event.id());
          }
          acknowledge(event);
        }
        case "refused" -> {
          event.turnedAway();
          if (event.good()) {
            findings.add(
                BrokenPromise.GOOD_BUT_REFUSED,
                "%s (%s %s)"
                    .formatted(
                        event.id(),
                        answer.path("field").asString(""),
                        answer.path("reason").asString("")));
          }
        }
        default -> findings.add(BrokenPromise.STRANGE_ANSWER, "an unknown verdict");
      }
    }

    private void acknowledge(Sent event) {
      if (!event.good()) {
        findings.add(BrokenPromise.BAD_BUT_ACKNOWLEDGED, event.id());
      }
      inDoubt.remove(event);
      if (event.acknowledge()) {
        acknowledgements.increment();
        acknowledged.add(event);
      }
    }
  }
}
