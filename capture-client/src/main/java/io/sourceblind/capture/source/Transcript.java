// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.command.CommandLine;
import io.sourceblind.capture.command.CommandSkeleton;
import io.sourceblind.capture.redact.PlainProse;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.AgentType;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.EndReason;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.Envelope;
import io.sourceblind.events.ExitCodeScope;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.OperatingSystem;
import io.sourceblind.events.PermissionDecider;
import io.sourceblind.events.PermissionDecision;
import io.sourceblind.events.PermissionMode;
import io.sourceblind.events.PromptOrigin;
import io.sourceblind.events.Provider;
import io.sourceblind.events.Redaction;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Source;
import io.sourceblind.events.StartReason;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.ToolClass;
import io.sourceblind.events.ToolError;
import io.sourceblind.events.TurnError;
import io.sourceblind.events.TurnOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One transcript while it is being read: what must be remembered from row to row, and how rows
/// become events. Everything it keeps is bounded.
final class Transcript {

  private static final int SCHEMA_VERSION = 1;
  private static final int MOST_PENDING = 10_000;
  private static final int MOST_USAGES = 256;
  private static final int MOST_FILES = 100_000;
  private static final int MOST_ANSWERS = 100_000;
  private static final int MILLION = 1_000_000;
  private static final int TEN_MILLION = 10_000_000;
  private static final int BILLION = 1_000_000_000;

  /// After this long without a record a session counts as over.
  private static final Duration IDLE = Duration.ofMinutes(30);

  private static final Set<String> KNOWN_KEYS =
      Set.of(
          "type",
          "uuid",
          "parentUuid",
          "sessionId",
          "timestamp",
          "cwd",
          "gitBranch",
          "version",
          "isSidechain",
          "userType",
          "isMeta",
          "agentId",
          "entrypoint",
          "slug",
          "requestId",
          "toolUseResult",
          "sourceToolAssistantUUID",
          "permissionMode",
          "todos",
          "thinkingMetadata",
          "planContent",
          "isCompactSummary",
          "isVisibleInTranscriptOnly",
          "isApiErrorMessage",
          "logicalParentUuid",
          "message",
          "subtype",
          "level",
          "hookCount",
          "hookInfos",
          "hookErrors",
          "preventedContinuation",
          "stopReason",
          "hasOutput",
          "durationMs",
          "effort",
          "error",
          "content",
          "promptId",
          "origin",
          "maxRetries",
          "retryAttempt",
          "retryInMs",
          "promptSource",
          "compactMetadata",
          "data",
          "toolUseID",
          "parentToolUseID",
          "messageId",
          "snapshot",
          "isSnapshotUpdate",
          "summary",
          "leafUuid",
          "operation",
          "attachment",
          "imagePasteIds",
          "messageCount",
          "sourceToolUseID",
          "costUSD");

  /// Keys whose values are never looked at, only counted as left behind.
  private static final Set<String> IGNORED_TYPES =
      Set.of(
          "file-history-snapshot",
          "queue-operation",
          "summary",
          "custom-title",
          "ai-title",
          "agent-name",
          "agent-setting",
          "mode",
          "last-prompt",
          "bridge-session",
          "worktree-state",
          "pr-link",
          "progress",
          "tag",
          "saved_hook_context",
          "content-replacement",
          "marble-origami-commit",
          "marble-origami-snapshot",
          "speculation-accept",
          "attribution-snapshot",
          "fork-context-ref",
          "result");

  private static final Set<String> IGNORED_SUBTYPES =
      Set.of(
          "stop_hook_summary",
          "microcompact_boundary",
          "away_summary",
          "informational",
          "bridge_status",
          "session_start",
          "error",
          "api_refusal",
          "model_refusal_fallback",
          "agents_killed",
          "scheduled_task_fire",
          "memory_saved",
          "file_snapshot",
          "permission_retry");

  private final CaptureRules rules;
  private final Redactor redactor;
  private final Clock clock;
  private final Consumer<CapturedEvent> events;
  private final String fallbackSession;

  private final Map<String, PendingCall> pending = bounded(MOST_PENDING);
  private final Map<String, UsageDraft> usages = new LinkedHashMap<>();
  private final Map<Ref, Boolean> counted = bounded(MOST_ANSWERS);
  private final Map<String, Gap> gaps = new LinkedHashMap<>();
  private final Set<Ref> edited = new HashSet<>();

  private @Nullable String session;
  private ProjectPaths project = new ProjectPaths(null);
  private @Nullable Instant firstAt;
  private @Nullable Instant lastAt;
  private @Nullable String version;
  private @Nullable String branch;
  private @Nullable PermissionMode permissionMode;
  private boolean started;
  private boolean agentFile;
  private int seq;
  private int turns;
  private int toolCalls;
  private long linesAdded;
  private long linesRemoved;

  // The row at hand.
  private String rowKey = "";
  private int ordinal;
  private Instant at = Instant.EPOCH;
  private boolean subagent;
  private @Nullable Ref agent;
  private Redaction left = new Redaction(0, 0, 0);

