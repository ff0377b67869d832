// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the trajectories of Windsurf's Cascade: one step a line, without times.
final class WindsurfReader implements LineReader {

  private static final Set<String> STEPS =
      Set.of("user_input", "planner_response", "code_action", "view_file", "run_command");

  private final Reading reading;

  WindsurfReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.WINDSURF;
  }

  @Override
  public boolean hasTimes(Path file) {
    return false;
  }

  @Override
  public boolean reads(Head head) {
    return head.name().endsWith(".jsonl")
        && head.anyRow(row ->
            STEPS.contains(Json.text(row, "type", ""))
                && Json.object(row, Json.text(row, "type", "")) != null);
  }

  @Override
  public Transcript open(Path file, Consumer<CapturedEvent> events) throws IOException {
    return new Steps(reading, file, events);
  }

  private static final class Steps extends Transcript {

    private static final Set<String> IGNORED =
        Set.of("checkpoint", "memory", "error_message", "suggested_responses", "ephemeral_message");

    private final Untimed untimed;

    Steps(Reading reading, Path file, Consumer<CapturedEvent> events) throws IOException {
      super(
          told -> new Session(Tool.WINDSURF, Source.TRANSCRIPT, reading, Names.stem(file), told),
          events);
      this.untimed = Untimed.of(file);
      session.entrypoint(Entrypoint.IDE);
    }

    @Override
    public void row(JsonNode row, int number, int bytes) {
      session.record("line " + number, untimed.at(number));
      session.leaving(row.size(), bytes, 0);
      String type = Json.text(row, "type", "");
      JsonNode step = Json.object(row, type);
      switch (type) {
        case "user_input" -> session.turns().prompt(Json.text(step, "user_response", ""), 0, 0);
        case "planner_response" -> {
          session.start();
          session.turns().answered(Json.text(step, "response", "").length());
        }
        default -> {
          ToolKind kind = ToolKind.of(Tool.WINDSURF, type);
          if (!kind.equals(ToolKind.OTHER)) {
            used(kind, row, step, number);
          } else if (!IGNORED.contains(type)) {
            session.gap(GapReason.UNKNOWN_TYPE, type);
          }
        }
      }
    }

    private void used(ToolKind kind, JsonNode row, @Nullable JsonNode step, int number) {
      if (kind.runsCommands()) {
        session.in(Json.text(step, "cwd"));
      }
      boolean refused =
          Json.isTrue(step, "user_rejected")
              || Json.text(step, "acknowledgement_type", "").endsWith("_REJECT");
      Status status =
          refused
              ? Status.DENIED
              : Json.text(row, "status", "").equals("error") ? Status.ERROR : Status.OK;
      String output = Json.text(step, "output", Json.text(step, "content", ""));
      Answer answer = Answer.of(status, output);
      Call call = ToolInput.call(kind, null);
      switch (kind.name()) {
        case "run_command" -> {
          Long exit = Json.number(step, "exit_code");
          call = call.running(Json.text(step, "command", ""));
          answer = answer.exited(exit == null ? null : exit.intValue());
        }
        case "view_file" -> call = call.touching(viewed(step));
        case "code_action" -> call = call.touching(written(step));
        case "list_resources", "read_resource", "mcp_tool" ->
            call =
                ToolInput.mcp(
                    session.rules().refs(), Json.text(step, "server_name", ""), null, null);
        default -> {}
      }
      session.calls().ran(session.name() + " step " + number, call, answer);
    }

    private static List<FileChange> viewed(@Nullable JsonNode step) {
      Long first = Json.number(step, "start_line");
      Long last = Json.number(step, "end_line");
      return path(step)
          .map(path ->
              FileChange.read(
                  path,
                  first == null || last == null ? null : Bounds.count(last - first, 1_000_000)))
          .stream()
          .toList();
    }

    private static List<FileChange> written(@Nullable JsonNode step) {
      String content = Json.text(step, "new_content", "");
      return path(step)
          .map(path ->
              FileChange.of(FileOperation.EDIT, path, Lines.count(content), 0, 1)
                  .withBytesAfter(Bounds.bytes(content)))
          .stream()
          .toList();
    }

    private static java.util.Optional<String> path(@Nullable JsonNode step) {
      String path = Json.text(step, "path", Json.text(step, "file_path", ""));
      return path.isEmpty()
          ? java.util.Optional.empty()
          : java.util.Optional.of(Names.withoutScheme(path));
    }
  }
}
