// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PermissionMode;
import io.sourceblind.events.Source;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The records of a rollout of Codex: what the session is, what was said, and what it cost. Its
/// tool calls are read by {@link CodexCalls}.
final class CodexRows extends Transcript {

  private static final Set<String> IGNORED_TYPES =
      Set.of("world_state", "inter_agent_communication", "inter_agent_communication_metadata");

  private static final Set<String> IGNORED_EVENTS =
      Set.of(
          "task_started",
          "turn_started",
          "thread_rolled_back",
          "thread_goal_updated",
          "thread_settings_applied",
          "thread_name_updated",
          "agent_reasoning",
          "agent_reasoning_raw_content",
          "web_search_end",
          "context_compacted",
          "entered_review_mode",
          "exited_review_mode",
          "sub_agent_activity",
          "image_generation_end",
          "collab_agent_spawn_end",
          "collab_agent_interaction_end",
          "collab_waiting_end",
          "collab_close_end",
          "guardian_assessment",
          "view_image_tool_call",
          "dynamic_tool_call_request",
          "dynamic_tool_call_response",
          "undo_completed",
          "codex/event/raw_item",
          "account/rateLimits/updated");

  private final CodexCalls calls;
  private final BiPredicate<String, String> firstOfFamily;
  private String family = "";

  CodexRows(
      Reading reading,
      Path file,
      Consumer<CapturedEvent> events,
      BiPredicate<String, String> firstOfFamily) {
    super(
        told -> new Session(Tool.CODEX, Source.TRANSCRIPT, reading, Names.stem(file), told),
        events);
    this.calls = new CodexCalls(session);
    this.firstOfFamily = firstOfFamily;
    session.entrypoint(Entrypoint.CLI);
  }

  @Override
  public void row(JsonNode row, int number, int bytes) {
    Instant at = Json.instant(row, "timestamp");
    session.record("line " + number, at);
    session.leaving(row.size(), bytes, 0);
    String type = Json.text(row, "type", "");
    JsonNode payload = Json.object(row, "payload");
    if (payload == null) {
      bare(row, type, number);
      return;
    }
    switch (type) {
      case "session_meta" -> meta(payload);
      case "turn_context" -> context(payload);
      case "response_item" -> item(payload);
      case "event_msg" -> event(payload);
      case "compacted" -> {
        session.start();
        session.compacted(CompactionTrigger.AUTO, null, null);
      }
      default -> {
        if (!IGNORED_TYPES.contains(type)) {
          session.gap(GapReason.UNKNOWN_TYPE, type);
        }
      }
    }
  }

  /// Files of before September 2025 hold items without an envelope and without times.
  private void bare(JsonNode row, String type, int number) {
    if (number == 1 && Json.text(row, "id") != null && type.isEmpty()) {
      meta(row);
    } else if (row.has("record_type")) {
      // The state of the tool at that moment.
      return;
    } else if (type.isEmpty() || row.has("function")) {
      session.gap(GapReason.UNKNOWN_TYPE, type);
    } else {
      item(row);
    }
  }

  private void meta(JsonNode payload) {
    String id = Json.text(payload, "id");
    if (session.isNamed()) {
      // A fork begins with a copy of what it was forked from, its description included.
      return;
    }
    session.named(id);
    String from = Json.text(payload, "forked_from_id", Json.text(payload, "parent_thread_id", ""));
    session.startedFrom(from.isEmpty() ? null : from);
    family = from.isEmpty() ? session.name() : from;
    session.in(Json.text(payload, "cwd"));
    session.version(Json.text(payload, "cli_version"));
    session.branch(Json.text(Json.object(payload, "git"), "branch"));
    session.entrypoint(
        switch (Json.text(payload, "source", "")) {
          case "vscode" -> Entrypoint.IDE;
          case "exec", "mcp" -> Entrypoint.SDK;
          case "cli" -> Entrypoint.CLI;
          default -> Entrypoint.UNKNOWN;
        });
  }

  private void context(JsonNode payload) {
    session.in(Json.text(payload, "cwd"));
    session.model(Json.text(payload, "model"));
    boolean plans =
        Json.text(Json.object(payload, "collaboration_mode"), "mode", "").equals("plan");
    session.permissionMode(
        plans ? PermissionMode.PLAN : permissionModeOf(Json.text(payload, "approval_policy")));
  }

  private static @Nullable PermissionMode permissionModeOf(@Nullable String policy) {
    if (policy == null) {
      return null;
    }
    return switch (policy) {
      case "untrusted", "on-request" -> PermissionMode.DEFAULT;
      case "on-failure" -> PermissionMode.ACCEPT_EDITS;
      case "never" -> PermissionMode.DONT_ASK;
      default -> PermissionMode.UNKNOWN;
    };
  }

  // ---- items of the conversation

  private void item(JsonNode payload) {
    String type = Json.text(payload, "type", payload.has("role") ? "message" : "");
    switch (type) {
      case "message" -> message(payload);
      case "function_call", "custom_tool_call", "local_shell_call" -> calls.call(type, payload);
      case "function_call_output", "custom_tool_call_output" -> calls.output(payload);
      case "reasoning",
          "tool_search_call",
          "tool_search_output",
          "web_search_call",
          "image_generation_call",
          "agent_message",
          "compaction",
          "compaction_summary",
          "ghost_snapshot" -> {}
      default -> session.gap(GapReason.UNKNOWN_TYPE, "response_item " + type);
    }
  }