  // The turn at hand.
  private @Nullable Ref turn;
  private @Nullable Instant turnAt;
  private int turnToolCalls;
  private long turnResponse;
  private int turnBackground;
  private TurnOutcome turnOutcome = TurnOutcome.UNKNOWN;

  private static final class Gap {
    final GapReason reason;
    final @Nullable Ref type;
    int count;

    Gap(GapReason reason, @Nullable Ref type) {
      this.reason = reason;
      this.type = type;
    }
  }

  Transcript(
      CaptureRules rules,
      Redactor redactor,
      Clock clock,
      String fallbackSession,
      Consumer<CapturedEvent> events) {
    this.rules = rules;
    this.redactor = redactor;
    this.clock = clock;
    this.fallbackSession = fallbackSession;
    this.events = events;
  }

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  void gap(GapReason reason, @Nullable String recordType) {
    Ref type = recordType == null ? null : rules.refs().of("record_type", recordType);
    String key = reason.name() + (type == null ? "" : type.hex());
    if (gaps.size() < 200 || gaps.containsKey(key)) {
      gaps.computeIfAbsent(key, _ -> new Gap(reason, type)).count++;
    }
  }

  // ---- rows

  void row(JsonNode row, int bytes) {
    String type = Json.text(row, "type");
    if (type == null) {
      gap(GapReason.PARSE_ERROR, null);
      return;
    }
    enter(row, bytes);
    switch (type) {
      case "user" -> user(row);
      case "assistant" -> assistant(row);
      case "system" -> system(row);
      case "attachment" -> attachment(row);
      case "permission-mode" -> permissionMode = permissionModeOf(Json.text(row, "permissionMode"));
      default -> {
        if (!IGNORED_TYPES.contains(type)) {
          gap(GapReason.UNKNOWN_TYPE, type);
        }
      }
    }
  }

  private void enter(JsonNode row, int bytes) {
    Instant kept = Json.instant(row, "timestamp");
    Instant stamp = kept == null ? null : kept.plus(rules.moved());
    boolean side = Json.isTrue(row, "isSidechain") || Json.text(row, "agentId") != null;
    if (session == null && Json.text(row, "sessionId") != null) {
      session = Json.text(row, "sessionId");
      agentFile = side;
    }
    if (stamp != null) {
      at = stamp;
      firstAt = firstAt == null || stamp.isBefore(firstAt) ? stamp : firstAt;
      lastAt = lastAt == null || stamp.isAfter(lastAt) ? stamp : lastAt;
    }
    String folder = Json.text(row, "cwd");
    if (project.root().isEmpty() && folder != null) {
      project = new ProjectPaths(folder);
    }
    version = Bounds.version(Json.text(row, "version", version == null ? "" : version));
    branch = Json.text(row, "gitBranch", branch == null ? "" : branch);
    PermissionMode mode = permissionModeOf(Json.text(row, "permissionMode"));
    permissionMode = mode == null ? permissionMode : mode;
    subagent = side;
    String agentId = Json.text(row, "agentId");
    agent = agentId == null ? null : rules.refs().of("agent", agentId);
    ordinal = 0;
    rowKey = Json.text(row, "uuid", rules.refs().of("row", row.toString()).hex());
    int unknown = 0;
    int fields = 0;
    for (String name : row.propertyNames()) {
      unknown += KNOWN_KEYS.contains(name) ? 0 : 1;
      fields++;
    }
    left =
        new Redaction(
            Bounds.count(fields, 9_999),
            Bounds.count(bytes, BILLION),
            Bounds.count(unknown, 9_999));
  }

  private boolean canTell() {
    return !at.equals(Instant.EPOCH);
  }

  /// The session began with the first row that has a time and says something.
  private void start(JsonNode row, @Nullable String model) {
    if (started || agentFile || !canTell()) {
      return;
    }
    started = true;
    int mine = ordinal;
    ordinal = 0;
    Redaction saved = left;
    left = new Redaction(0, 0, 0);
    String entry = Json.text(row, "entrypoint", "");
    emit(
        new CapturedEvent.SessionStarted(
            envelopeFor("session.started", null, false, false, sessionName()),
            StartReason.UNKNOWN,
            Bounds.model(model),
            systemOf(project.root()),
            entrypointOf(entry),
            null));
    left = saved;
    ordinal = mine;
  }

  // ---- what the engineer says, and what tools answer

