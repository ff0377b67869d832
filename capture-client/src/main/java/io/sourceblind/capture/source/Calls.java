// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.command.CommandLine;
import io.sourceblind.capture.command.CommandSkeleton;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.ExitCodeScope;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PermissionDecider;
import io.sourceblind.events.PermissionDecision;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tool calls of a session: a call waits here for its result, and both become the events that
/// tell of a tool, its commands, files, checks and decisions.
final class Calls {

  private static final int MOST_PENDING = 10_000;
  private static final int MOST_ANSWERED = 10_000;
  private static final int MOST_FILES = 100_000;
  private static final int MILLION = 1_000_000;
  private static final int BILLION = 1_000_000_000;

  private final Session session;
  private final Map<String, Pending> pending = Session.bounded(MOST_PENDING);
  private final Map<Ref, Boolean> answered = Session.bounded(MOST_ANSWERED);
  private final Set<Ref> edited = new HashSet<>();
  private int toolCalls;
  private long linesAdded;
  private long linesRemoved;

  private record Pending(Call call, Instant at, @Nullable Ref turn) {}

  /// What a stretch of a session came to.
  record Counts(int toolCalls, int filesTouched, long linesAdded, long linesRemoved) {}

  Calls(Session session) {
    this.session = session;
  }

  Counts takeCounts() {
    Counts counts = new Counts(toolCalls, edited.size(), linesAdded, linesRemoved);
    toolCalls = 0;
    linesAdded = 0;
    linesRemoved = 0;
    edited.clear();
    return counts;
  }

  void add(String id, Call call) {
    count(call);
    pending.put(id, new Pending(call, session.at(), session.turns().current()));
  }

  boolean isPending(String id) {
    return pending.containsKey(id);
  }

  /// Whether a call of this id was told of before, with or without its result.
  boolean isKnown(String id) {
    return pending.containsKey(id) || answered.containsKey(refOf(id));
  }

  @Nullable Call pending(String id) {
    Pending waiting = pending.get(id);
    return waiting == null ? null : waiting.call();
  }

  /// A waiting call turns out to be another kind of call.
  void replace(String id, Call call) {
    pending.computeIfPresent(id, (_, waiting) -> new Pending(call, waiting.at(), waiting.turn()));
  }

