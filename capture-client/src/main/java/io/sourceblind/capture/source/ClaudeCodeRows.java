// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PermissionMode;
import io.sourceblind.events.Source;
import io.sourceblind.events.Tool;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The records of a transcript of Claude Code, each handed to the class that knows its type.
final class ClaudeCodeRows extends Transcript {

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

  /// Asked for each field of each record; quicker than an unmodifiable one.
  private static final Set<String> KNOWN = new HashSet<>(KNOWN_KEYS);

  /// Types of records that hold nothing which could leave.
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

  /// Beside the result of a call stands what it did to a file, with the file: of that only how much
  /// it was. What the model thought, and what a record of progress shows, is not looked at.
  private static final Wanted WANTED =
      Wanted.allBut(
          Map.of(
              "data",
              Wanted.NONE,
              "snapshot",
              Wanted.NONE,
              "message",
              Wanted.allBut(
                  Map.of(
                      "content",
                      Wanted.allBut(Map.of("thinking", Wanted.NONE, "signature", Wanted.NONE)))),
              "toolUseResult",
              ClaudeToolResult.DETAIL));

  private static final int UUID_LENGTH = 36;
  private static final int MOST_ROWS = 200_000;

  /// By UUID, or by a ref of what is none.
  private final Map<Object, Boolean> seen = Session.bounded(MOST_ROWS);

  private final ClaudeUserRow users;
  private final ClaudeAssistantRow assistants;
  private final ClaudeSystemRow systems;

  ClaudeCodeRows(Reading reading, Path file, Consumer<CapturedEvent> events) {
    super(
        told -> new Session(Tool.CLAUDE_CODE, Source.TRANSCRIPT, reading, Names.stem(file), told),
        events);
    this.users = new ClaudeUserRow(session);
    this.assistants = new ClaudeAssistantRow(session);
    this.systems = new ClaudeSystemRow(session);
  }

  @Override
  public Wanted wanted() {
    return WANTED;
  }

  @Override
  public void row(JsonNode row, int number, int bytes) {
    String type = Json.text(row, "type");
    if (type == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    String id = Json.text(row, "uuid", "");
    boolean named = id.length() == UUID_LENGTH;
    if (named && seen.put(keyOf(id), true) != null) {
      // A session that is resumed repeats rows of before.
      return;
    }
    enter(row, named ? id : "line " + number, bytes);
    switch (type) {
      case "user" -> {
        session.start();
        users.take(row);
      }
      case "assistant" -> assistants.take(row);
      case "system" -> {
        session.start();
        systems.take(row);
      }
      case "attachment" -> users.attachment(row);
      default -> {
        if (!type.equals("permission-mode") && !IGNORED_TYPES.contains(type)) {
          session.gap(GapReason.UNKNOWN_TYPE, type);
        }
      }
    }
  }

  private Object keyOf(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      if (uuid.toString().equals(id)) {
        return uuid;
      }
    } catch (IllegalArgumentException none) {
      // A ref is as short.
    }
    return session.rules().refs().of("row", id);
  }

  private void enter(JsonNode row, String key, int bytes) {
    boolean side = Json.isTrue(row, "isSidechain") || Json.text(row, "agentId") != null;
    String native_ = Json.text(row, "sessionId");
    if (native_ != null && !session.isNamed()) {
      session.named(native_);
      if (side) {
        session.ofAgent();
      }
    }
    Instant at = Json.instant(row, "timestamp");
    session.record(key, at);
    session.in(Json.text(row, "cwd"));
    session.version(Json.text(row, "version"));
    session.branch(Json.text(row, "gitBranch"));
    session.permissionMode(permissionModeOf(Json.text(row, "permissionMode")));
    session.byAgent(side, Json.text(row, "agentId"));
    String entry = Json.text(row, "entrypoint");
    if (entry != null) {
      session.entrypoint(entrypointOf(entry));
    }
    int unknown = 0;
    int fields = 0;
    for (String name : row.propertyNames()) {
      unknown += KNOWN.contains(name) ? 0 : 1;
      fields++;
    }
    session.leaving(fields, bytes, unknown);
  }

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
}