  private void user(JsonNode row) {
    start(row, null);
    JsonNode message = Json.object(row, "message");
    JsonNode content = message == null ? null : message.get("content");
    if (content == null) {
      return;
    }
    StringBuilder typed = new StringBuilder();
    int images = 0;
    int documents = 0;
    int results = 0;
    if (content.isString()) {
      typed.append(content.asString());
    } else if (content.isArray()) {
      for (JsonNode block : content) {
        switch (Json.text(block, "type", "")) {
          case "text" ->
              typed.append(typed.isEmpty() ? "" : "\n").append(Json.text(block, "text", ""));
          case "image" -> images++;
          case "document" -> documents++;
          case "tool_result" -> results++;
          default -> gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
        }
      }
      if (results > 0) {
        for (JsonNode block : content) {
          if (Json.text(block, "type", "").equals("tool_result")) {
            result(row, block, results == 1);
          }
        }
      }
    }
    boolean byTool = subagent || Json.isTrue(row, "isMeta") || Json.isTrue(row, "isCompactSummary");
    if ((typed.isEmpty() && images + documents == 0) || byTool) {
      return;
    }
    PromptText text = PromptText.of(typed.toString());
    if (text.isInterruption()) {
      turnOutcome = TurnOutcome.INTERRUPTED;
    }
    if (results > 0 || (text.isNotice() && images + documents == 0)) {
      return;
    }
    prompt(text, images, documents, text.origin());
  }

  private void prompt(PromptText text, int images, int documents, PromptOrigin origin) {
    if (!canTell()) {
      gap(GapReason.PARSE_ERROR, null);
      return;
    }
    finishTurn(null);
    turn = rules.refs().of("turn", sessionName() + "/" + rowKey);
    turnAt = at;
    turns++;
    PlainProse prose = null;
    if (rules.profile() == CaptureProfile.PROSE && !text.typed().isEmpty()) {
      PlainProse plain = redactor.redact(text.typed()).prose();
      prose = plain.text().isEmpty() ? null : plain;
    }
    int[] blocks = text.codeBlocks();
    emit(
        new CapturedEvent.PromptSubmitted(
            envelope("prompt.submitted", null),
            Bounds.count(text.typed().length(), TEN_MILLION),
            Bounds.count(text.lines(), MILLION),
            Bounds.count(blocks[0], 9_999),
            Bounds.count(blocks[1], TEN_MILLION),
            Bounds.count(documents, 999),
            Bounds.count(images, 999),
            Bounds.count(text.fileMentions(), 999),
            origin,
            text.command(),
            prose));
  }

  private void attachment(JsonNode row) {
    JsonNode attachment = Json.object(row, "attachment");
    if (Json.text(attachment, "type", "").equals("queued_command") && !subagent) {
      String prompt = Json.text(attachment, "prompt");
      if (prompt != null) {
        start(row, null);
        PromptText text = PromptText.of(prompt);
        if (!text.isNotice()) {
          boolean notification =
              Json.text(attachment, "commandMode", "").equals("task-notification");
          prompt(text, 0, 0, notification ? PromptOrigin.SCHEDULED : PromptOrigin.QUEUED);
        }
      }
    }
  }

  private void finishTurn(@Nullable Integer duration) {
    if (turn == null || turnAt == null) {
      return;
    }
    Instant saved = at;
    String savedKey = rowKey;
    int savedOrdinal = ordinal;
    Redaction savedLeft = left;
    left = new Redaction(0, 0, 0);
    // The id follows from the turn, so that it does not matter which row told of its end.
    rowKey = turn.hex();
    ordinal = 0;
    // When the turn began: its end moves while the file grows, and the id would with it.
    at = turnAt;
    emit(
        new CapturedEvent.TurnCompleted(
            envelopeFor("turn.completed", null, false, true, rowKey),
            turnOutcome,
            duration,
            Bounds.count(turnToolCalls, 99_999),
            Bounds.count(turnResponse, TEN_MILLION),
            Bounds.count(turnBackground, 999)));
    at = saved;
    rowKey = savedKey;
    ordinal = savedOrdinal;
    left = savedLeft;
    turn = null;
    turnAt = null;
    turnToolCalls = 0;
    turnResponse = 0;
    turnBackground = 0;
    turnOutcome = TurnOutcome.UNKNOWN;
  }

  // ---- what the model says

  private void assistant(JsonNode row) {
    JsonNode message = Json.object(row, "message");
    String model = Json.text(message, "model", "");
    start(row, model.equals("<synthetic>") ? null : model);
    if (!canTell()) {
      gap(GapReason.PARSE_ERROR, null);
      return;
    }
    if (Json.isTrue(row, "isApiErrorMessage")) {
      failed(textOf(message), Json.number(row, "apiErrorStatus"), 0);
      return;
    }
    usage(row, message, model);
    JsonNode content = Json.array(message, "content");
    if (content == null) {
      return;
    }
    for (JsonNode block : content) {
      switch (Json.text(block, "type", "")) {
        case "text" -> turnResponse += subagent ? 0 : Json.text(block, "text", "").length();
        case "tool_use" -> call(block);
        case "thinking",
            "redacted_thinking",
            "server_tool_use",
            "web_search_tool_result",
            "fallback" -> {}
        default -> gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
      }
    }
    if (!subagent) {
      String stop = Json.text(message, "stop_reason", "");
      if (stop.equals("end_turn") || stop.equals("stop_sequence")) {
        turnOutcome = TurnOutcome.COMPLETED;
      } else if (stop.equals("max_tokens") || stop.equals("refusal")) {
        turnOutcome = TurnOutcome.STOPPED;
      }
    }
  }