  /// The result of a call that waits; one that does not, is a gap.
  void answer(String id, Answer answer) {
    Pending waiting = pending.remove(id);
    if (waiting == null) {
      if (!answered.containsKey(refOf(id))) {
        session.gap(GapReason.PARSE_ERROR, null);
      }
      return;
    }
    if (!session.canTell()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    Integer took =
        answer.durationMs() == null
            ? Bounds.millis(Duration.between(waiting.at(), session.at()).toMillis())
            : answer.durationMs();
    Ref before =
        session.turns().swap(waiting.turn() == null ? session.turns().current() : waiting.turn());
    tell(id, waiting.call(), answer.took(took));
    session.turns().swap(before);
  }

  /// A call and its result in one record.
  void ran(String id, Call call, Answer answer) {
    if (!session.canTell()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    count(call);
    tell(id, call, answer);
  }

  private void count(Call call) {
    if (!session.isSubagent()) {
      toolCalls++;
      session.turns().called(call.background());
    }
  }

  private Ref refOf(String id) {
    return session.rules().refs().of("call", id);
  }

  private void tell(String id, Call call, Answer answer) {
    session.start();
    Ref ref = refOf(id);
    answered.put(ref, true);
    session.emit(
        new CapturedEvent.ToolCompleted(
            session.envelope("tool.completed", ref),
            call.tool().toolClass(),
            call.tool().name(),
            answer.status(),
            answer.durationMs(),
            call.inputBytes(),
            Bounds.count(answer.output().characters(), BILLION),
            answer.error(),
            call.mcpServer(),
            call.mcpTool()));
    if (answer.status() == Status.DENIED) {
      session.emit(
          new CapturedEvent.PermissionDecided(
              session.envelope("permission.decided", ref),
              PermissionDecision.DENY,
              PermissionDecider.USER,
              call.tool().toolClass(),
              call.tool().name(),
              answer.durationMs()));
    } else if (call.command() != null) {
      commands(call, call.command(), ref, answer);
    } else if (answer.status() == Status.OK || answer.status() == Status.UNKNOWN) {
      List<FileChange> files = answer.files();
      (files == null ? call.files() : files).forEach(file -> touched(file, ref));
    }
    if (call.agentType() != null) {
      agentDone(call, ref, answer);
    }
  }

  private void commands(Call call, CommandLine line, Ref ref, Answer answer) {
    Output output = answer.output();
    Status status = answer.status();
    Integer exit = answer.exitCode();
    int last = line.commands().size() - 1;
    for (int i = 0; i <= last; i++) {
      CommandSkeleton command = line.commands().get(i);
      // What is measured is measured of the whole, and told once, with the command it speaks for.
      boolean speaks = i == last;
      session.emit(
          new CapturedEvent.CommandExecuted(
              session.envelope("command.executed", ref),
              command.program(),
              command.subcommand(),
              command.flags(),
              command.category(),
              line.segments(),
              line.hasHeredoc(),
              line.hasPipe(),
              line.inBackground() || call.background(),
              speaks ? exit : null,
              speaks ? line.exitCodeScope() : ExitCodeScope.UNKNOWN,
              speaks || (status == Status.OK && !line.hasPipe()) ? status : Status.UNKNOWN,
              speaks ? answer.durationMs() : null,
              speaks ? Bounds.count(line.characters(), MILLION) : 0,
              speaks ? Bounds.count(output.lines(), BILLION) : 0,
              speaks ? Bounds.count(output.bytes(), BILLION) : 0));
    }
    if (status == Status.INTERRUPTED || call.background()) {
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i <= last; i++) {
      boolean own = i == last || (exit != null && exit == 0 && !line.hasPipe());
      CheckSummary check = CheckSummary.of(line.commands().get(i), output, exit, own).orElse(null);
      if (check != null && seen.add(check.type() + "/" + check.framework())) {
        session.emit(
            new CapturedEvent.CheckCompleted(
                session.envelope("check.completed", ref),
                check.type(),
                check.framework(),
                check.outcome(),
                check.basis(),
                check.total(),
                check.passed(),
                check.failed(),
                check.skipped(),
                check.errors(),
                check.warnings(),
                answer.durationMs(),
                own ? exit : null));
      }
    }
  }

  /// A file was touched by a call, or, with no ref, by something no call tells of.
  void touched(FileChange change, @Nullable Ref ref) {
    if (!session.canTell()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    session.start();
    ProjectPaths.Shown shown = session.project().show(change.path(), session.rules());
    FileKind kind = FileKind.of(change.path().replace('\\', '/'));
    boolean reads = change.op() == FileOperation.READ;
    if (!reads && shown.inProject() && edited.size() < MOST_FILES) {
      edited.add(session.rules().refs().of("edited", change.path()));
    }
    linesAdded += change.added();
    linesRemoved += change.removed();
    session.emit(
        new CapturedEvent.FileTouched(
            session.envelope("file.touched", ref),
            change.op(),
            shown.mode(),
            shown.path(),
            shown.ref(),
            kind.extension(),
            kind.language(),
            kind.category(),
            shown.inProject(),
            reads ? 0 : Bounds.count(change.added(), MILLION),
            reads ? 0 : Bounds.count(change.removed(), MILLION),
            reads ? 0 : Bounds.count(change.hunks(), 99_999),
            change.bytesBefore() == null ? null : Bounds.count(change.bytesBefore(), BILLION),
            change.bytesAfter() == null ? null : Bounds.count(change.bytesAfter(), BILLION),
            reads && change.linesRead() != null ? Bounds.count(change.linesRead(), MILLION) : null,
            change.userModified()));
  }

  private void agentDone(Call call, Ref ref, Answer answer) {
    Answer.AgentRun run =
        answer.agent() == null ? new Answer.AgentRun(null, null, null, null) : answer.agent();
    session.emit(
        new CapturedEvent.SubagentCompleted(
            session.envelope("subagent.completed", ref),
            Objects.requireNonNull(call.agentType()),
            answer.status(),
            run.durationMs() == null ? answer.durationMs() : run.durationMs(),
            run.toolCalls() == null ? null : Bounds.count(run.toolCalls(), 99_999),
            run.tokens() == null ? null : Bounds.count(run.tokens(), BILLION),
            Bounds.model(run.model())));
  }
}
