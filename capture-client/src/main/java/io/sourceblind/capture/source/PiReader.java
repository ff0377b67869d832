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
import io.sourceblind.events.TurnOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the sessions of Pi.
final class PiReader implements LineReader {

  private final Reading reading;

  PiReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.PI;
  }

  @Override
  public boolean reads(Head head) {
    return head.name().endsWith(".jsonl")
        && head.anyRow(
            row -> Json.text(row, "type", "").equals("session") && row.has("id") && row.has("cwd"));
  }

  @Override
  public Transcript open(Path file, Consumer<CapturedEvent> events) {
    return new Rows(reading, file, events);
  }

  private static final class Rows extends Transcript {

    private static final Set<String> IGNORED =
        Set.of(
            "custom",
            "custom_message",
            "thinking_level_change",
            "branchSummary",
            "branch_summary",
            "label",
            "session_info");

    Rows(Reading reading, Path file, Consumer<CapturedEvent> events) {
      super(
          told -> new Session(Tool.PI, Source.TRANSCRIPT, reading, Names.stem(file), told), events);
      session.entrypoint(Entrypoint.CLI);
    }

    @Override
    public void row(JsonNode row, int number, int bytes) {
      session.record(Json.text(row, "id", "line") + " " + number, Json.instant(row, "timestamp"));
      session.leaving(row.size(), bytes, 0);
      String type = Json.text(row, "type", "");
      switch (type) {
        case "session" -> {
          session.named(Json.text(row, "id"));
          session.in(Json.text(row, "cwd"));
          session.startedFrom(Json.text(row, "parentSession"));
        }
        case "model_change" -> session.model(Json.text(row, "modelId"));
        case "compaction", "compactionSummary" -> {
          session.start();
          session.compacted(CompactionTrigger.AUTO, Json.number(row, "tokensBefore"), null);
        }
        case "message" -> message(Json.object(row, "message"), number);
        default -> {
          if (!IGNORED.contains(type)) {
            session.gap(GapReason.UNKNOWN_TYPE, type);
          }
        }
      }
    }

    private void message(@Nullable JsonNode message, int number) {
      if (message == null) {
        session.gap(GapReason.PARSE_ERROR, null);
        return;
      }
      switch (Json.text(message, "role", "")) {
        case "user" -> {
          JsonNode content = message.get("content");
          int images = 0;
          if (content != null && content.isArray()) {
            for (JsonNode block : content) {
              images += Json.text(block, "type", "").equals("image") ? 1 : 0;
            }
          }
          session.turns().prompt(Json.words(content), images, 0);
        }
        case "assistant" -> answered(message, number);
        case "toolResult" -> returned(message);
        case "bashExecution" -> ran(message, number);
        case "custom", "branchSummary", "compactionSummary" -> {}
        default -> session.gap(GapReason.UNKNOWN_TYPE, "role " + Json.text(message, "role", ""));
      }
    }

    private void answered(JsonNode message, int number) {
      session.model(Json.text(message, "model"));
      session.start();
      JsonNode content = Json.array(message, "content");
      if (content != null) {
        for (JsonNode block : content) {
          switch (Json.text(block, "type", "")) {
            case "text" -> session.turns().answered(Json.length(block, "text"));
            case "toolCall" -> called(block);
            case "thinking" -> {}
            default -> session.gap(GapReason.UNKNOWN_TYPE, "block " + Json.text(block, "type", ""));
          }
        }
      }
      JsonNode usage = Json.object(message, "usage");
      if (usage != null) {
        session
            .usages()
            .see(
                session.name() + "/" + number,
                session.model(),
                new Usages.Tokens(
                    Json.number(usage, "input", 0),
                    Json.number(usage, "output", 0),
                    Json.number(usage, "cacheRead", 0),
                    Json.number(usage, "cacheWrite", 0),
                    0),
                Usages.micros(Json.decimal(Json.object(usage, "cost"), "total")));
      }
      switch (Json.text(message, "stopReason", "")) {
        case "stop" -> session.turns().outcome(TurnOutcome.COMPLETED);
        case "length" -> session.turns().outcome(TurnOutcome.STOPPED);
        case "aborted" -> session.turns().outcome(TurnOutcome.INTERRUPTED);
        case "error" -> Failures.tell(session, Json.text(message, "errorMessage", ""), null, 0);
        default -> {}
      }
    }

    private void called(JsonNode block) {
      String id = Json.text(block, "id");
      String name = Json.text(block, "name");
      if (id == null || name == null) {
        session.gap(GapReason.PARSE_ERROR, null);
        return;
      }
      session
          .calls()
          .add(id, ToolInput.call(ToolKind.of(Tool.PI, name), Json.object(block, "arguments")));
    }

    private void returned(JsonNode message) {
      String id = Json.text(message, "toolCallId");
      if (id == null) {
        session.gap(GapReason.PARSE_ERROR, null);
        return;
      }
      String output = Json.words(message.get("content"));
      boolean failed = Json.isTrue(message, "isError");
      Call call = session.calls().pending(id);
      Answer answer = Answer.of(failed ? Status.ERROR : Status.OK, output);
      if (call != null && call.tool().runsCommands()) {
        Integer code = ExitCodes.behind(output, "Command exited with code ");
        answer = answer.exited(code == null && !failed ? Integer.valueOf(0) : code);
      }
      String diff = Json.text(Json.object(message, "details"), "diff");
      if (call != null && call.files().size() == 1 && diff != null) {
        FileChange file = call.files().get(0);
        answer = answer.touching(List.of(Patch.unified(FileOperation.EDIT, file.path(), diff)));
      }
      session.calls().answer(id, answer);
    }

    /// A command that the engineer ran from within the tool.
    private void ran(JsonNode message, int number) {
      Long exit = Json.number(message, "exitCode");
      session
          .calls()
          .ran(
              session.name() + " bash " + number,
              Call.of(ToolKind.of(Tool.PI, "bash"), 0).running(Json.text(message, "command", "")),
              Answer.of(
                      Json.isTrue(message, "cancelled") ? Status.INTERRUPTED : Status.OK,
                      Json.text(message, "output", ""))
                  .exited(exit == null ? null : exit.intValue()));
    }
  }
}