  private static String textOf(@Nullable JsonNode message) {
    JsonNode content = Json.array(message, "content");
    StringBuilder text = new StringBuilder();
    if (content != null) {
      for (JsonNode block : content) {
        text.append(Json.text(block, "text", ""));
      }
    }
    return text.toString();
  }

  private void usage(JsonNode row, @Nullable JsonNode message, String model) {
    JsonNode usage = Json.object(message, "usage");
    String id = Json.text(message, "id");
    String name = Bounds.model(model);
    if (usage == null || id == null || name == null) {
      return;
    }
    String key = id + "/" + Json.text(row, "requestId", "");
    if (counted.containsKey(rules.refs().of("usage", key))) {
      return;
    }
    usages
        .computeIfAbsent(
            key, _ -> new UsageDraft(at, name, providerOf(model), subagent, agent, turn))
        .see(usage);
    if (usages.size() > MOST_USAGES) {
      String eldest = usages.keySet().iterator().next();
      UsageDraft draft = usages.remove(eldest);
      if (draft != null) {
        used(eldest, draft);
      }
    }
  }

  private void used(String key, UsageDraft draft) {
    Ref ref = rules.refs().of("usage", key);
    counted.put(ref, true);
    Instant saved = at;
    at = draft.at;
    Envelope base = envelopeFor("model.usage", null, draft.subagent, false, key);
    emit(
        new CapturedEvent.ModelUsed(
            new Envelope(
                base.schemaVersion(),
                rules.refs().eventId(draft.at, "model.usage/" + key),
                base.occurredAt(),
                base.observedAt(),
                base.seq(),
                base.tool(),
                base.toolVersion(),
                base.clientVersion(),
                base.source(),
                base.sessionRef(),
                draft.turn,
                null,
                draft.agent,
                null,
                base.projectRef(),
                base.branchRef(),
                null,
                draft.subagent,
                base.permissionMode(),
                new Redaction(0, 0, 0)),
            draft.model,
            draft.provider,
            Bounds.count(draft.input, BILLION),
            Bounds.count(draft.output, BILLION),
            Bounds.count(draft.cacheRead, BILLION),
            Bounds.count(draft.cacheCreation, BILLION),
            0,
            1,
            null,
            null,
            ref));
    at = saved;
  }

  private void call(JsonNode block) {
    String id = Json.text(block, "id");
    String name = Json.text(block, "name");
    if (id == null || name == null) {
      gap(GapReason.PARSE_ERROR, null);
      return;
    }
    ToolKind tool = ToolKind.of(name);
    JsonNode input = Json.object(block, "input");
    if (!subagent) {
      toolCalls++;
      turnToolCalls++;
    }
    String command = tool.isShellRun() ? Json.text(input, "command") : null;
    int[] lines = linesOf(tool, input);
    boolean background = Json.isTrue(input, "run_in_background");
    turnBackground += background && !subagent ? 1 : 0;
    String content = Json.text(input, "content");
    String path = Json.text(input, "file_path", Json.text(input, "notebook_path", ""));
    pending.put(
        id,
        new PendingCall(
            tool,
            at,
            input == null
                ? 0
                : Bounds.count(input.toString().getBytes(StandardCharsets.UTF_8).length, BILLION),
            path.isEmpty() ? null : path,
            command == null ? null : CommandLine.parse(command),
            background,
            lines[0],
            lines[1],
            lines[2],
            content == null ? -1 : content.getBytes(StandardCharsets.UTF_8).length,
            tool.isSubagentRun() ? agentTypeOf(Json.text(input, "subagent_type", "")) : null,
            mcp(name, 1),
            mcp(name, 2),
            turn));
  }

  /// `mcp__server__tool`: the names are the organization's own and leave as refs.
  private @Nullable Ref mcp(String name, int part) {
    String[] parts = name.split("__", 3);
    boolean known = name.startsWith("mcp__") && parts.length > part;
    return known ? rules.refs().of(part == 1 ? "mcp_server" : "mcp_tool", parts[part]) : null;
  }

  /// Lines an edit takes away and puts in, as far as its input tells; the result tells better.
  private static int[] linesOf(ToolKind tool, @Nullable JsonNode input) {
    int added = 0;
    int removed = 0;
    int hunks = 0;
    switch (tool.name()) {
      case "Write" -> {
        added = countLines(Json.text(input, "content", ""));
        hunks = 1;
      }
      case "Edit" -> {
        added = countLines(Json.text(input, "new_string", ""));
        removed = countLines(Json.text(input, "old_string", ""));
        hunks = 1;
      }
      case "NotebookEdit" -> {
        added = countLines(Json.text(input, "new_source", ""));
        hunks = 1;
      }
      case "MultiEdit" -> {
        JsonNode edits = Json.array(input, "edits");
        if (edits != null) {
          for (JsonNode edit : edits) {
            added += countLines(Json.text(edit, "new_string", ""));
            removed += countLines(Json.text(edit, "old_string", ""));
            hunks++;
          }
        }
      }
      default -> {}
    }
    return new int[] {added, removed, hunks};
  }

