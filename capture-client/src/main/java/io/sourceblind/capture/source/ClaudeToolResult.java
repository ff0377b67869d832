// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Status;
import io.sourceblind.events.ToolClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The result of a tool call, as Claude Code writes it twice: as the model sees it, and in detail
/// beside it.
final class ClaudeToolResult {

  /// What is looked at in the detail, wherever it is an object.
  static final Wanted DETAIL =
      Wanted.only(
          Set.of(
              "stdout",
              "stderr",
              "interrupted",
              "returnCodeInterpretation",
              "backgroundTaskId",
              "structuredPatch",
              "type",
              "userModified",
              "totalDurationMs",
              "totalToolUseCount",
              "totalTokens",
              "resolvedModel",
              "originalFile"),
          Map.of("file", Wanted.only(Set.of("numLines"), Map.of())));

  private static final int START = 300;
  private static final int BILLION = 1_000_000_000;

  private final Session session;

  ClaudeToolResult(Session session) {
    this.session = session;
  }

  void take(JsonNode block, @Nullable JsonNode detail) {
    String id = Json.text(block, "tool_use_id");
    if (id == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    Call call = session.calls().pending(id);
    JsonNode facts = detail != null && detail.isObject() ? detail : null;
    Output output = outputOf(block, facts, detail);
    boolean failed = Json.isTrue(block, "is_error");
    Status status = statusOf(failed, output, facts);
    Integer exit =
        call != null && call.tool().runsCommands()
            ? exitCode(failed, output, facts, call.background())
            : null;
    session
        .calls()
        .answer(
            id,
            new Answer(
                status,
                output,
                exit,
                null,
                Answer.errorOf(status, exit, output),
                call == null ? null : files(call, facts),
                call != null && call.agentType() != null ? agentRun(facts) : null));
  }

  private static Output outputOf(
      JsonNode block, @Nullable JsonNode facts, @Nullable JsonNode detail) {
    JsonNode out = facts == null ? null : facts.get("stdout");
    if (out != null && out.isString()) {
      String err = Json.text(facts, "stderr", "");
      return err.isEmpty() ? Output.of(out) : Output.of(out.asString() + "\n" + err);
    }
    return Output.of(detail != null && detail.isString() ? detail : block.get("content"));
  }

  private static Status statusOf(boolean failed, Output output, @Nullable JsonNode facts) {
    if (Json.isTrue(facts, "interrupted")) {
      return Status.INTERRUPTED;
    }
    if (!failed) {
      return Status.OK;
    }
    String text = output.text();
    String start = text.substring(0, Math.min(text.length(), START));
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

  private static @Nullable Integer exitCode(
      boolean failed, Output output, @Nullable JsonNode facts, boolean background) {
    if (failed) {
      String text = output.text();
      String start = text.startsWith("Error: ") ? text.substring(7) : text;
      return start.startsWith("Exit code ") ? ExitCodes.at(start, 10) : null;
    }
    boolean unsaid =
        Json.text(facts, "returnCodeInterpretation") != null
            || Json.text(facts, "backgroundTaskId") != null
            || Json.isTrue(facts, "interrupted")
            || background;
    return unsaid ? null : 0;
  }

  /// The same files as the call names, with what the result knows better.
  private static @Nullable List<FileChange> files(Call call, @Nullable JsonNode facts) {
    if (facts == null || call.files().size() != 1) {
      return null;
    }
    FileChange told = call.files().get(0);
    if (call.tool().toolClass() == ToolClass.READ) {
      Long lines = Json.number(Json.object(facts, "file"), "numLines");
      return List.of(told.withLinesRead(lines == null ? null : Bounds.count(lines, BILLION)));
    }
    int[] lines = {told.added(), told.removed(), told.hunks()};
    JsonNode patch = Json.array(facts, "structuredPatch");
    if (patch != null && !patch.isEmpty()) {
      lines = patched(patch);
    }
    boolean creates =
        call.tool().toolClass() == ToolClass.CREATE
            && !Json.text(facts, "type", "create").equals("update");
    Integer before = Json.size(facts, "originalFile");
    return List.of(
        new FileChange(
            creates ? FileOperation.CREATE : FileOperation.EDIT,
            told.path(),
            lines[0],
            lines[1],
            lines[2],
            before,
            told.bytesAfter(),
            null,
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
          added += Json.startsWith(line, '+') ? 1 : 0;
          removed += Json.startsWith(line, '-') ? 1 : 0;
        }
      }
    }
    return new int[] {added, removed, hunks};
  }

  private static Answer.AgentRun agentRun(@Nullable JsonNode facts) {
    Long took = Json.number(facts, "totalDurationMs");
    return new Answer.AgentRun(
        took == null ? null : Bounds.millis(took),
        Json.number(facts, "totalToolUseCount"),
        Json.number(facts, "totalTokens"),
        Json.text(facts, "resolvedModel"));
  }
}
