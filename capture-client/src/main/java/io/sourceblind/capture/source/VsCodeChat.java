// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The requests of a chat session of VS Code. Each holds what was asked, what came back, and the
/// tools that were used on the way.
final class VsCodeChat extends Transcript {

  private static final Set<String> IGNORED_PARTS =
      Set.of(
          "inlineReference",
          "codeblockUri",
          "undoStop",
          "progressMessage",
          "progressTaskSerialized",
          "progressTask",
          "prepareToolInvocation",
          "mcpServersStarting",
          "thinking",
          "confirmation",
          "command",
          "warning",
          "markdownVuln",
          "treeData",
          "references",
          "elicitation",
          "elicitationSerialized",
          "extensions",
          "pullRequest",
          "questionCarousel",
          "hook",
          "disabledClaudeHooks",
          "clearToPreviousToolInvocation");

  private final Untimed untimed;
  private int requests;

  VsCodeChat(Reading reading, Path file, Consumer<CapturedEvent> events)
      throws java.io.IOException {
    super(
        told ->
            new Session(Tool.VSCODE_COPILOT, Source.TRANSCRIPT, reading, Names.stem(file), told),
        events);
    this.untimed = Untimed.of(file);
    session.entrypoint(Entrypoint.IDE);
  }

  void about(JsonNode head) {
    session.named(Json.text(head, "sessionId"));
    model(Json.object(Json.object(head, "inputState"), "selectedModel"));
  }

  private void model(@Nullable JsonNode selected) {
    String id = Json.text(selected, "identifier");
    session.model(id == null ? null : id.substring(id.indexOf('/') + 1));
  }

  /// The same session as a list of changes to it.
  JsonLines.Rows changes() {
    return new JsonLines.Rows() {
      @Override
      public void row(JsonNode row, int number, int bytes) {
        JsonNode value = row.get("v");
        switch ((int) Json.number(row, "kind", -1)) {
          case 0 -> {
            if (value != null && value.isObject()) {
              about(value);
              all(Json.array(value, "requests"), bytes);
            }
          }
          case 1 -> {}
          case 2 -> {
            JsonNode at = Json.array(row, "k");
            if (at != null && at.size() == 1 && Json.words(at).equals("requests")) {
              all(value, bytes);
            } else if (at != null && at.size() == 3 && Json.words(at).startsWith("requests")) {
              // What comes back while a request is answered.
              parts(value);
            }
          }
          default -> VsCodeChat.this.gap(GapReason.UNKNOWN_TYPE);
        }
      }

      private void all(@Nullable JsonNode added, int bytes) {
        if (added != null && added.isArray()) {
          for (JsonNode request : added) {
            VsCodeChat.this.row(request, requests + 1, bytes);
          }
        }
      }

      @Override
      public void gap(GapReason reason) {
        VsCodeChat.this.gap(reason);
      }

      @Override
      public void between() {
        VsCodeChat.this.between();
      }
    };
  }

  @Override
  public void row(JsonNode request, int number, int bytes) {
    requests++;
    java.time.Instant at = Json.epoch(request, "timestamp");
    session.record(
        Json.text(request, "requestId", "request " + number), at == null ? untimed.at(number) : at);
    session.leaving(request.size(), bytes, 0);
    String model = Json.text(request, "modelId");
    session.model(model == null ? null : model.substring(model.indexOf('/') + 1));
    said(request);
    parts(request.get("response"));
    JsonNode result = Json.object(request, "result");
    if (Json.object(result, "errorDetails") != null) {
      Failures.tell(
          session, Json.text(Json.object(result, "errorDetails"), "message", ""), null, 0);
      session.turns().outcome(TurnOutcome.STOPPED);
    }
    if (Json.isTrue(request, "isCanceled")) {
      session.turns().outcome(TurnOutcome.INTERRUPTED);
    }
    Long took = Json.number(Json.object(result, "timings"), "totalElapsed");
    if (took != null) {
      session.turns().completed(Bounds.millis(took));
    }
  }

  private void said(JsonNode request) {
    String text = Json.text(Json.object(request, "message"), "text");
    int files = 0;
    int images = 0;
    JsonNode variables = Json.array(Json.object(request, "variableData"), "variables");
    if (variables != null) {
      for (JsonNode variable : variables) {
        boolean image = Json.text(variable, "kind", "").equals("image");
        images += image ? 1 : 0;
        files += image ? 0 : 1;
      }
    }
    if (text != null) {
      session.turns().prompt(text, images, files);
    }
  }

  private void parts(@Nullable JsonNode parts) {
    if (parts == null || !parts.isArray()) {
      return;
    }
    session.start();
    int number = 0;
    for (JsonNode part : parts) {
      number++;
      String kind = Json.text(part, "kind", "");
      switch (kind) {
        case "" -> session.turns().answered(Json.length(part, "value"));
        case "markdownContent" ->
            session.turns().answered(Json.length(Json.object(part, "content"), "value"));
        case "toolInvocation", "toolInvocationSerialized" -> used(part, number);
        case "textEditGroup" -> edited(part);
        default -> {
          if (!IGNORED_PARTS.contains(kind)) {
            session.gap(GapReason.UNKNOWN_TYPE, "part " + kind);
          }
        }
      }
    }
  }

  private void used(JsonNode part, int number) {
    String id = Json.text(part, "toolCallId", "part " + requests + " " + number);
    if (session.calls().isKnown(id)) {
      return;
    }
    String name = Json.text(part, "toolId", "");
    ToolKind kind =
        ToolKind.of(
            Tool.VSCODE_COPILOT, name.startsWith("copilot_") ? snake(name.substring(8)) : name);
    JsonNode terminal = Json.object(part, "toolSpecificData");
    String command =
        Json.text(
            Json.object(terminal, "commandLine"), "original", Json.text(terminal, "command", ""));
    Call call = ToolInput.call(kind, null);
    boolean runs = Json.text(terminal, "kind", "").equals("terminal") && !command.isEmpty();
    if (runs) {
      call =
          Call.of(ToolKind.of(Tool.VSCODE_COPILOT, "run_in_terminal"), command.length())
              .running(command);
    }
    JsonNode confirmed = part.get("isConfirmed");
    boolean denied = confirmed != null && confirmed.isBoolean() && !confirmed.asBoolean();
    Status status =
        denied ? Status.DENIED : Json.isTrue(part, "isComplete") ? Status.OK : Status.UNKNOWN;
    Long exit = Json.number(Json.object(terminal, "terminalCommandState"), "exitCode");
    Answer answer = Answer.of(status, "");
    session
        .calls()
        .ran(id, call, runs ? answer.exited(exit == null ? null : exit.intValue()) : answer);
  }

  /// `readFile` is what the agent's transcripts call `read_file`.
  private static String snake(String camel) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < camel.length(); i++) {
      char c = camel.charAt(i);
      if (Character.isUpperCase(c)) {
        name.append('_');
      }
      name.append(Character.toLowerCase(c));
    }
    return name.toString();
  }

  private void edited(JsonNode part) {
    JsonNode uri = Json.object(part, "uri");
    String path = Json.text(uri, "fsPath", Json.text(uri, "path", ""));
    JsonNode edits = Json.array(part, "edits");
    if (path.isEmpty() || edits == null) {
      return;
    }
    int added = 0;
    int hunks = 0;
    for (JsonNode group : edits) {
      if (group.isArray()) {
        for (JsonNode edit : group) {
          hunks++;
          added += Lines.count(Json.text(edit, "text", ""));
        }
      }
    }
    session.calls().touched(FileChange.of(FileOperation.EDIT, path, added, 0, hunks), null);
  }
}
