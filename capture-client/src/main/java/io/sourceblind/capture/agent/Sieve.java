// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import io.sourceblind.capture.outbox.HeldEvents;
import io.sourceblind.capture.outbox.Pauses;
import io.sourceblind.capture.outbox.Told;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Ref;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Decides what of all that is heard gets queued: each event once, each call by one teller, nothing
/// from before the agent was there, and nothing of a pause.
final class Sieve {

  /// The server takes nothing older.
  private static final Duration OLDEST = Duration.ofDays(90);

  /// The server takes nothing that is further ahead.
  private static final Duration NEWEST = Duration.ofMinutes(5);

  /// For so long a session's file may lag behind its hooks.
  static final Duration GRACE = Duration.ofMinutes(10);

  private final Told told;
  private final HeldEvents held;
  private final Instant since;
  private final Clock clock;
  private final Set<Ref> over = new HashSet<>();
  private final Set<UUID> taken = new HashSet<>();
  private final List<CapturedEvent> events = new ArrayList<>();
  private final List<HeldEvents.Held> released = new ArrayList<>();
  private final List<HeldEvents.Held> done = new ArrayList<>();
  private Pauses pauses;
  private @Nullable Instant writtenSince;

  Sieve(Told told, HeldEvents held, Instant since, Pauses pauses, Clock clock) {
    this.told = told;
    this.held = held;
    this.since = since;
    this.pauses = pauses;
    this.clock = clock;
  }

  void pauses(Pauses now) {
    pauses = now;
  }

  /// What follows is of a file whose records have no times of their own, written since then; or,
  /// with null, of one whose records have.
  void reading(@Nullable Instant writtenSince) {
    this.writtenSince = writtenSince;
  }

  /// One event of a session's file.
  void take(CapturedEvent event) {
    Ref session = event.envelope().sessionRef();
    if (session != null) {
      told.add(Told.Kind.SESSION, session);
    }
    UUID id = event.envelope().eventId();
    if (told.has(id) || taken.contains(id)) {
      return;
    }
    if (isOfAPause(event)) {
      // Its time may not be that of its bytes, so that it must be known by its id from now on.
      told.add(id);
      if (session != null) {
        told.add(Told.Kind.SESSION_WITH_PAUSE, session);
      }
      return;
    }
    if (!isWanted(event.envelope().occurredAt())) {
      return;
    }
    Ref call = event.envelope().callRef();
    if (call != null && told.has(Told.Kind.CALL_BY_HOOK, call)) {
      return;
    }
    taken.add(id);
    if (call == null) {
      events.add(event);
      return;
    }
    told.add(Told.Kind.CALL_BY_FILE, call);
    HeldEvents.Held heard = held.ofCall(call);
    events.add(heard == null ? event : timed(event, heard));
  }

  /// The file says what a call did; only the hook measured how long it took.
  private static CapturedEvent timed(CapturedEvent event, HeldEvents.Held heard) {
    return event instanceof CapturedEvent.ToolCompleted tool && heard.tookMs() != null
        ? new CapturedEvent.ToolCompleted(
            tool.envelope(),
            tool.toolClass(),
            tool.toolName(),
            tool.status(),
            heard.tookMs(),
            tool.inputBytes(),
            tool.outputBytes(),
            tool.errorClass(),
            tool.mcpServerRef(),
            tool.mcpToolRef())
        : event;
  }

  private boolean isOfAPause(CapturedEvent event) {
    Instant since = writtenSince;
    Ref session = event.envelope().sessionRef();
    return pauses.covers(event.envelope().occurredAt())
        || (since != null && pauses.overlap(since, clock.instant()))
        // Its sums tell of the pause, too.
        || (event instanceof CapturedEvent.SessionEnded
            && session != null
            && told.has(Told.Kind.SESSION_WITH_PAUSE, session));
  }

  private boolean isWanted(Instant at) {
    Instant now = clock.instant();
    return !at.isBefore(since)
        && !at.isBefore(now.minus(OLDEST))
        && !at.isAfter(now.plus(NEWEST))
        && !pauses.covers(at);
  }

  /// A session ended, so its file is as whole as it will get.
  void over(Ref session) {
    over.add(session);
  }

  /// Looks at what is held: what the session's file tells goes, what it does not tell in time is
  /// queued as the hook told it.
  void release() {
    Instant due = clock.instant().minus(GRACE);
    Set<HeldEvents.Held> waiting = new HashSet<>(released);
    waiting.addAll(done);
    for (HeldEvents.Held one : held.all()) {
      Ref call = one.call();
      boolean byFile =
          call == null
              ? told.has(Told.Kind.SESSION, one.session())
              : told.has(Told.Kind.CALL_BY_FILE, call);
      if (waiting.contains(one)) {
        continue;
      }
      if (byFile || told.has(one.id()) || !isWanted(one.at())) {
        done.add(one);
      } else if (one.heard().isBefore(due) || over.contains(one.session())) {
        if (call != null) {
          told.add(Told.Kind.CALL_BY_HOOK, call);
        }
        released.add(one);
      }
    }
    over.clear();
  }

  List<CapturedEvent> events() {
    return events;
  }

  List<HeldEvents.Held> released() {
    return released;
  }

  boolean isEmpty() {
    return events.isEmpty() && released.isEmpty() && done.isEmpty();
  }

  /// All of it is in the outbox.
  void queued() throws java.io.IOException {
    events.forEach(event -> told.add(event.envelope().eventId()));
    released.forEach(one -> told.add(one.id()));
    told.write();
    done.addAll(released);
    held.remove(done);
    events.clear();
    released.clear();
    done.clear();
    taken.clear();
  }
}
