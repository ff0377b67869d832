// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.EndReason;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.Envelope;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.OperatingSystem;
import io.sourceblind.events.PermissionMode;
import io.sourceblind.events.Redaction;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Source;
import io.sourceblind.events.StartReason;
import io.sourceblind.events.Tool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session of one tool while its records are being read: where and when it is, what has been
/// counted so far, and the envelopes of its events. Everything it keeps is bounded.
final class Session {

  /// After this long without a record a session counts as over; what follows resumes it.
  static final Duration IDLE = Duration.ofMinutes(30);

  private static final int SCHEMA_VERSION = 1;
  private static final int MOST_GAPS = 200;
  private static final int MILLION = 1_000_000;
  private static final int TEN_MILLION = 10_000_000;
  private static final int BILLION = 1_000_000_000;
  private static final Redaction NOTHING_LEFT = new Redaction(0, 0, 0);

  private final Tool tool;
  private final Source source;
  private final CaptureRules rules;
  private final Redactor redactor;
  private final Clock clock;
  private final String fallbackName;
  private final Consumer<CapturedEvent> events;
  private final Turns turns = new Turns(this);
  private final Calls calls = new Calls(this);
  private final Usages usages = new Usages(this);
  private final Map<String, Gap> gaps = new LinkedHashMap<>();

  private @Nullable String name;
  private @Nullable String parent;
  private ProjectPaths project = new ProjectPaths(null);
  private @Nullable String projectName;
  private @Nullable String nativeVersion;
  private @Nullable String version;
  private @Nullable String branch;
  private @Nullable PermissionMode permissionMode;
  private Entrypoint entrypoint = Entrypoint.UNKNOWN;
  private @Nullable OperatingSystem system;
  private @Nullable String model;
  private boolean agentOnly;
  private int seq;

  // The stretch at hand: what came without a long break.
  private boolean started;
  private boolean resumed;
  private @Nullable Instant firstAt;
  private @Nullable Instant lastAt;

  // The record at hand.
  private String key = "";
  private Instant at = Instant.EPOCH;
  private boolean subagent;
  private @Nullable Ref agent;
  private Redaction left = NOTHING_LEFT;
  private final Map<String, Integer> ordinals = new HashMap<>();

  // What almost every event names again.
  private final LastRef ofSession = new LastRef("session");
  private final LastRef ofProject = new LastRef("project");
  private final LastRef ofBranch = new LastRef("branch");

  /// The ref of one thing of a kind, made anew only for another one.
  private static final class LastRef {
    final String what;
    @Nullable String id;
    @Nullable Ref ref;

    LastRef(String what) {
      this.what = what;
    }

    Ref of(Refs refs, String name) {
      Ref known = ref;
      if (known == null || !name.equals(id)) {
        known = refs.of(what, name);
        id = name;
        ref = known;
      }
      return known;
    }
  }

  private static final class Gap {
    final GapReason reason;
    final @Nullable Ref type;
    int count;

    Gap(GapReason reason, @Nullable Ref type) {
      this.reason = reason;
      this.type = type;
    }
  }

  Session(
      Tool tool,
      Source source,
      Reading reading,
      String fallbackName,
      Consumer<CapturedEvent> events) {
    this.tool = tool;
    this.source = source;
    this.rules = reading.rules();
    this.redactor = reading.redactor();
    this.clock = reading.clock();
    this.fallbackName = fallbackName;
    this.events = events;
  }

  Tool tool() {
    return tool;
  }

  CaptureRules rules() {
    return rules;
  }

  Redactor redactor() {
    return redactor;
  }

  Turns turns() {
    return turns;
  }

  Calls calls() {
    return calls;
  }

  Usages usages() {
    return usages;
  }

  ProjectPaths project() {
    return project;
  }

  Instant at() {
    return at;
  }

  boolean isSubagent() {
    return subagent;
  }

  @Nullable Ref agent() {
    return agent;
  }

  @Nullable String model() {
    return model;
  }

  // ---- what the records say about the session as a whole; the first to say so is believed

  boolean isNamed() {
    return name != null;
  }

  void named(@Nullable String native_) {
    name = name == null ? native_ : name;
  }

  String name() {
    return name == null ? fallbackName : name;
  }

  void startedFrom(@Nullable String parentSession) {
    parent = parent == null ? parentSession : parent;
  }