  private static int countLines(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int breaks = (int) text.chars().filter(c -> c == '\n').count();
    return text.endsWith("\n") ? breaks : breaks + 1;
  }

  // ---- results

  private void result(JsonNode row, JsonNode block, boolean alone) {
    String id = Json.text(block, "tool_use_id");
    PendingCall call = id == null ? null : pending.remove(id);
    if (call == null || id == null || !canTell()) {
      gap(GapReason.PARSE_ERROR, null);
      return;
    }
    // Beside several results stands the detail of only one of them, and which is not said.
    JsonNode detail = alone ? row.get("toolUseResult") : null;
    JsonNode facts = detail != null && detail.isObject() ? detail : null;
    String output = outputOf(block, facts, detail);
    boolean failed = Json.isTrue(block, "is_error");
    Status status = statusOf(failed, output, facts);
    Ref ref = rules.refs().of("call", id);
    Integer duration = Bounds.millis(Duration.between(call.at(), at).toMillis());
    Integer exit = call.tool().isShellRun() ? exitCode(failed, output, facts, call) : null;
    Ref savedTurn = turn;
    turn = call.turn() == null ? turn : call.turn();
    emit(
        new CapturedEvent.ToolCompleted(
            envelope("tool.completed", ref),
            call.tool().toolClass(),
            call.tool().name(),
            status,
            duration,
            call.inputBytes(),
            Bounds.count(output.length(), BILLION),
            status == Status.OK ? null : errorOf(status, exit, output),
            call.mcpServer(),
            call.mcpTool()));
    if (status == Status.DENIED) {
      emit(
          new CapturedEvent.PermissionDecided(
              envelope("permission.decided", ref),
              PermissionDecision.DENY,
              PermissionDecider.USER,
              call.tool().toolClass(),
              call.tool().name(),
              duration));
    } else if (call.command() != null) {
      commands(call, call.command(), ref, status, exit, duration, output);
    } else if (status == Status.OK && call.path() != null) {
      file(call, call.path(), ref, facts);
    }
    if (call.tool().isSubagentRun()) {
      subagentDone(call, ref, status, duration, facts);
    }
    turn = savedTurn;
  }

  private static String outputOf(
      JsonNode block, @Nullable JsonNode facts, @Nullable JsonNode detail) {
    String out = Json.text(facts, "stdout");
    if (out != null) {
      String err = Json.text(facts, "stderr", "");
      return err.isEmpty() ? out : out + "\n" + err;
    }
    if (detail != null && detail.isString()) {
      return detail.asString();
    }
    JsonNode content = block.get("content");
    if (content == null) {
      return "";
    }
    if (content.isString()) {
      return content.asString();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(Json.text(part, "text", ""));
    }
    return text.toString();
  }

  private static Status statusOf(boolean failed, String output, @Nullable JsonNode facts) {
    if (Json.isTrue(facts, "interrupted")) {
      return Status.INTERRUPTED;
    }
    if (!failed) {
      return Status.OK;
    }
    String start = output.substring(0, Math.min(output.length(), 300));
    if (start.contains("The user doesn't want to")
        || start.contains("User rejected")
        || start.contains("has been denied")
        || start.contains("requested permissions")) {
      return Status.DENIED;
    }
    if (start.contains("Request interrupted") || start.contains("interrupted by user")) {
      return Status.INTERRUPTED;
    }
    return start.contains("timed out") ? Status.TIMEOUT : Status.ERROR;
  }

  private static ToolError errorOf(Status status, @Nullable Integer exit, String output) {
    return switch (status) {
      case INTERRUPTED -> ToolError.INTERRUPTED;
      case TIMEOUT -> ToolError.TIMEOUT;
      case DENIED -> ToolError.PERMISSION;
      default -> {
        String start = output.substring(0, Math.min(output.length(), 300)).toLowerCase(Locale.ROOT);
        if (exit != null) {
          yield ToolError.EXIT_CODE;
        } else if (start.contains("inputvalidationerror") || start.contains("invalid")) {
          yield ToolError.INVALID_INPUT;
        } else if (start.contains("not found")
            || start.contains("does not exist")
            || start.contains("no such file")) {
          yield ToolError.NOT_FOUND;
        } else if (start.contains("permission")) {
          yield ToolError.PERMISSION;
        } else if (start.contains("econn")
            || start.contains("network")
            || start.contains("socket")) {
          yield ToolError.NETWORK;
        } else {
          yield ToolError.OTHER;
        }
      }
    };
  }

