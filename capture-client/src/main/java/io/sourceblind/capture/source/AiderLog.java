// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Tool;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// aider's analytics log: what it sent to models and what that cost, and nothing of what was said.
final class AiderLog implements JsonLines.Rows {

  private static final Set<String> IGNORED =
      Set.of(
          "no-repo",
          "repo",
          "auto_commits",
          "model warning",
          "cli session",
          "gui session",
          "message_send_starting",
          "copy-paste mode",
          "ai-comments execute",
          "ai-comments file-add");

  private final Reading reading;
  private final String name;
  private final Consumer<CapturedEvent> events;
  private Session session;

  AiderLog(Reading reading, Path file, Consumer<CapturedEvent> events) {
    this.reading = reading;
    this.name = Names.stem(file);
    this.events = events;
    this.session = open(0);
  }

  private Session open(int line) {
    Session next =
        new Session(Tool.AIDER, Source.LOG, reading, name + " from line " + line, events);
    next.entrypoint(Entrypoint.CLI);
    return next;
  }

  @Override
  public void row(JsonNode row, int number, int bytes) {
    String event = Json.text(row, "event", "");
    JsonNode facts = Json.object(row, "properties");
    if (event.equals("launched")) {
      session.end();
      session = open(number);
    }
    session.record("line " + number, Json.epoch(row, "time"));
    session.leaving(row.size(), bytes, 0);
    switch (event) {
      case "launched" -> session.start();
      case "exit" -> session.turns().finish(null);
      case "message_send" -> {
        String model = Json.text(facts, "main_model", "");
        session.model(model);
        session.start();
        session
            .usages()
            .see(
                session.name() + "/" + number,
                model,
                new Usages.Tokens(
                    Json.number(facts, "prompt_tokens", 0),
                    Json.number(facts, "completion_tokens", 0),
                    0,
                    0,
                    0),
                Usages.micros(Json.decimal(facts, "cost")));
      }
      case "message_send_exception" ->
          Failures.tell(session, Json.text(facts, "exception", ""), null, 0);
      default -> {
        if (!event.startsWith("command_") && !IGNORED.contains(event)) {
          session.gap(GapReason.UNKNOWN_TYPE, event);
        }
      }
    }
  }

  @Override
  public void gap(GapReason reason) {
    session.gap(reason, null);
  }

  @Override
  public void between() {}

  void end() {
    session.end();
  }
}