  void in(@Nullable String folder) {
    if (project.root().isEmpty() && folder != null) {
      project = new ProjectPaths(folder);
    }
  }

  /// A project that is known by a name only, as where a tool keeps a hash of its folder.
  void inProjectNamed(@Nullable String native_) {
    projectName = projectName == null ? native_ : projectName;
  }

  void version(@Nullable String value) {
    if (value == null || value.equals(nativeVersion)) {
      // Every record says it again.
      return;
    }
    nativeVersion = value;
    String fitting = Bounds.version(value);
    version = fitting == null ? version : fitting;
  }

  void branch(@Nullable String value) {
    branch = value == null ? branch : value;
  }

  void permissionMode(@Nullable PermissionMode mode) {
    permissionMode = mode == null ? permissionMode : mode;
  }

  void entrypoint(Entrypoint value) {
    entrypoint = value;
  }

  void system(OperatingSystem value) {
    system = value;
  }

  void model(@Nullable String native_) {
    model = native_ == null || native_.isBlank() ? model : native_;
  }

  /// The whole file belongs to a sub-agent of the session.
  void ofAgent() {
    agentOnly = true;
  }

  // ---- the record at hand

  /// A record begins. One without a time happened when the one before it did.
  void record(String recordKey, @Nullable Instant nativeTime) {
    key = recordKey;
    ordinals.clear();
    subagent = agentOnly;
    left = NOTHING_LEFT;
    if (nativeTime == null) {
      return;
    }
    at = nativeTime.plus(rules.moved());
    Instant last = lastAt;
    if (started && last != null && at.isAfter(last.plus(IDLE))) {
      endStretch();
    }
    firstAt = firstAt == null || at.isBefore(firstAt) ? at : firstAt;
    lastAt = lastAt == null || at.isAfter(lastAt) ? at : lastAt;
  }

  /// How much of the record stays here; its first event says so.
  void leaving(int fields, int bytes, int unknown) {
    left =
        new Redaction(
            Bounds.count(fields, 9_999),
            Bounds.count(bytes, BILLION),
            Bounds.count(unknown, 9_999));
  }

  void byAgent(boolean isSubagent, @Nullable String agentId) {
    subagent = isSubagent || agentOnly;
    agent = agentId == null ? null : rules.refs().of("agent", agentId);
  }

  boolean canTell() {
    return !at.equals(Instant.EPOCH);
  }

  /// Does something at another time, as a record of its own, and comes back to the one at hand.
  void aside(String otherKey, Instant otherTime, Runnable work) {
    String savedKey = key;
    Instant savedAt = at;
    Redaction savedLeft = left;
    Map<String, Integer> savedOrdinals = Map.copyOf(ordinals);
    ordinals.clear();
    key = otherKey;
    at = otherTime;
    left = NOTHING_LEFT;
    work.run();
    key = savedKey;
    at = savedAt;
    left = savedLeft;
    ordinals.clear();
    ordinals.putAll(savedOrdinals);
  }

  // ---- the beginning and the end

  /// The session began with the first record that has a time and says something.
  void start() {
    if (started || agentOnly || !canTell()) {
      return;
    }
    started = true;
    StartReason reason = resumed ? StartReason.RESUME : StartReason.UNKNOWN;
    // Two stretches never begin in the same millisecond, so the time keeps their ids apart.
    aside(
        "start",
        at,
        () ->
            emit(
                new CapturedEvent.SessionStarted(
                    about("session.started", null, false, null),
                    reason,
                    Bounds.model(model),
                    system == null ? systemOf(project.root()) : system,
                    entrypoint,
                    null)));
  }

  /// Ids of ends follow from their times: once the break is long enough, nothing moves the last
  /// record before it, so reading a longer file again gives the same end.
  private void endStretch() {
    Instant first = firstAt;
    Instant last = lastAt;
    if (!started || first == null || last == null) {
      return;
    }
    Calls.Counts counts = calls.takeCounts();
    int turnCount = turns.takeCount();
    aside(
        "end",
        last,
        () ->
            emit(
                new CapturedEvent.SessionEnded(
                    about("session.ended", null, false, null),
                    EndReason.INFERRED_IDLE,
                    Math.clamp(
                        Duration.between(first, last).toMillis(),
                        0,
                        Duration.ofDays(31).toMillis()),
                    Bounds.count(turnCount, MILLION),
                    Bounds.count(counts.toolCalls(), MILLION),
                    Bounds.count(counts.filesTouched(), MILLION),
                    Bounds.count(counts.linesAdded(), TEN_MILLION),
                    Bounds.count(counts.linesRemoved(), TEN_MILLION))));
    started = false;
    resumed = true;
    firstAt = null;
    lastAt = null;
  }