  private static @Nullable Integer exitCode(
      boolean failed, String output, @Nullable JsonNode facts, PendingCall call) {
    if (failed) {
      String start = output.startsWith("Error: ") ? output.substring(7) : output;
      if (!start.startsWith("Exit code ")) {
        return null;
      }
      int end = 10;
      while (end < start.length()
          && end < 16
          && (Character.isDigit(start.charAt(end)) || start.charAt(end) == '-')) {
        end++;
      }
      try {
        return Integer.valueOf(start.substring(10, end));
      } catch (NumberFormatException noNumber) {
        return null;
      }
    }
    boolean unsaid =
        Json.text(facts, "returnCodeInterpretation") != null
            || Json.text(facts, "backgroundTaskId") != null
            || Json.isTrue(facts, "interrupted")
            || call.background();
    return unsaid ? null : 0;
  }

  private void commands(
      PendingCall call,
      CommandLine line,
      Ref ref,
      Status status,
      @Nullable Integer exit,
      @Nullable Integer duration,
      String output) {
    int last = line.commands().size() - 1;
    for (int i = 0; i <= last; i++) {
      CommandSkeleton command = line.commands().get(i);
      // What is measured is measured of the whole, and told once, with the command it speaks for.
      boolean speaks = i == last;
      emit(
          new CapturedEvent.CommandExecuted(
              envelope("command.executed", ref),
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
              speaks ? duration : null,
              speaks ? Bounds.count(line.characters(), MILLION) : 0,
              speaks ? Bounds.count(countLines(output), BILLION) : 0,
              speaks ? Bounds.count(output.getBytes(StandardCharsets.UTF_8).length, BILLION) : 0));
    }
    if (status == Status.INTERRUPTED || call.background()) {
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i <= last; i++) {
      boolean own = i == last || (exit != null && exit == 0 && !line.hasPipe());
      CheckSummary check = CheckSummary.of(line.commands().get(i), output, exit, own).orElse(null);
      if (check != null && seen.add(check.type() + "/" + check.framework())) {
        emit(
            new CapturedEvent.CheckCompleted(
                envelope("check.completed", ref),
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
                duration,
                own ? exit : null));
      }
    }
  }

  private void file(PendingCall call, String path, Ref ref, @Nullable JsonNode facts) {
    ProjectPaths.Shown shown = project.show(path, rules);
    FileKind kind = FileKind.of(path.replace('\\', '/'));
    boolean reads = call.tool().toolClass() == ToolClass.READ;
    boolean creates =
        call.tool().name().equals("Write") && !Json.text(facts, "type", "create").equals("update");
    int[] lines = {call.linesAdded(), call.linesRemoved(), call.hunks()};
    JsonNode patch = Json.array(facts, "structuredPatch");
    if (patch != null && !patch.isEmpty()) {
      lines = patched(patch);
    }
    JsonNode read = Json.object(facts, "file");
    String before = Json.text(facts, "originalFile");
    if (!reads && shown.inProject() && edited.size() < MOST_FILES) {
      edited.add(rules.refs().of("edited", path));
    }
    linesAdded += lines[0];
    linesRemoved += lines[1];
    emit(
        new CapturedEvent.FileTouched(
            envelope("file.touched", ref),
            reads ? FileOperation.READ : creates ? FileOperation.CREATE : FileOperation.EDIT,
            shown.mode(),
            shown.path(),
            shown.ref(),
            kind.extension(),
            kind.language(),
            kind.category(),
            shown.inProject(),
            reads ? 0 : Bounds.count(lines[0], MILLION),
            reads ? 0 : Bounds.count(lines[1], MILLION),
            reads ? 0 : Bounds.count(lines[2], 99_999),
            before == null
                ? null
                : Bounds.count(before.getBytes(StandardCharsets.UTF_8).length, BILLION),
            call.contentBytes() < 0 ? null : Bounds.count(call.contentBytes(), BILLION),
            reads && Json.number(read, "numLines") != null
                ? Bounds.count(Json.number(read, "numLines", 0), MILLION)
                : null,
            Json.has(facts, "userModified") ? Json.isTrue(facts, "userModified") : null));
  }

  private static int[] patched(JsonNode patch) {
    int added = 0;
    int removed = 0;
    int hunks = 0;
    for (JsonNode hunk : patch) {
      hunks++;
      JsonNode lines = Json.array(hunk, "lines");
      if (lines != null) {
        for (JsonNode line : lines) {
          String text = line.isString() ? line.asString() : "";
          added += text.startsWith("+") ? 1 : 0;
          removed += text.startsWith("-") ? 1 : 0;
        }
      }
    }
    return new int[] {added, removed, hunks};
  }

  private void subagentDone(
      PendingCall call,
      Ref ref,
      Status status,
      @Nullable Integer duration,
      @Nullable JsonNode facts) {
    Long took = Json.number(facts, "totalDurationMs");
    Long calls = Json.number(facts, "totalToolUseCount");
    Long tokens = Json.number(facts, "totalTokens");
    emit(
        new CapturedEvent.SubagentCompleted(
            envelope("subagent.completed", ref),
            call.agentType() == null ? AgentType.CUSTOM : call.agentType(),
            status,
            took == null ? duration : Bounds.millis(took),
            calls == null ? null : Bounds.count(calls, 99_999),
            tokens == null ? null : Bounds.count(tokens, BILLION),
            Bounds.model(Json.text(facts, "resolvedModel"))));
  }