  private void message(JsonNode payload) {
    Instant own = Json.instant(payload, "timestamp");
    if (own != null && !session.canTell()) {
      session.record("message " + Json.text(payload, "id", own.toString()), own);
    }
    switch (Json.text(payload, "role", "")) {
      case "user" -> said(payload.get("content"));
      case "assistant" -> answered(Output.of(payload.get("content")).characters());
      default -> {}
    }
  }

  /// What the engineer typed is written down as an item and as an event; it counts once.
  private void said(@Nullable JsonNode content) {
    int images = 0;
    if (content != null && content.isArray()) {
      for (JsonNode part : content) {
        images +=
            Json.text(part, "type", "").contains("image") && Json.text(part, "image_url") != null
                ? 1
                : 0;
      }
    }
    prompt(Json.words(content), images);
  }

  private void prompt(String words, int images) {
    PromptText text = PromptText.of(words);
    boolean injected =
        text.typed().startsWith("# AGENTS.md instructions for") || (text.isNotice() && images == 0);
    if (!injected && !session.turns().isRepeated(text.typed())) {
      session.turns().prompt(text, images, 0, text.origin());
    }
  }

  private void answered(int characters) {
    session.start();
    session.turns().answered(characters);
  }

  // ---- events

  private void event(JsonNode payload) {
    String type = Json.text(payload, "type", "");
    switch (type) {
      case "user_message" -> {
        JsonNode images = Json.array(payload, "images");
        prompt(Json.text(payload, "message", ""), images == null ? 0 : images.size());
      }
      case "agent_message" -> session.start();
      case "token_count" -> tokens(Json.object(payload, "info"));
      case "task_complete", "turn_complete", "turn.completed" -> {
        session.start();
        session.turns().completed(duration(payload));
      }
      case "turn_aborted" -> {
        session.start();
        session
            .turns()
            .outcome(
                Json.text(payload, "reason", "").equals("interrupted")
                    ? TurnOutcome.INTERRUPTED
                    : TurnOutcome.STOPPED);
        session.turns().finish(duration(payload));
      }
      case "error" -> {
        JsonNode error = Json.object(payload, "error");
        Failures.tell(
            session,
            Json.text(payload, "codex_error_info", "")
                + " "
                + Json.text(payload, "message", "")
                + " "
                + Json.text(error, "kind", ""),
            null,
            0);
      }
      case "mcp_tool_call_end" -> calls.server(payload);
      case "patch_apply_end" -> calls.patched(payload);
      case "exec_command_end" -> calls.executed(payload, Json.text(payload, "call_id"));
      case "item_completed" -> completed(Json.object(payload, "item"));
      default -> {
        if (!IGNORED_EVENTS.contains(type)) {
          session.gap(GapReason.UNKNOWN_TYPE, "event_msg " + type);
        }
      }
    }
  }

  private static @Nullable Integer duration(JsonNode payload) {
    Long took = Json.number(payload, "duration_ms");
    return took == null ? null : Bounds.millis(took);
  }

  private void completed(@Nullable JsonNode item) {
    if (item == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    String type = Json.text(item, "type", "");
    switch (type) {
      case "UserMessage" -> said(item.get("content"));
      case "AgentMessage" -> answered(Output.of(item.get("content")).characters());
      case "CommandExecution" -> calls.executed(item, Json.text(item, "id"));
      case "FileChange" -> calls.changed(item);
      case "McpToolCall" -> calls.server(item);
      case "ContextCompaction" -> session.compacted(CompactionTrigger.AUTO, null, null);
      case "Plan",
          "Reasoning",
          "WebSearch",
          "SubAgentActivity",
          "Extension",
          "ImageView",
          "ImageGeneration",
          "EnteredReviewMode",
          "ExitedReviewMode",
          "HookPrompt" -> {}
      default -> session.gap(GapReason.UNKNOWN_TYPE, "item " + type);
    }
  }

  /// Totals grow over a session and are written again unchanged whenever limits move; the last
  /// answer's own counts are what is new.
  private void tokens(@Nullable JsonNode info) {
    JsonNode last = Json.object(info, "last_token_usage");
    if (last == null) {
      return;
    }
    session.model(Json.text(info, "model"));
    session.start();
    JsonNode total = Json.object(info, "total_token_usage");
    String counts = counts(last) + "/" + counts(total);
    long cached = Json.number(last, "cached_input_tokens", 0);
    Usages.Tokens tokens =
        new Usages.Tokens(
            Math.max(0, Json.number(last, "input_tokens", 0) - cached),
            Json.number(last, "output_tokens", 0),
            cached,
            Json.number(last, "cache_write_input_tokens", 0),
            Json.number(last, "reasoning_output_tokens", 0));
    if (!tokens.isNone() && firstOfFamily.test(family, counts)) {
      session
          .usages()
          .see(
              family + " " + counts,
              session.model() == null ? "other" : session.model(),
              tokens,
              null);
    }
  }

  private static String counts(@Nullable JsonNode usage) {
    return Json.number(usage, "input_tokens", 0)
        + ","
        + Json.number(usage, "cached_input_tokens", 0)
        + ","
        + Json.number(usage, "output_tokens", 0)
        + ","
        + Json.number(usage, "reasoning_output_tokens", 0);
  }
}