  /// The file ended, which need not mean that the session has.
  void end() {
    usages.flush();
    subagent = agentOnly;
    left = NOTHING_LEFT;
    Instant last = lastAt;
    boolean idle = last != null && last.plus(IDLE).isBefore(clock.instant());
    turns.fileEnded(idle);
    if (idle) {
      endStretch();
    }
    Instant when = last == null ? clock.instant().truncatedTo(ChronoUnit.MILLIS) : last;
    gaps.forEach((gapKey, gap) ->
        aside(
            "gap " + gapKey + " " + gap.count,
            when,
            () ->
                emit(
                    new CapturedEvent.CaptureGap(
                        about("capture.gap", null, false, null),
                        gap.reason,
                        Bounds.count(gap.count, MILLION),
                        gap.type))));
    gaps.clear();
  }

  // ---- what fits nowhere else

  void gap(GapReason reason, @Nullable String recordType) {
    Ref type = recordType == null ? null : rules.refs().of("record_type", recordType);
    String gapKey = reason.name() + (type == null ? "" : type.hex());
    if (gaps.size() < MOST_GAPS || gaps.containsKey(gapKey)) {
      gaps.computeIfAbsent(gapKey, _ -> new Gap(reason, type)).count++;
    }
  }

  void compacted(CompactionTrigger trigger, @Nullable Long before, @Nullable Long after) {
    if (!canTell()) {
      gap(GapReason.PARSE_ERROR, null);
      return;
    }
    emit(
        new CapturedEvent.ContextCompacted(
            envelope("context.compacted", null),
            trigger,
            before == null ? null : Bounds.count(before, 100_000_000),
            after == null ? null : Bounds.count(after, 100_000_000),
            true));
  }

  /// The turn that the record at hand begins.
  Ref turnRef() {
    return rules.refs().of("turn", name() + "/" + key);
  }

  // ---- envelopes

  Envelope envelope(String kind, @Nullable Ref call) {
    return about(kind, call, subagent, turns.current());
  }

  Envelope about(String kind, @Nullable Ref call, boolean bySubagent, @Nullable Ref turn) {
    int ordinal = ordinals.merge(kind, 1, Integer::sum);
    String about = name() + "/" + key + "/" + kind + "/" + ordinal;
    return envelopeAs(about, call, bySubagent, turn, agent);
  }

  Envelope envelopeAs(
      String about,
      @Nullable Ref call,
      boolean bySubagent,
      @Nullable Ref turn,
      @Nullable Ref byAgent) {
    Redaction behind = left;
    left = NOTHING_LEFT;
    String root = project.root().isEmpty() ? projectName : project.root();
    String onBranch = branch;
    return new Envelope(
        SCHEMA_VERSION,
        rules.refs().eventId(at, about),
        at,
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        seq,
        tool,
        version,
        rules.clientVersion(),
        source,
        ofSession.of(rules.refs(), name()),
        turn,
        call,
        byAgent,
        parent == null ? null : rules.refs().of("session", parent),
        root == null ? null : ofProject.of(rules.refs(), root),
        onBranch == null || onBranch.isEmpty() ? null : ofBranch.of(rules.refs(), onBranch),
        null,
        bySubagent,
        permissionMode,
        behind);
  }

  void emit(CapturedEvent event) {
    seq++;
    events.accept(event);
  }

  private static OperatingSystem systemOf(String root) {
    if (root.startsWith("/Users/") || root.startsWith("/private/")) {
      return OperatingSystem.MACOS;
    } else if (root.length() > 1 && root.charAt(1) == ':') {
      return OperatingSystem.WINDOWS;
    }
    return root.startsWith("/home/") || root.startsWith("/root") || root.startsWith("/workspace")
        ? OperatingSystem.LINUX
        : OperatingSystem.OTHER;
  }

  /// A map that forgets its eldest entry when it is full.
  static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
