// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.command.CommandLine;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The tool calls of Codex, which writes one call down in up to three ways: as an item of the
/// conversation, as an event, and as a completed item. What was told once is not told again.
final class CodexCalls {

  private static final int BILLION = 1_000_000_000;

  private final Session session;

  CodexCalls(Session session) {
    this.session = session;
  }

  void call(String type, JsonNode payload) {
    session.start();
    String id = Json.text(payload, "call_id", Json.text(payload, "id", ""));
    if (id.isEmpty()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    if (session.calls().isKnown(id)) {
      return;
    }
    if (type.equals("local_shell_call")) {
      session.calls().add(id, ToolInput.call(kind("local_shell"), Json.object(payload, "action")));
      return;
    }
    String name = Json.text(payload, "name", "");
    String given = Json.text(payload, "arguments", Json.text(payload, "input", ""));
    JsonNode input = Json.object(payload, "arguments");
    if (input == null) {
      JsonNode parsed = JsonLines.parsed(given);
      input = parsed != null && parsed.isObject() ? parsed : null;
    }
    Call call =
        input != null
            ? ToolInput.call(kind(name), input)
            : Call.of(kind(name), Bounds.count(Bounds.bytes(given), BILLION));
    if (name.equals("apply_patch") && given.contains("*** Begin Patch") && input == null) {
      call = call.touching(Patch.files(given));
    }
    session.calls().add(id, asPatch(call, input));
  }

  /// Older versions apply a patch by a command of that name, with the patch as its argument.
  private static Call asPatch(Call call, @Nullable JsonNode input) {
    JsonNode words = Json.array(input, "command");
    if (call.command() == null || words == null || words.size() != 2) {
      return call;
    }
    String patch = words.get(1).isString() ? words.get(1).asString() : "";
    return words.get(0).isString()
            && words.get(0).asString().equals("apply_patch")
            && patch.contains("*** Begin Patch")
        ? Call.of(kind("apply_patch"), call.inputBytes()).touching(Patch.files(patch))
        : call;
  }

  private static ToolKind kind(String name) {
    String own = name.startsWith("functions.") ? name.substring("functions.".length()) : name;
    return ToolKind.of(Tool.CODEX, own);
  }

  void output(JsonNode payload) {
    String id = Json.text(payload, "call_id", "");
    String text = Json.words(payload.get("output"));
    Integer exit = null;
    JsonNode parsed = text.startsWith("{") ? JsonLines.parsed(text) : null;
    if (parsed != null && parsed.isObject()) {
      Long code = Json.number(Json.object(parsed, "metadata"), "exit_code");
      exit = code == null ? null : code.intValue();
      text = Json.text(parsed, "output", text);
    }
    if (exit == null) {
      exit = ExitCodes.behind(head(text), "Process exited with code ", "Exit code: ");
    }
    Call call = session.calls().pending(id);
    boolean runs = call != null && call.tool().runsCommands();
    boolean still = text.startsWith("Process running with session ID");
    Answer answer = Answer.of(statusOf(text), text);
    session
        .calls()
        .answer(
            id, runs || (exit != null && exit != 0) ? answer.exited(still ? null : exit) : answer);
  }

  private static String head(String text) {
    return text.substring(0, Math.min(text.length(), 2_000));
  }

  private static Status statusOf(String text) {
    String start = text.substring(0, Math.min(text.length(), 200));
    if (start.contains("aborted by user") || start.equals("aborted")) {
      return Status.INTERRUPTED;
    } else if (start.contains("rejected by user") || start.contains("user denied")) {
      return Status.DENIED;
    } else if (start.contains("timed out")) {
      return Status.TIMEOUT;
    }
    boolean failed =
        start.startsWith("failed in ")
            || start.startsWith("execution error")
            || start.contains("verification failed")
            || start.startsWith("unsupported call")
            || start.startsWith("failed to parse");
    return failed ? Status.ERROR : Status.OK;
  }

  /// A call of a tool that a server offers.
  void server(JsonNode payload) {
    JsonNode invocation = Json.object(payload, "invocation");
    JsonNode told = invocation == null ? payload : invocation;
    String id = Json.text(payload, "call_id", Json.text(payload, "id", ""));
    if (id.isEmpty()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    JsonNode result = Json.object(payload, "result");
    JsonNode ok = Json.object(result, "Ok");
    JsonNode said = ok == null ? result : ok;
    boolean failed = Json.has(result, "Err") || Json.isTrue(said, "isError");
    Answer answer =
        Answer.of(
                failed ? Status.ERROR : Status.OK,
                said == null ? "" : Json.words(said.get("content")))
            .took(duration(payload));
    Call call =
        ToolInput.mcp(
            session.rules().refs(),
            Json.text(told, "server", ""),
            Json.text(told, "tool", ""),
            Json.object(told, "arguments"));
    if (session.calls().isPending(id)) {
      session.calls().replace(id, call);
      session.calls().answer(id, answer);
    } else if (!session.calls().isKnown(id)) {
      session.calls().ran(id, call, answer);
    }
  }

  private static @Nullable Integer duration(JsonNode payload) {
    JsonNode duration = Json.object(payload, "duration");
    return duration == null
        ? null
        : Bounds.millis(
            Json.number(duration, "secs", 0) * 1_000
                + Json.number(duration, "nanos", 0) / 1_000_000);
  }

  /// A command, as an event or as a completed item.
  void executed(JsonNode payload, @Nullable String id) {
    JsonNode words = Json.array(payload, "command");
    if (id == null || words == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    if (session.calls().isKnown(id)) {
      return;
    }
    String output = Json.text(payload, "aggregated_output");
    if (output == null) {
      output = Json.text(payload, "stdout", "") + Json.text(payload, "stderr", "");
    }
    Long exit = Json.number(payload, "exit_code");
    String command = ToolInput.joined(words);
    Call call =
        new Call(
            kind("exec_command"),
            Bounds.count(command.length(), BILLION),
            CommandLine.parse(command),
            false,
            List.of(),
            null,
            null,
            null);
    session
        .calls()
        .ran(
            id,
            call,
            Answer.of(Status.OK, output)
                .exited(exit == null ? null : exit.intValue())
                .took(duration(payload)));
  }

  /// What a patch came to, where no call tells of it.
  void patched(JsonNode payload) {
    String id = Json.text(payload, "call_id", "");
    List<FileChange> files = changes(Json.object(payload, "changes"));
    boolean failed = payload.has("success") && !Json.isTrue(payload, "success");
    Answer answer =
        Answer.of(failed ? Status.ERROR : Status.OK, Json.text(payload, "stdout", ""))
            .touching(files);
    if (session.calls().isPending(id)) {
      session.calls().answer(id, answer);
    } else if (!session.calls().isKnown(id)) {
      session.calls().ran(id, Call.of(kind("apply_patch"), 0), answer);
    }
  }

  void changed(JsonNode item) {
    String id = Json.text(item, "id", "");
    if (!session.calls().isKnown(id)) {
      Status status =
          switch (Json.text(item, "status", "").toLowerCase(java.util.Locale.ROOT)) {
            case "declined" -> Status.DENIED;
            case "failed" -> Status.ERROR;
            default -> Status.OK;
          };
      session
          .calls()
          .ran(
              id,
              Call.of(kind("apply_patch"), 0),
              Answer.of(status, Json.text(item, "stdout", ""))
                  .touching(changes(Json.object(item, "changes"))));
    }
  }

  private static List<FileChange> changes(@Nullable JsonNode changes) {
    List<FileChange> files = new ArrayList<>();
    if (changes == null) {
      return files;
    }
    for (String path : changes.propertyNames()) {
      JsonNode change = changes.get(path);
      // `{"type": "add", "content": …}`, formerly `{"add": {"content": …}}`.
      String type = Json.text(change, "type", "");
      if (type.isEmpty() && change.isObject() && change.size() == 1) {
        type = change.propertyNames().iterator().next();
        change = change.get(type);
      }
      switch (type) {
        case "add" -> {
          String content = Json.text(change, "content", "");
          files.add(
              FileChange.of(FileOperation.CREATE, path, Lines.count(content), 0, 1)
                  .withBytesAfter(Bounds.bytes(content)));
        }
        case "delete" ->
            files.add(
                FileChange.of(
                    FileOperation.DELETE,
                    path,
                    0,
                    Lines.count(Json.text(change, "content", "")),
                    1));
        case "update" -> {
          String moved = Json.text(change, "move_path");
          files.add(
              Patch.unified(
                  moved == null ? FileOperation.EDIT : FileOperation.RENAME,
                  moved == null ? path : moved,
                  Json.text(change, "unified_diff", "")));
        }
        default -> {}
      }
    }
    return files;
  }
}
