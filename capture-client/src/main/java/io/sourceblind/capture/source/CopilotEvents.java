// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The event log that Copilot CLI and, in the same form, Copilot's agent in VS Code keep.
final class CopilotEvents extends Transcript {

  private static final Set<String> IGNORED =
      Set.of(
          "session.info",
          "session.warning",
          "session.title_changed",
          "session.context_changed",
          "session.auto_mode_resolved",
          "session.usage_checkpoint",
          "session.usage_info",
          "session.idle",
          "session.handoff",
          "session.snapshot_rewind",
          "session.task_complete",
          "session.compaction_start",
          "session.mode_changed",
          "session.plan_changed",
          "session.tools_updated",
          "session.skills_loaded",
          "session.workspace_file_changed",
          "system.message",
          "system.notification",
          "assistant.reasoning",
          "assistant.intent",
          "assistant.turn_start",
          "assistant.turn_end",
          "tool.execution_progress",
          "tool.execution_partial_result",
          "tool.user_requested",
          "subagent.started",
          "subagent.selected",
          "subagent.deselected",
          "skill.invoked",
          "hook.start",
          "hook.end",
          "permission.requested",
          "permission.completed");

  private boolean answersHaveUsage;

  CopilotEvents(Tool tool, Reading reading, Path file, Consumer<CapturedEvent> events) {
    super(told -> new Session(tool, Source.TRANSCRIPT, reading, Names.stem(file), told), events);
    session.entrypoint(tool == Tool.COPILOT_CLI ? Entrypoint.CLI : Entrypoint.IDE);
  }

  @Override
  public void row(JsonNode row, int number, int bytes) {
    String type = Json.text(row, "type", "");
    JsonNode data = Json.object(row, "data");
    if (data == null) {
      session.gap(GapReason.UNKNOWN_TYPE, type);
      return;
    }
    session.record("line " + number, Json.instant(row, "timestamp"));
    session.leaving(data.size(), bytes, 0);
    switch (type) {
      case "session.start", "session.resume" -> begun(data);
      case "session.model_change" -> session.model(Json.text(data, "newModel"));
      case "user.message" -> said(data);
      case "assistant.message" -> answered(data);
      case "assistant.usage" -> used(data, number);
      case "tool.execution_start" -> called(data);
      case "tool.execution_complete" -> returned(data);
      case "subagent.completed", "subagent.failed" -> agentDone(data, type.endsWith("failed"));
      case "session.compaction_complete", "session.truncation" -> shortened(data);
      case "abort" -> {
        session.turns().outcome(TurnOutcome.INTERRUPTED);
        session.turns().finish(null);
      }
      case "session.error" ->
          Failures.tell(
              session,
              Json.text(data, "errorType", "") + " " + Json.text(data, "message", ""),
              Json.number(data, "statusCode"),
              0);
      case "session.shutdown" -> shutDown(data, number);
      default -> {
        if (!IGNORED.contains(type)) {
          session.gap(GapReason.UNKNOWN_TYPE, type);
        }
      }
    }
  }

  private void begun(JsonNode data) {
    session.named(Json.text(data, "sessionId"));
    session.version(Json.text(data, "copilotVersion"));
    session.model(Json.text(data, "selectedModel"));
    JsonNode context = Json.object(data, "context");
    session.in(Json.text(context, "gitRoot", Json.text(context, "cwd", "")));
    session.branch(Json.text(context, "branch"));
    session.start();
  }

  private void said(JsonNode data) {
    JsonNode attachments = Json.array(data, "attachments");
    session
        .turns()
        .prompt(Json.text(data, "content", ""), 0, attachments == null ? 0 : attachments.size());
  }

  private void answered(JsonNode data) {
    session.start();
    if (Json.text(data, "parentToolCallId") == null) {
      session.turns().answered(Json.length(data, "content"));
      JsonNode requests = Json.array(data, "toolRequests");
      if (requests == null || requests.isEmpty()) {
        session.turns().outcome(TurnOutcome.COMPLETED);
      }
    }
  }

  private void used(JsonNode data, int number) {
    answersHaveUsage = true;
    session
        .usages()
        .see(
            session.name() + "/" + Json.text(data, "apiCallId", "line " + number),
            Json.text(data, "model"),
            tokens(data),
            null);
  }

