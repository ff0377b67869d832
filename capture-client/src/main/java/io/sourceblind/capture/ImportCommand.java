// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.FilesAtOnce.Outcome;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.outbox.Pauses;
import io.sourceblind.capture.outbox.Told;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.capture.source.SessionFile;
import io.sourceblind.capture.source.Sources;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Ref;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Reads sessions of AI tools, redacts them, queues what may leave and sends it.",
    footer = {"", "Example: capture import ~/.claude/projects"})
final class ImportCommand implements Callable<Integer> {

  /// The server takes nothing older.
  private static final Duration OLDEST = Duration.ofDays(90);

  /// The server takes nothing that is further ahead.
  private static final Duration NEWEST = Duration.ofMinutes(5);

  private static final int TOGETHER = 500;

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Session files, or folders that hold some")
  private List<Path> paths = new ArrayList<>();

  @Option(names = "--no-send", description = "Queue only; send later with `capture send`")
  private boolean noSend;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "metadata: leave out the words of prompts even where they may leave")
  private CaptureProfile profile = CaptureProfile.PROSE;

  @Option(
      names = "--as-if-today",
      description =
          "For trying out old sessions: move each by whole days so that it ended in the last 24"
              + " hours")
  private boolean asIfToday;

  ImportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    CaptureRules rules = Rules.of(Rules.required(folder), profile);
    Redactor redactor = Redactor.standard();
    Sources sources = new Sources(rules, redactor, surroundings.clock());
    Sessions sessions = Sessions.find(paths, sources);
    try (Outbox outbox = Sending.open(folder, surroundings);
        Told told = Told.look(folder)) {
      Instant now = surroundings.clock().instant();
      Pauses pauses = Pauses.load(folder);
      Queue queue = new Queue(outbox, now.minus(OLDEST), now.plus(NEWEST), pauses, told);
      try (Meter meter = new Meter(surroundings, json.asked(), "files", sessions.count())) {
        FilesAtOnce.read(
            sessions.files(),
            FilesAtOnce.usualWorkers(),
            new FilesAtOnce.Reading() {
              @Override
              public FilesAtOnce.Opened open(Path file) throws IOException {
                Optional<SessionFile> session = sources.find(file);
                return new FilesAtOnce.Opened(
                    session.filter(SessionFile::dependsOnOthers).isPresent(),
                    events -> {
                      if (session.isEmpty()) {
                        return Outcome.UNKNOWN;
                      }
                      Optional<Sources.Written> written = session.get().withoutTimes();
                      if (written.filter(one -> pauses.overlap(one.from(), one.to())).isPresent()) {
                        return Outcome.AROUND_A_PAUSE;
                      }
                      if (asIfToday) {
                        moved(rules, redactor, file).read(file, events);
                      } else {
                        session.get().read(events);
                      }
                      return Outcome.READ;
                    });
              }

              @Override
              public void take(CapturedEvent event) {
                queue.add(event);
              }

              @Override
              public void end(Path file, Outcome outcome) {
                queue.flush();
                sessions.note(file, outcome);
                if (outcome == Outcome.AROUND_A_PAUSE) {
                  tellPaused(file);
                }
                meter.step();
              }
            });
      }
      tell(sessions.count(), queue);
      int sent = noSend ? Capture.DONE : Sending.send(outbox, folder, surroundings, json);
      return sessions.tellUnreadable(surroundings.err()) ? Capture.FAILED : sent;
    }
  }

  private void tellPaused(Path file) {
    surroundings
        .err()
        .println(
            "Stayed here, because it was written around a pause and does not say when what"
                + " happened: "
                + file.toString().replaceAll("\\p{Cntrl}", "?"));
  }

  private Sources moved(CaptureRules rules, Redactor redactor, Path file) throws IOException {
    // Readers remember what they have counted, so the look ahead has some of its own.
    Sources ahead = new Sources(rules, redactor, surroundings.clock());
    return new Sources(rules.movedBy(untilToday(ahead, file)), redactor, surroundings.clock());
  }

  /// Whole days, so that importing the same session again today finds the same events.
  private Duration untilToday(Sources sources, Path file) throws IOException {
    AtomicReference<Instant> last = new AtomicReference<>(Instant.EPOCH);
    sources.read(
        file,
        event ->
            last.accumulateAndGet(
                event.envelope().occurredAt(), (one, other) -> one.isAfter(other) ? one : other));
    return Duration.ofDays(
        Math.max(0, Duration.between(last.get(), surroundings.clock().instant()).toDays()));
  }

  private void tell(int files, Queue queue) {
    if (json.asked()) {
      json.print(
          surroundings.out(),
          "files",
          files,
          "queued",
          queue.queued,
          "too_old",
          queue.tooOld,
          "too_new",
          queue.tooNew,
          "paused",
          queue.paused,
          "gaps",
          queue.gaps);
      return;
    }
    surroundings
        .out()
        .println(
            "Read "
                + Usage.plural(files, "file", "files")
                + ". "
                + Usage.plural(queue.queued, "event", "events")
                + " queued.");
    if (queue.tooOld > 0) {
      surroundings
          .out()
          .println(
              Usage.plural(queue.tooOld, "event is", "events are")
                  + " older than 90 days and stayed here.");
    }
    if (queue.tooNew > 0) {
      surroundings
          .out()
          .println(
              Usage.plural(queue.tooNew, "event lies", "events lie")
                  + " more than 5 minutes ahead and stayed here. Is the clock right?");
    }
    if (queue.paused > 0) {
      surroundings
          .out()
          .println(Usage.plural(queue.paused, "event", "events") + " of a pause stayed here.");
    }
    if (queue.gaps > 0) {
      surroundings
          .out()
          .println(
              Usage.plural(queue.gaps, "kind of record", "kinds of records")
                  + " could not be read and count as gaps.");
    }
  }

  /// Collects events so that the disk is asked once for many.
  private static final class Queue {
    private final Outbox outbox;
    private final Instant oldest;
    private final Instant newest;
    private final Pauses pauses;
    private final Told told;
    private final Set<Ref> withPause = new HashSet<>();
    private final List<CapturedEvent> together = new ArrayList<>();
    private long queued;
    private long tooOld;
    private long tooNew;
    private long paused;
    private long gaps;

    Queue(Outbox outbox, Instant oldest, Instant newest, Pauses pauses, Told told) {
      this.told = told;
      this.outbox = outbox;
      this.pauses = pauses;
      this.newest = newest;
      this.oldest = oldest;
    }

    void add(CapturedEvent event) {
      if (event.envelope().occurredAt().isBefore(oldest)) {
        tooOld++;
        return;
      }
      if (event.envelope().occurredAt().isAfter(newest)) {
        tooNew++;
        return;
      }
      Ref session = event.envelope().sessionRef();
      boolean tellsOfPause =
          event instanceof CapturedEvent.SessionEnded
              && session != null
              && withPause.contains(session);
      if (tellsOfPause || pauses.covers(event.envelope().occurredAt())) {
        paused++;
        if (session != null) {
          withPause.add(session);
        }
        return;
      }
      Ref call = event.envelope().callRef();
      if (call != null && told.has(Told.Kind.CALL_BY_HOOK, call)) {
        return;
      }
      gaps += event instanceof CapturedEvent.CaptureGap ? 1 : 0;
      together.add(event);
      if (together.size() >= TOGETHER) {
        flush();
      }
    }

    void flush() {
      List<CapturedEvent> batch = List.copyOf(together);
      // Emptied first, so that what the disk refused is not offered again with each event.
      together.clear();
      outbox.add(batch);
      queued += batch.size();
    }
  }
}