  // ---- what the tool says about itself

  private void system(JsonNode row) {
    start(row, null);
    String subtype = Json.text(row, "subtype", "");
    if (!canTell()) {
      if (!IGNORED_SUBTYPES.contains(subtype)) {
        gap(GapReason.PARSE_ERROR, null);
      }
      return;
    }
    switch (subtype) {
      case "turn_duration" -> {
        if (turn != null && !subagent) {
          turnOutcome = turnOutcome == TurnOutcome.UNKNOWN ? TurnOutcome.COMPLETED : turnOutcome;
          finishTurn(Bounds.millis(Json.number(row, "durationMs", -1)));
        }
      }
      case "compact_boundary" -> {
        JsonNode facts = Json.object(row, "compactMetadata");
        Long before = Json.number(facts, "preTokens");
        Long after = Json.number(facts, "postTokens");
        emit(
            new CapturedEvent.ContextCompacted(
                envelope("context.compacted", null),
                Json.text(facts, "trigger", "").equals("manual")
                    ? CompactionTrigger.MANUAL
                    : CompactionTrigger.AUTO,
                before == null ? null : Bounds.count(before, 100_000_000),
                after == null ? null : Bounds.count(after, 100_000_000),
                true));
      }
      case "api_error" -> {
        JsonNode error = Json.object(row, "error");
        JsonNode cause = Json.object(row, "cause");
        Long httpStatus = Json.number(error, "status");
        failed(
            Json.text(cause, "code", "") + Json.text(Json.object(error, "connection"), "code", ""),
            httpStatus,
            Json.number(row, "retryAttempt", 0));
      }
      case "local_command" -> {
        PromptText text = PromptText.of(Json.text(row, "content", ""));
        if (!subagent && text.command() != null) {
          prompt(text, 0, 0, PromptOrigin.SLASH_COMMAND);
        }
      }
      default -> {
        if (!IGNORED_SUBTYPES.contains(subtype)) {
          gap(GapReason.UNKNOWN_TYPE, "system " + subtype);
        }
      }
    }
  }

  private void failed(String words, @Nullable Long httpStatus, long retries) {
    int status = httpStatus == null ? statusIn(words) : Math.clamp(httpStatus, 0, 999);
    String lower = words.toLowerCase(Locale.ROOT);
    TurnError error =
        switch (status) {
          case 429 -> TurnError.RATE_LIMIT;
          case 529, 503 -> TurnError.OVERLOADED;
          case 401, 403 -> TurnError.AUTH;
          case 402 -> TurnError.BILLING;
          case 413 -> TurnError.CONTEXT_OVERFLOW;
          case 400, 404, 422 ->
              lower.contains("too long") ? TurnError.CONTEXT_OVERFLOW : TurnError.INVALID_REQUEST;
          default -> status >= 500 ? TurnError.SERVER : errorIn(lower);
        };
    emit(
        new CapturedEvent.TurnFailed(
            envelope("turn.failed", null),
            error,
            status >= 100 && status <= 599 ? status : null,
            Bounds.count(retries, 99)));
  }

  private static TurnError errorIn(String lower) {
    if (lower.contains("limit reached")
        || lower.contains("rate limit")
        || lower.contains("usage limit")) {
      return TurnError.RATE_LIMIT;
    } else if (lower.contains("overloaded")) {
      return TurnError.OVERLOADED;
    } else if (lower.contains("api key") || lower.contains("/login") || lower.contains("oauth")) {
      return TurnError.AUTH;
    } else if (lower.contains("credit balance")) {
      return TurnError.BILLING;
    } else if (lower.contains("prompt is too long")) {
      return TurnError.CONTEXT_OVERFLOW;
    } else if (lower.contains("econn")
        || lower.contains("enotfound")
        || lower.contains("etimedout")
        || lower.contains("connection")
        || lower.contains("fetch failed")) {
      return TurnError.NETWORK;
    } else if (lower.contains("unable to respond") || lower.contains("usage policy")) {
      return TurnError.REFUSED;
    }
    return TurnError.OTHER;
  }

  /// `API Error: 529 …`
  private static int statusIn(String words) {
    int at = words.indexOf("API Error: ");
    int start = at + 11;
    if (at < 0 || start + 3 > words.length()) {
      return 0;
    }
    String digits = words.substring(start, start + 3);
    return digits.chars().allMatch(Character::isDigit) ? Integer.parseInt(digits) : 0;
  }

  // ---- the end