  private static Usages.Tokens tokens(@Nullable JsonNode usage) {
    long cached = Json.number(usage, "cacheReadTokens", 0);
    return new Usages.Tokens(
        Math.max(0, Json.number(usage, "inputTokens", 0) - cached),
        Json.number(usage, "outputTokens", 0),
        cached,
        Json.number(usage, "cacheWriteTokens", 0),
        Json.number(usage, "reasoningTokens", 0));
  }

  private void called(JsonNode data) {
    session.start();
    String id = Json.text(data, "toolCallId");
    String name = Json.text(data, "toolName");
    if (id == null || name == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    session.byAgent(Json.text(data, "parentToolCallId") != null, null);
    JsonNode input = Json.object(data, "arguments");
    String server = Json.text(data, "mcpServerName");
    if (server == null) {
      session.calls().add(id, ToolInput.call(ToolKind.of(session.tool(), name), input));
      return;
    }
    session
        .calls()
        .add(
            id,
            ToolInput.mcp(
                session.rules().refs(), server, Json.text(data, "mcpToolName", name), input));
  }

  private void returned(JsonNode data) {
    String id = Json.text(data, "toolCallId");
    if (id == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    session.byAgent(Json.text(data, "parentToolCallId") != null, null);
    JsonNode result = Json.object(data, "result");
    String output = Json.text(result, "content", "");
    JsonNode error = Json.object(data, "error");
    Call call = session.calls().pending(id);
    Answer answer;
    if (Json.isTrue(data, "success")) {
      answer = Answer.of(Status.OK, output);
    } else {
      String words = Json.text(error, "code", "") + " " + Json.text(error, "message", "");
      answer =
          Answer.of(
              words.contains("denied") ? Status.DENIED : Status.ERROR, output + words.strip());
    }
    if (call != null && call.tool().runsCommands()) {
      answer = answer.exited(exitCode(result, output));
    }
    Long took =
        Json.number(Json.object(Json.object(data, "toolTelemetry"), "metrics"), "durationMs");
    session.calls().answer(id, took == null ? answer : answer.took(Bounds.millis(took)));
  }

  private static @Nullable Integer exitCode(@Nullable JsonNode result, String output) {
    JsonNode contents = Json.array(result, "contents");
    if (contents != null) {
      for (JsonNode content : contents) {
        Long code = Json.number(content, "exitCode");
        if (code != null) {
          return code.intValue();
        }
      }
    }
    return ExitCodes.behind(output, "exited with exit code ", "exit code: ");
  }

  private void agentDone(JsonNode data, boolean failed) {
    String id = Json.text(data, "toolCallId");
    if (id == null || !session.canTell()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    Long took = Json.number(data, "durationMs");
    session.start();
    session.emit(
        new CapturedEvent.SubagentCompleted(
            session.envelope("subagent.completed", session.rules().refs().of("call", id)),
            ToolInput.agentType(Json.text(data, "agentName", "")),
            failed ? Status.ERROR : Status.OK,
            took == null ? null : Bounds.millis(took),
            Bounds.count(Json.number(data, "totalToolCalls", 0), 99_999),
            Bounds.count(Json.number(data, "totalTokens", 0), 1_000_000_000),
            Bounds.model(Json.text(data, "model"))));
  }

  private void shortened(JsonNode data) {
    session.start();
    Long before = Json.number(data, "preCompactionTokens");
    Long after = Json.number(data, "postCompactionTokens");
    session.compacted(
        CompactionTrigger.AUTO,
        before == null ? Json.number(data, "preTruncationTokensInMessages") : before,
        after == null ? Json.number(data, "postTruncationTokensInMessages") : after);
  }

  /// Sums by model, for versions that do not write down the usage of each answer.
  private void shutDown(JsonNode data, int number) {
    JsonNode models = Json.object(data, "modelMetrics");
    if (models == null || answersHaveUsage) {
      return;
    }
    session.start();
    for (String model : models.propertyNames()) {
      JsonNode metrics = models.get(model);
      Usages.Tokens tokens = tokens(Json.object(metrics, "usage"));
      if (!tokens.isNone()) {
        session
            .usages()
            .see(
                session.name() + "/shutdown " + number + "/" + model,
                model,
                tokens,
                null,
                Objects.requireNonNullElse(
                        Json.number(Json.object(metrics, "requests"), "count"), 1L)
                    .intValue());
      }
    }
  }
}
