// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that happened between an engineer and an AI tool, as it may leave the engineer's
/// machine. `docs/privacy.md` says what each field is for and how it is bounded; this type says
/// only that there is no other field.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public sealed interface CapturedEvent {

  /// Where and when it happened.
  Envelope envelope();

  /// A session with an AI tool began.
  @JsonTypeName("session.started")
  record SessionStarted(
      @JsonUnwrapped Envelope envelope,
      StartReason startReason,
      @Nullable String model,
      OperatingSystem os,
      Entrypoint entrypoint,
      @Nullable Integer mcpServerCount)
      implements CapturedEvent {}

  /// A session ended, or nothing came from it for long enough to say so.
  @JsonTypeName("session.ended")
  record SessionEnded(
      @JsonUnwrapped Envelope envelope,
      EndReason endReason,
      long durationMs,
      int turns,
      int toolCalls,
      int filesTouched,
      int linesAdded,
      int linesRemoved)
      implements CapturedEvent {}

  /// An engineer asked for something. The words are there only under the capture profile `prose`,
  /// and only redacted.
  @JsonTypeName("prompt.submitted")
  record PromptSubmitted(
      @JsonUnwrapped Envelope envelope,
      int chars,
      int lines,
      int codeBlocks,
      int codeChars,
      int attachments,
      int images,
      int fileMentions,
      PromptOrigin origin,
      @Nullable BuiltinCommand builtinCommand,
      @Nullable Prose text)
      implements CapturedEvent {}

  /// The tool finished what one prompt had started.
  @JsonTypeName("turn.completed")
  record TurnCompleted(
      @JsonUnwrapped Envelope envelope,
      TurnOutcome outcome,
      @Nullable Integer durationMs,
      int toolCalls,
      int responseChars,
      int backgroundTasks)
      implements CapturedEvent {}

  /// A turn ended in an error of the model or its service.
  @JsonTypeName("turn.failed")
  record TurnFailed(
      @JsonUnwrapped Envelope envelope,
      TurnError errorClass,
      @Nullable Integer httpStatus,
      int retries)
      implements CapturedEvent {}

  /// The AI tool used one of its own tools.
  @JsonTypeName("tool.completed")
  record ToolCompleted(
      @JsonUnwrapped Envelope envelope,
      ToolClass toolClass,
      String toolName,
      Status status,
      @Nullable Integer durationMs,
      int inputBytes,
      int outputBytes,
      @Nullable ToolError errorClass,
      @Nullable Ref mcpServerRef,
      @Nullable Ref mcpToolRef)
      implements CapturedEvent {}

  /// One simple command ran in a shell: its skeleton, never its arguments.
  @JsonTypeName("command.executed")
  record CommandExecuted(
      @JsonUnwrapped Envelope envelope,
      String program,
      @Nullable String subcommand,
      List<String> flags,
      CommandCategory category,
      int segments,
      boolean hasHeredoc,
      boolean hasPipe,
      boolean inBackground,
      @Nullable Integer exitCode,
      ExitCodeScope exitCodeScope,
      Status status,
      @Nullable Integer durationMs,
      int commandChars,
      int outputLines,
      int outputBytes)
      implements CapturedEvent {}

  /// A file was read or changed: how much of it, never what.
  @JsonTypeName("file.touched")
  record FileTouched(
      @JsonUnwrapped Envelope envelope,
      FileOperation op,
      PathMode pathMode,
      @Nullable String path,
      @Nullable Ref pathRef,
      @Nullable String extension,
      @Nullable String language,
      FileCategory category,
      boolean inProject,
      int linesAdded,
      int linesRemoved,
      int hunks,
      @Nullable Integer bytesBefore,
      @Nullable Integer bytesAfter,
      @Nullable Integer linesRead,
      @Nullable Boolean userModified)
      implements CapturedEvent {}

  /// A test run, build or lint gave a verdict.
  @JsonTypeName("check.completed")
  record CheckCompleted(
      @JsonUnwrapped Envelope envelope,
      CheckType checkType,
      CheckFramework framework,
      CheckOutcome outcome,
      OutcomeBasis outcomeBasis,
      @Nullable Integer total,
      @Nullable Integer passed,
      @Nullable Integer failed,
      @Nullable Integer skipped,
      @Nullable Integer errors,
      @Nullable Integer warnings,
      @Nullable Integer durationMs,
      @Nullable Integer exitCode)
      implements CapturedEvent {}

  /// A tool call was allowed or denied.
  @JsonTypeName("permission.decided")
  record PermissionDecided(
      @JsonUnwrapped Envelope envelope,
      PermissionDecision decision,
      PermissionDecider decider,
      ToolClass toolClass,
      String toolName,
      @Nullable Integer waitMs)
      implements CapturedEvent {}

  /// A model answered: what it cost in tokens, counted once per answer.
  @JsonTypeName("model.usage")
  record ModelUsed(
      @JsonUnwrapped Envelope envelope,
      String model,
      @Nullable Provider provider,
      int inputTokens,
      int outputTokens,
      int cacheReadTokens,
      int cacheCreationTokens,
      int reasoningTokens,
      int requests,
      @Nullable Integer durationMs,
      @Nullable Long costUsdMicros,
      Ref usageRef)
      implements CapturedEvent {}

  /// The tool shortened its context.
  @JsonTypeName("context.compacted")
  record ContextCompacted(
      @JsonUnwrapped Envelope envelope,
      CompactionTrigger trigger,
      @Nullable Integer tokensBefore,
      @Nullable Integer tokensAfter,
      boolean success)
      implements CapturedEvent {}

  /// A sub-agent finished its task.
  @JsonTypeName("subagent.completed")
  record SubagentCompleted(
      @JsonUnwrapped Envelope envelope,
      AgentType agentType,
      Status status,
      @Nullable Integer durationMs,
      @Nullable Integer toolCalls,
      @Nullable Integer totalTokens,
      @Nullable String model)
      implements CapturedEvent {}

  /// Something could not be captured, and is said to be missing rather than guessed.
  @JsonTypeName("capture.gap")
  record CaptureGap(
      @JsonUnwrapped Envelope envelope, GapReason reason, int count, @Nullable Ref recordTypeRef)
      implements CapturedEvent {}

  /// What the engineer wrote down on purpose, redacted.
  @JsonTypeName("rationale.recorded")
  record RationaleRecorded(@JsonUnwrapped Envelope envelope, Prose text, RationaleTopic about)
      implements CapturedEvent {}
}
