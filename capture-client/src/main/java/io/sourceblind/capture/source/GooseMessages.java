// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.ToolClass;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The messages of a session of Goose.
final class GooseMessages extends Transcript {

  private static final Set<String> IGNORED =
      Set.of(
          "thinking",
          "redactedThinking",
          "toolConfirmationRequest",
          "frontendToolRequest",
          "systemNotification",
          "actionRequired",
          "reasoning");

  GooseMessages(
      Reading reading, Source source, String fallbackName, Consumer<CapturedEvent> events) {
    super(told -> new Session(Tool.GOOSE, source, reading, fallbackName, told), events);
    session.entrypoint(Entrypoint.CLI);
  }

  void in(@Nullable String folder) {
    session.in(folder);
  }

  @Override
  public void row(JsonNode row, int number, int bytes) {
    if (row.has("working_dir")) {
      session.in(Json.text(row, "working_dir"));
      return;
    }
    JsonNode content = Json.array(row, "content");
    if (content == null) {
      session.gap(GapReason.UNKNOWN_TYPE, "without content");
      return;
    }
    session.record("message " + number, Json.epoch(row, "created"));
    session.leaving(row.size(), bytes, 0);
    boolean asked = Json.text(row, "role", "").equals("user");
    StringBuilder typed = new StringBuilder();
    int images = 0;
    for (JsonNode part : content) {
      String type = Json.text(part, "type", "");
      switch (type) {
        case "text" -> {
          String text = Json.text(part, "text", "");
          if (asked) {
            typed.append(typed.isEmpty() ? "" : "\n").append(text);
          } else {
            session.start();
            session.turns().answered(text.length());
          }
        }
        case "image" -> images += asked ? 1 : 0;
        case "toolRequest" -> called(part);
        case "toolResponse" -> returned(part);
        case "conversationCompacted", "contextLengthExceeded" -> {
          session.start();
          session.compacted(CompactionTrigger.AUTO, null, null);
        }
        default -> {
          if (!IGNORED.contains(type)) {
            session.gap(GapReason.UNKNOWN_TYPE, "part " + type);
          }
        }
      }
    }
    if (!typed.isEmpty() || images > 0) {
      session.turns().prompt(typed.toString(), images, 0);
    }
  }

  private void called(JsonNode part) {
    String id = Json.text(part, "id");
    JsonNode call = Json.object(Json.object(part, "toolCall"), "value");
    String name = Json.text(call, "name");
    if (id == null || name == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    session.start();
    JsonNode input = Json.object(call, "arguments");
    int split = name.indexOf("__");
    String server = split < 0 ? "" : name.substring(0, split);
    String own = split < 0 ? name : name.substring(split + 2);
    if (!server.isEmpty() && !server.equals("developer")) {
      session.calls().add(id, ToolInput.mcp(session.rules().refs(), server, own, input));
      return;
    }
    session.calls().add(id, developer(own, input));
  }

  /// Its editor is one tool with several commands.
  private static Call developer(String name, @Nullable JsonNode input) {
    ToolKind kind = ToolKind.of(Tool.GOOSE, name);
    if (!name.equals("text_editor") || input == null) {
      return ToolInput.call(kind, input);
    }
    ToolClass does =
        switch (Json.text(input, "command", "")) {
          case "view" -> ToolClass.READ;
          case "write" -> ToolClass.CREATE;
          default -> ToolClass.EDIT;
        };
    Call call = ToolInput.call(new ToolKind(kind.name(), does), input);
    String diff = Json.text(input, "diff");
    String path = ToolInput.path(input);
    return diff == null || path == null
        ? call
        : call.touching(List.of(Patch.unified(FileOperation.EDIT, path, diff)));
  }

  private void returned(JsonNode part) {
    String id = Json.text(part, "id");
    JsonNode result = Json.object(part, "toolResult");
    if (id == null || result == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    JsonNode value = result.get("value");
    JsonNode content = value != null && value.isObject() ? value.get("content") : value;
    boolean failed =
        Json.text(result, "status", "").equals("error") || Json.isTrue(value, "isError");
    String output =
        failed && content == null ? Json.text(result, "error", "") : Json.words(content);
    session.calls().answer(id, Answer.of(failed ? Status.ERROR : Status.OK, output));
  }
}