  void end() {
    for (Map.Entry<String, UsageDraft> usage : usages.entrySet()) {
      used(usage.getKey(), usage.getValue());
    }
    usages.clear();
    subagent = agentFile;
    boolean idle = lastAt != null && lastAt.plus(IDLE).isBefore(clock.instant());
    if (lastAt != null) {
      at = lastAt;
    }
    if (!agentFile && (idle || turnOutcome != TurnOutcome.UNKNOWN)) {
      finishTurn(null);
    }
    left = new Redaction(0, 0, 0);
    if (started && idle && firstAt != null && lastAt != null) {
      rowKey = "end";
      ordinal = 0;
      emit(
          new CapturedEvent.SessionEnded(
              envelopeFor("session.ended", null, false, false, sessionName()),
              EndReason.INFERRED_IDLE,
              Math.clamp(
                  Duration.between(firstAt, lastAt).toMillis(), 0, Duration.ofDays(31).toMillis()),
              Bounds.count(turns, MILLION),
              Bounds.count(toolCalls, MILLION),
              Bounds.count(edited.size(), MILLION),
              Bounds.count(linesAdded, TEN_MILLION),
              Bounds.count(linesRemoved, TEN_MILLION)));
    }
    if (!canTell()) {
      at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
    gaps.forEach((key, gap) -> {
      rowKey = "gap " + key + " " + gap.count;
      ordinal = 0;
      emit(
          new CapturedEvent.CaptureGap(
              envelope("capture.gap", null),
              gap.reason,
              Bounds.count(gap.count, MILLION),
              gap.type));
    });
  }

  // ---- envelopes

  private String sessionName() {
    return session == null ? fallbackSession : session;
  }

  private Envelope envelope(String kind, @Nullable Ref call) {
    return envelopeFor(kind, call, subagent, true, rowKey);
  }

  private Envelope envelopeFor(
      String kind, @Nullable Ref call, boolean isSubagent, boolean inTurn, String key) {
    String about = sessionName() + "/" + key + "/" + kind + "/" + ordinal++;
    Redaction behind = left;
    left = new Redaction(0, 0, 0);
    String root = project.root();
    String onBranch = branch;
    return new Envelope(
        SCHEMA_VERSION,
        rules.refs().eventId(at, about),
        at,
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        seq,
        Tool.CLAUDE_CODE,
        version,
        rules.clientVersion(),
        Source.TRANSCRIPT,
        rules.refs().of("session", sessionName()),
        inTurn ? turn : null,
        call,
        agent,
        null,
        root.isEmpty() ? null : rules.refs().of("project", root),
        onBranch == null || onBranch.isEmpty() ? null : rules.refs().of("branch", onBranch),
        null,
        isSubagent,
        permissionMode,
        behind);
  }

  private void emit(CapturedEvent event) {
    seq++;
    events.accept(event);
  }

  // ---- words of closed lists

  private static @Nullable PermissionMode permissionModeOf(@Nullable String word) {
    if (word == null) {
      return null;
    }
    return switch (word) {
      case "default" -> PermissionMode.DEFAULT;
      case "plan" -> PermissionMode.PLAN;
      case "acceptEdits" -> PermissionMode.ACCEPT_EDITS;
      case "auto" -> PermissionMode.AUTO;
      case "dontAsk" -> PermissionMode.DONT_ASK;
      case "bypassPermissions" -> PermissionMode.BYPASS;
      default -> PermissionMode.UNKNOWN;
    };
  }

  private static Entrypoint entrypointOf(String word) {
    return switch (word) {
      case "cli" -> Entrypoint.CLI;
      case "claude-vscode", "claude-jetbrains", "vscode", "ide" -> Entrypoint.IDE;
      case "claude-desktop", "desktop" -> Entrypoint.DESKTOP;
      case "sdk-cli", "sdk-ts", "sdk-py", "sdk" -> Entrypoint.SDK;
      case "claude-code-github-action", "ci" -> Entrypoint.CI;
      default -> Entrypoint.UNKNOWN;
    };
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

  private static AgentType agentTypeOf(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "general-purpose" -> AgentType.GENERAL_PURPOSE;
      case "explore" -> AgentType.EXPLORE;
      case "plan" -> AgentType.PLAN;
      case "statusline-setup" -> AgentType.STATUSLINE_SETUP;
      case "output-style-setup" -> AgentType.OUTPUT_STYLE_SETUP;
      case "claude-code-guide" -> AgentType.CLAUDE_CODE_GUIDE;
      case "code-reviewer" -> AgentType.CODE_REVIEWER;
      default -> AgentType.CUSTOM;
    };
  }

  private static Provider providerOf(String model) {
    String lower = model.toLowerCase(Locale.ROOT);
    if (lower.startsWith("anthropic.") || lower.contains(".anthropic.")) {
      return Provider.AMAZON;
    } else if (lower.startsWith("claude")) {
      return Provider.ANTHROPIC;
    } else if (lower.startsWith("gpt")
        || lower.startsWith("o1")
        || lower.startsWith("o3")
        || lower.startsWith("o4")) {
      return Provider.OPENAI;
    } else if (lower.startsWith("gemini")) {
      return Provider.GOOGLE;
    } else if (lower.startsWith("mistral") || lower.startsWith("codestral")) {
      return Provider.MISTRAL;
    } else if (lower.startsWith("grok")) {
      return Provider.XAI;
    } else if (lower.startsWith("deepseek")) {
      return Provider.DEEPSEEK;
    }
    return Provider.OTHER;
  }
}
