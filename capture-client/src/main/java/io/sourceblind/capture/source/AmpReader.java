// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.OperatingSystem;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the threads of Amp, each one JSON object.
final class AmpReader implements SourceReader {

  private final Reading reading;

  AmpReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.AMP;
  }

  @Override
  public boolean reads(Head head) {
    return head.name().endsWith(".json")
        && head.keys().containsAll(Set.of("v", "id", "created", "messages"));
  }

  @Override
  public void read(Path file, Consumer<CapturedEvent> events) throws IOException {
    Messages messages = new Messages(reading, file, events);
    messages.about(JsonDocument.head(file, "messages"));
    JsonDocument.elements(file, "messages", messages);
    messages.end();
  }

  private static final class Messages extends Transcript {

    private @Nullable Instant created;

    Messages(Reading reading, Path file, Consumer<CapturedEvent> events) {
      super(
          told -> new Session(Tool.AMP, Source.TRANSCRIPT, reading, Names.stem(file), told),
          events);
    }

    void about(JsonNode head) {
      session.named(Json.text(head, "id"));
      created = Json.epoch(head, "created");
      JsonNode initial = Json.object(Json.object(head, "env"), "initial");
      JsonNode trees = Json.array(initial, "trees");
      if (trees != null && !trees.isEmpty()) {
        session.in(Names.withoutScheme(Json.text(trees.get(0), "uri", "")));
        session.branch(Json.text(Json.object(trees.get(0), "repository"), "ref"));
      }
      JsonNode platform = Json.object(initial, "platform");
      session.entrypoint(
          Json.text(platform, "clientType", "").equals("cli")
              ? Entrypoint.CLI
              : platform == null ? Entrypoint.UNKNOWN : Entrypoint.IDE);
      switch (Json.text(platform, "os", "")) {
        case "darwin" -> session.system(OperatingSystem.MACOS);
        case "linux" -> session.system(OperatingSystem.LINUX);
        case "windows", "win32" -> session.system(OperatingSystem.WINDOWS);
        default -> {}
      }
    }

    @Override
    public void row(JsonNode row, int number, int bytes) {
      JsonNode usage = Json.object(row, "usage");
      Instant at = Json.epoch(Json.object(row, "meta"), "sentAt");
      at = at == null ? Json.instant(usage, "timestamp") : at;
      // Records without a time of their own follow the one before.
      session.record("message " + number, at == null && !session.canTell() ? created : at);
      session.leaving(row.size(), bytes, 0);
      JsonNode content = Json.array(row, "content");
      if (content == null) {
        session.gap(GapReason.UNKNOWN_TYPE, "without content");
        return;
      }
      switch (Json.text(row, "role", "")) {
        case "user" -> said(content);
        case "assistant" -> answered(row, content, usage, number);
        case "info" -> session.start();
        default -> session.gap(GapReason.UNKNOWN_TYPE, Json.text(row, "role", ""));
      }
    }

    private void said(JsonNode content) {
      StringBuilder typed = new StringBuilder();
      int images = 0;
      for (JsonNode block : content) {
        switch (Json.text(block, "type", "")) {
          case "text" ->
              typed.append(typed.isEmpty() ? "" : "\n").append(Json.text(block, "text", ""));
          case "image" -> images++;
          case "tool_result" -> returned(block);
          default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
        }
      }
      if (!typed.isEmpty() || images > 0) {
        session.turns().prompt(typed.toString(), images, 0);
      }
    }

    private void returned(JsonNode block) {
      String id = Json.text(block, "toolUseID");
      JsonNode run = Json.object(block, "run");
      if (id == null || run == null) {
        session.gap(GapReason.PARSE_ERROR, null);
        return;
      }
      JsonNode result = Json.object(run, "result");
      Status status =
          switch (Json.text(run, "status", "")) {
            case "done" -> Status.OK;
            case "error" -> Status.ERROR;
            case "cancelled" -> Status.INTERRUPTED;
            case "rejected-by-user" -> Status.DENIED;
            default -> Status.UNKNOWN;
          };
      String output =
          Json.text(result, "output", Json.text(result, "content", Json.text(run, "result", "")));
      Long exit = Json.number(result, "exitCode");
      Answer answer = Answer.of(status, output).exited(exit == null ? null : exit.intValue());
      Call call = session.calls().pending(id);
      String diff = Json.text(result, "diff");
      if (call != null && call.files().size() == 1) {
        FileChange file = call.files().get(0);
        if (Json.isTrue(result, "isDirectory")) {
          answer = answer.touching(List.of());
        } else if (diff != null && file.op() != FileOperation.READ) {
          answer = answer.touching(List.of(Patch.unified(file.op(), file.path(), diff)));
        } else if (file.op() == FileOperation.READ) {
          answer = answer.touching(List.of(file.withLinesRead(Lines.count(output))));
        }
      }
      session.calls().answer(id, answer);
    }

    private void answered(JsonNode row, JsonNode content, @Nullable JsonNode usage, int number) {
      session.model(Json.text(usage, "model"));
      session.start();
      for (JsonNode block : content) {
        switch (Json.text(block, "type", "")) {
          case "text" -> session.turns().answered(Json.text(block, "text", "").strip().length());
          case "tool_use" -> called(block);
          case "thinking", "redacted_thinking", "server_tool_use" -> {}
          default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
        }
      }
      if (usage != null) {
        session
            .usages()
            .see(
                session.name() + "/" + number,
                session.model(),
                new Usages.Tokens(
                    Json.number(usage, "inputTokens", 0),
                    Json.number(usage, "outputTokens", 0),
                    Json.number(usage, "cacheReadInputTokens", 0),
                    Json.number(usage, "cacheCreationInputTokens", 0),
                    0),
                null);
      }
      if (Json.text(Json.object(row, "state"), "stopReason", "").equals("end_turn")) {
        Long took = Json.number(row, "turnElapsedMs");
        session.turns().outcome(TurnOutcome.COMPLETED);
        session.turns().finish(took == null ? null : Bounds.millis(took));
      }
    }

    private void called(JsonNode block) {
      String id = Json.text(block, "id");
      String name = Json.text(block, "name");
      if (id == null || name == null) {
        session.gap(GapReason.PARSE_ERROR, null);
        return;
      }
      JsonNode input = Json.object(block, "input");
      String[] parts = name.split("__", 3);
      if (name.startsWith("mcp__") && parts.length == 3) {
        session.calls().add(id, ToolInput.mcp(session.rules().refs(), parts[1], parts[2], input));
      } else {
        session.calls().add(id, ToolInput.call(ToolKind.of(Tool.AMP, name), input));
      }
    }
  }
}
