// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.HeldEvents;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.outbox.OutboxFailure;
import io.sourceblind.capture.outbox.Pauses;
import io.sourceblind.capture.outbox.Told;
import io.sourceblind.capture.outbox.Unusable;
import io.sourceblind.capture.outbox.Uploader;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.capture.source.Following;
import io.sourceblind.capture.source.Hooks;
import io.sourceblind.capture.source.Otlp;
import io.sourceblind.capture.source.Sources;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Follows what AI tools write down and tell, and queues each thing once. Everything it must know
/// after being killed is on disk before it goes on.
public final class Agent implements AutoCloseable {

  private static final String LOCK = "agent.lock";

  /// Is there while the agent hears no hooks.
  private static final String DEAF = "agent-deaf";

  /// A session that was silent for longer counts as over.
  static final Duration IDLE = Duration.ofMinutes(30);

  /// The system does not tell of every change.
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(30);

  /// A file that is read anew from its start must not be so at every change.
  private static final Duration BETWEEN_WHOLE_READS = Duration.ofSeconds(10);

  private final CaptureFolder folder;
  private final Clock clock;
  private final Uploader.Sleeper sleeper;
  private final Sources sources;
  private final Hooks hooks;
  private final Otlp otlp;
  private final FileChannel lockFile;
  private final Told told;
  private final HeldEvents held;
  private final Progress progress;
  private final Sieve sieve;
  private final Watch watch;
  private final AgentKeys keys;
  private final Optional<Enrolment> enrolment;
  private @Nullable Listener listener;
  private final Map<Path, Followed> followed = new HashMap<>();
  private final Map<Path, Long> strangers = new HashMap<>();
  private final Set<Path> changed = new HashSet<>();
  private final Queue<Path> noticed = new ConcurrentLinkedQueue<>();
  private final Queue<Ref> ended = new ConcurrentLinkedQueue<>();
  private Instant lastSweep = Instant.EPOCH;

  private static final class Followed {
    final Following following;
    final String key;
    Instant readAt = Instant.EPOCH;

    Followed(Following following, String key) {
      this.following = following;
      this.key = key;
    }
  }

  /// @param places the folders to watch
  /// @throws Unusable where another agent runs already
  public Agent(
      CaptureFolder folder,
      CaptureRules rules,
      List<Path> places,
      AgentKeys keys,
      Clock clock,
      Uploader.Sleeper sleeper)
      throws IOException {
    this.folder = folder;
    this.clock = clock;
    this.sleeper = sleeper;
    this.lockFile = folder.open(LOCK);
    if (!isLocked(lockFile)) {
      lockFile.close();
      throw new Unusable("Another agent runs already for this folder.");
    }
    Redactor redactor = Redactor.standard();
    this.sources = new Sources(rules, redactor, clock);
    this.hooks = new Hooks(rules, redactor, clock);
    this.otlp = new Otlp(rules, redactor, clock);
    this.told = Told.open(folder);
    this.held = HeldEvents.open(folder);
    this.progress = Progress.load(folder, clock.instant());
    this.sieve = new Sieve(told, held, progress.since(), Pauses.load(folder), clock);
    this.watch = new Watch(places);
    this.keys = keys;
    this.enrolment = Enrolment.load(folder);
    listen();
  }

  /// Somebody else may have the port. What he keeps the agent from hearing stands in the sessions'
  /// files, too.
  private void listen() throws IOException {
    try {
      listener = new Listener(keys.port(), keys.token(), new Ears());
      Files.deleteIfExists(folder.file(DEAF));
    } catch (BindException _) {
      folder.replace(DEAF, keys.port() + "\n");
    }
  }

  /// Whether the agent that runs for this folder cannot hear hooks.
  public static boolean isDeaf(CaptureFolder folder) {
    return Files.exists(folder.file(DEAF));
  }

  /// The machine was enrolled anew or is enrolled no more; what this agent read is not for the
  /// server of now.
  public static final class EnrolledAnew extends IOException {
    public EnrolledAnew() {
      super("This machine's enrolment changed.");
    }
  }

  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  /// Whether an agent runs for this folder.
  public static boolean runs(CaptureFolder folder) throws IOException {
    if (!Files.exists(folder.file(LOCK))) {
      return false;
    }
    try (FileChannel file = folder.open(LOCK)) {
      return !isLocked(file);
    }
  }

  /// Where it listens; empty while something else has its port.
  public OptionalInt port() {
    Listener ears = listener;
    return ears == null ? OptionalInt.empty() : OptionalInt.of(ears.port());
  }

  private final class Ears implements Listener.Ear {
    @Override
    public void hook(Tool tool, String event, byte[] payload) throws IOException {
      Optional<Hooks.Told> heard = hooks.read(tool, event, payload);
      if (heard.isEmpty()) {
        return;
      }
      hold(heard.get().session(), heard.get().events());
      Path transcript = heard.get().transcript();
      if (transcript != null) {
        noticed.add(transcript);
      }
      if (heard.get().over()) {
        ended.add(heard.get().session());
      }
    }

    @Override
    public void logs(byte[] protobuf) throws IOException {
      for (CapturedEvent event : otlp.logs(protobuf).orElse(List.of())) {
        Ref session = event.envelope().sessionRef();
        if (session != null) {
          hold(session, List.of(event));
        }
      }
    }

    private void hold(Ref session, List<CapturedEvent> events) throws IOException {
      if (!Pauses.load(folder).isPaused()) {
        held.hold(clock.instant(), session, events);
      }
    }
  }

