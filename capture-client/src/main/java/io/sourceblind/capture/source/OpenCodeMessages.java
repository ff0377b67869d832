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
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The messages of a session of OpenCode and the parts each is made of, wherever they are kept. A
/// record is one part.
final class OpenCodeMessages extends Transcript {

  private static final Set<String> IGNORED_PARTS =
      Set.of(
          "reasoning", "step-start", "step-finish", "file", "patch", "snapshot", "agent", "retry");

  private @Nullable JsonNode message;
  private String messageId = "";
  private final StringBuilder typed = new StringBuilder();
  private int images;
  private int files;

  OpenCodeMessages(
      Reading reading, Source source, String fallbackName, Consumer<CapturedEvent> events) {
    super(told -> new Session(Tool.OPENCODE, source, reading, fallbackName, told), events);
    session.entrypoint(Entrypoint.CLI);
  }

  void about(
      @Nullable String id,
      @Nullable String folder,
      @Nullable String version,
      @Nullable String parent) {
    session.named(id);
    session.in(folder);
    session.version(version);
    session.startedFrom(parent);
    if (parent != null) {
      // Sessions with a parent are run by a sub-agent.
      session.ofAgent();
    }
  }

  void message(String id, JsonNode next) {
    finishMessage();
    message = next;
    messageId = id;
    session.named(Json.text(next, "sessionID"));
    JsonNode path = Json.object(next, "path");
    session.in(Json.text(path, "root", Json.text(path, "cwd", "")));
    session.record(id, Json.epoch(Json.object(next, "time"), "created"));
    JsonNode model = Json.object(next, "model");
    session.model(Json.text(next, "modelID", Json.text(model, "modelID", "")));
  }

  @Override
  public void row(JsonNode part, int number, int bytes) {
    JsonNode of = message;
    if (of == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    String type = Json.text(part, "type", "");
    boolean asked = Json.text(of, "role", "").equals("user");
    switch (type) {
      case "text" -> {
        if (!Json.isTrue(part, "synthetic") && asked) {
          typed.append(typed.isEmpty() ? "" : "\n").append(Json.text(part, "text", ""));
        } else if (!asked) {
          session.start();
          if (!session.isSubagent()) {
            session.turns().answered(Json.length(part, "text"));
          }
        }
      }
      case "file" -> {
        boolean image = Json.text(part, "mime", "").startsWith("image/");
        images += image ? 1 : 0;
        files += image ? 0 : 1;
      }
      case "tool" -> used(part, bytes);
      case "compaction" -> {
        session.start();
        session.compacted(
            Json.isTrue(part, "auto") ? CompactionTrigger.AUTO : CompactionTrigger.MANUAL,
            null,
            null);
      }
      case "subtask" -> session.start();
      default -> {
        if (!IGNORED_PARTS.contains(type)) {
          session.gap(GapReason.UNKNOWN_TYPE, "part " + type);
        }
      }
    }
  }

  private void used(JsonNode part, int bytes) {
    JsonNode state = Json.object(part, "state");
    String id = Json.text(part, "callID");
    if (state == null || id == null) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    Status status =
        switch (Json.text(state, "status", "")) {
          // A command that fails still completes.
          case "completed", "success" -> Status.OK;
          case "error" -> Status.ERROR;
          case "pending", "running" -> null;
          default -> Status.UNKNOWN;
        };
    if (status == null) {
      return;
    }
    JsonNode time = Json.object(state, "time");
    Long start = Json.number(time, "start");
    Long end = Json.number(time, "end");
    session.record(Json.text(part, "id", id), Json.epoch(time, end == null ? "start" : "end"));
    session.leaving(part.size(), bytes, 0);
    session.start();
    ToolKind kind = ToolKind.of(Tool.OPENCODE, Json.text(part, "tool", ""));
    JsonNode facts = Json.object(state, "metadata");
    Long exit = Json.number(facts, "exit");
    Answer answer =
        Answer.of(status, Json.text(state, "output", Json.text(state, "error", "")))
            .took(start == null || end == null ? null : Bounds.millis(end - start));
    session
        .calls()
        .ran(
            id,
            ToolInput.call(kind, Json.object(state, "input")),
            kind.runsCommands() ? answer.exited(exit == null ? null : exit.intValue()) : answer);
  }

  private void finishMessage() {
    JsonNode ending = message;
    message = null;
    if (ending == null) {
      return;
    }
    session.record(messageId, Json.epoch(Json.object(ending, "time"), "created"));
    session.leaving(ending.size(), 0, 0);
    if (Json.text(ending, "role", "").equals("user")) {
      if (typed.length() > 0 || images + files > 0) {
        session.turns().prompt(typed.toString(), images, files);
      }
    } else {
      answered(ending);
    }
    typed.setLength(0);
    images = 0;
    files = 0;
    between();
  }

  private void answered(JsonNode ending) {
    session.start();
    JsonNode tokens = Json.object(ending, "tokens");
    JsonNode cache = Json.object(tokens, "cache");
    Usages.Tokens used =
        new Usages.Tokens(
            Json.number(tokens, "input", 0),
            Json.number(tokens, "output", 0),
            Json.number(cache, "read", 0),
            Json.number(cache, "write", 0),
            Json.number(tokens, "reasoning", 0));
    if (!used.isNone()) {
      session
          .usages()
          .see(
              session.name() + "/" + messageId,
              Objects.requireNonNullElse(session.model(), "other"),
              used,
              Usages.micros(Json.decimal(ending, "cost")));
    }
    JsonNode error = Json.object(ending, "error");
    String name = Json.text(error, "name", "");
    if (name.equals("MessageAbortedError")) {
      session.turns().outcome(TurnOutcome.INTERRUPTED);
    } else if (error != null) {
      Failures.tell(
          session,
          name + " " + Json.text(Json.object(error, "data"), "message", ""),
          Json.number(Json.object(error, "data"), "statusCode"),
          0);
    } else if (Json.text(ending, "finish", "").equals("stop")) {
      session.turns().outcome(TurnOutcome.COMPLETED);
    }
  }

  @Override
  void end() {
    finishMessage();
    super.end();
  }
}