  /// Waits for something to happen, for so long at most, and does what there is to do.
  ///
  /// @return what keeps it from queueing, or null
  /// @throws EnrolledAnew where it must not go on
  public @Nullable String step(Duration wait) throws InterruptedException, IOException {
    Instant now = clock.instant();
    if (Duration.between(lastSweep, now).compareTo(BETWEEN_SWEEPS) >= 0) {
      changed.addAll(watch.sweep());
      lastSweep = now;
      if (listener == null) {
        listen();
      }
    }
    changed.addAll(watch.changed(changed.isEmpty() ? wait : Duration.ZERO));
    for (Path path = noticed.poll(); path != null; path = noticed.poll()) {
      changed.add(path);
    }
    sieve.pauses(Pauses.load(folder));
    Set<Path> batch = Set.copyOf(changed);
    for (Path path : batch) {
      if (read(path)) {
        changed.remove(path);
      }
    }
    settle();
    for (Ref session = ended.poll(); session != null; session = ended.poll()) {
      sieve.over(session);
    }
    sieve.release();
    return queue();
  }

  /// Reads a file on; returns whether that is done for now.
  private boolean read(Path path) {
    Path file = withoutJournal(path);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile() || isUnchanged(path, file, attributes)) {
        return true;
      }
      Followed one = following(file, attributes);
      if (one == null) {
        return true;
      }
      if (!one.following.readsOn()
          && one.readAt.plus(BETWEEN_WHOLE_READS).isAfter(clock.instant())) {
        return false;
      }
      sieve.reading(writtenSince(path, one, attributes));
      one.readAt = clock.instant();
      one.following.readOn();
      mark(path, attributes, false);
      return true;
    } catch (IOException gone) {
      // The next change, or the next sweep, tries again.
      followed.remove(file);
      return true;
    }
  }

  /// From when on the bytes were written that are read next, where records have no times of their
  /// own; else null.
  private @Nullable Instant writtenSince(Path path, Followed one, BasicFileAttributes attributes)
      throws IOException {
    if (one.following.hasTimes()) {
      return null;
    }
    if (one.readAt.isAfter(Instant.EPOCH)) {
      return one.readAt;
    }
    Progress.Mark mark = progress.of(path);
    Instant created = attributes.creationTime().toInstant();
    return mark == null ? created : Instant.ofEpochMilli(mark.modified());
  }

  /// SQLite writes into a second file first.
  private static Path withoutJournal(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith("-wal") ? path.resolveSibling(name.substring(0, name.length() - 4)) : path;
  }

  private boolean isUnchanged(Path path, Path file, BasicFileAttributes attributes) {
    if (attributes.lastModifiedTime().toInstant().isBefore(progress.since())) {
      return true;
    }
    Progress.Mark mark = progress.of(path);
    return mark != null
        && mark.size() == attributes.size()
        && mark.modified() == attributes.lastModifiedTime().toMillis()
        && mark.key().equals(keyOf(attributes))
        && (mark.settled() || isOpen(file));
  }

  private boolean isOpen(Path file) {
    return followed.containsKey(file);
  }

  private @Nullable Followed following(Path file, BasicFileAttributes attributes)
      throws IOException {
    String key = keyOf(attributes);
    Followed one = followed.get(file);
    if (one != null
        && (!one.following.readsOn()
            || (one.key.equals(key) && attributes.size() >= one.following.offset()))) {
      return one;
    }
    if (Long.valueOf(attributes.size()).equals(strangers.get(file))) {
      return null;
    }
    Optional<Following> following = sources.follow(file, sieve::take);
    if (following.isEmpty()) {
      strangers.put(file, attributes.size());
      return null;
    }
    strangers.remove(file);
    Followed fresh = new Followed(following.get(), key);
    followed.put(file, fresh);
    return fresh;
  }

  private static String keyOf(BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    return key == null ? String.valueOf(attributes.creationTime()) : key.toString();
  }

  private void mark(Path path, BasicFileAttributes attributes, boolean settled) {
    progress.set(
        path,
        new Progress.Mark(
            keyOf(attributes),
            attributes.size(),
            attributes.lastModifiedTime().toMillis(),
            settled));
  }

  /// Files that were silent for long are told to their end and let go; should they grow again they
  /// are read from their start, and what was told is known by its id.
  private void settle() {
    Instant due = clock.instant().minus(IDLE);
    for (Path file : Set.copyOf(followed.keySet())) {
      Followed one = followed.get(file);
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (one != null && attributes.lastModifiedTime().toInstant().isBefore(due)) {
          sieve.reading(writtenSince(file, one, attributes));
          one.following.settle();
          mark(file, attributes, true);
          followed.remove(file);
        }
      } catch (IOException gone) {
        followed.remove(file);
      }
    }
  }

  private @Nullable String queue() throws IOException {
    if (!sieve.isEmpty()) {
      // Who tells of a call is written down first: a crash behind it must not let another tell,
      // too.
      told.write();
      try (Outbox outbox = Outbox.open(folder, sleeper)) {
        if (!Enrolment.load(folder).equals(enrolment)) {
          throw new EnrolledAnew();
        }
        outbox.add(sieve.events());
        outbox.addHeld(sieve.released());
      } catch (Unusable | OutboxFailure cannot) {
        return String.valueOf(cannot.getMessage());
      }
      sieve.queued();
    }
    if (held.dropped() != null) {
      try (Outbox outbox = Outbox.open(folder, sleeper)) {
        Outbox.Overflow dropped = held.dropped();
        if (dropped != null) {
          outbox.noteDropped(dropped);
          held.told(dropped);
        }
      } catch (Unusable cannot) {
        return String.valueOf(cannot.getMessage());
      }
    }
    told.write();
    progress.save();
    return null;
  }

  @Override
  public void close() throws IOException {
    if (listener != null) {
      listener.close();
    }
    Files.deleteIfExists(folder.file(DEAF));
    watch.close();
    held.close();
    told.close();
    lockFile.close();
  }
}
