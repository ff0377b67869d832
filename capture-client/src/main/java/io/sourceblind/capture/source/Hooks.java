// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CompactionTrigger;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Source;
import io.sourceblind.events.StartReason;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes events of what AI tools hand to their hooks, by the same rules as of their transcripts.
public final class Hooks {

  private final Reading reading;

  public Hooks(CaptureRules rules, Redactor redactor, Clock clock) {
    this.reading = new Reading(rules, redactor, clock);
  }

  /// What one hook told.
  ///
  /// @param session the session's ref
  /// @param transcript where the tool writes the session down, if it says so
  /// @param over whether the session ended with it
  public record Told(
      List<CapturedEvent> events, Ref session, @Nullable Path transcript, boolean over) {
    public Told {
      events = List.copyOf(events);
    }
  }

  /// Reads what a hook was given; empty where it tells of no session.
  ///
  /// @param named the event's name, for tools that do not write it into the payload
  public synchronized Optional<Told> read(Tool installedFor, String named, byte[] payload) {
    JsonNode node = JsonLines.parsed(payload);
    if (node == null || !node.isObject()) {
      return Optional.empty();
    }
    HookFields fields = new HookFields(node);
    String session = fields.session();
    if (session == null) {
      return Optional.empty();
    }
    String transcript = fields.transcript();
    String event = fields.event(named);
    return Optional.of(
        new Told(
            events(toolOf(installedFor, fields), event, fields, session),
            reading.rules().refs().of("session", session),
            transcript == null ? null : path(transcript),
            event.equals("sessionend")));
  }

  /// Cursor and Copilot also run the hooks they find in the settings of Claude Code.
  private static Tool toolOf(Tool installedFor, HookFields fields) {
    String transcript = fields.transcript() == null ? "" : fields.transcript();
    if (Json.has(fields.payload(), "cursor_version") || transcript.contains(".cursor")) {
      return Tool.CURSOR;
    }
    return transcript.contains("github.copilot") || transcript.contains("GitHub.copilot")
        ? Tool.VSCODE_COPILOT
        : installedFor;
  }

  private static @Nullable Path path(String written) {
    try {
      Path path = Path.of(written);
      return path.isAbsolute() ? path : null;
    } catch (InvalidPathException _) {
      return null;
    }
  }

  private List<CapturedEvent> events(Tool tool, String event, HookFields fields, String name) {
    List<CapturedEvent> told = new ArrayList<>();
    Session session = new Session(tool, Source.HOOK, reading, name, told::add);
    Instant now = reading.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    session.named(name);
    session.in(fields.folder());
    session.model(Json.text(fields.payload(), "model"));
    String prompt = fields.prompt();
    session.record(
        event + " " + (fields.promptId() == null ? now.toString() : fields.promptId()), now);
    switch (event) {
      case "sessionstart" -> session.start();
      case "userpromptsubmit", "userpromptsubmitted", "beforesubmitprompt", "beforeagent" -> {
        if (prompt != null) {
          session.turns().prompt(prompt, 0, 0);
        }
      }
      case "posttooluse", "aftertool" -> call(session, tool, fields, now, false);
      case "posttoolusefailure" -> call(session, tool, fields, now, true);
      case "postcompact" ->
          session.compacted(
              Json.text(fields.payload(), "trigger", "").equals("manual")
                  ? CompactionTrigger.MANUAL
                  : CompactionTrigger.AUTO,
              null,
              null);
      default -> {
        // A hook that tells nothing we keep, such as the end of a turn, which prompts bound as
        // well.
      }
    }
    return asTold(told, event, fields);
  }

  /// Every session of the reader's begins with its first record; a hook knows when it really did.
  private static List<CapturedEvent> asTold(
      List<CapturedEvent> told, String event, HookFields fields) {
    List<CapturedEvent> kept = new ArrayList<>();
    for (CapturedEvent one : told) {
      if (!(one instanceof CapturedEvent.SessionStarted start)) {
        kept.add(one);
      } else if (event.equals("sessionstart")) {
        kept.add(
            new CapturedEvent.SessionStarted(
                start.envelope(),
                reasonOf(Json.text(fields.payload(), "source", "")),
                start.model(),
                start.os(),
                start.entrypoint(),
                null));
      }
    }
    return kept;
  }

  private static StartReason reasonOf(String word) {
    return switch (word) {
      case "startup" -> StartReason.STARTUP;
      case "resume" -> StartReason.RESUME;
      case "clear" -> StartReason.CLEAR;
      case "compact" -> StartReason.COMPACT;
      case "fork" -> StartReason.FORK;
      default -> StartReason.UNKNOWN;
    };
  }

  private static void call(
      Session session, Tool tool, HookFields fields, Instant now, boolean failed) {
    String toolName = fields.toolName();
    if (toolName == null) {
      return;
    }
    String id = fields.callId() == null ? session.name() + "/" + now : fields.callId();
    Long took = fields.took();
    Call call = callOf(session, tool, toolName, fields.input());
    session.record(id, took == null ? now : now.minusMillis(Math.clamp(took, 0, 86_400_000)));
    session.calls().add(id, call);
    session.record(id, now);
    if (tool == Tool.CLAUDE_CODE) {
      ObjectNode block = JsonLines.JSON.createObjectNode();
      block.put("tool_use_id", id).put("is_error", failed).put("content", fields.output());
      new ClaudeToolResult(session).take(block, fields.result());
      return;
    }
    Integer exit = call.tool().runsCommands() ? exitCode(fields) : null;
    session.calls().answer(id, Answer.of(statusOf(fields, failed), fields.output()).exited(exit));
  }

  private static Call callOf(
      Session session, Tool tool, String toolName, @Nullable JsonNode input) {
    String[] parts = toolName.split("__", 3);
    return toolName.startsWith("mcp__") && parts.length > 1
        ? ToolInput.mcp(session.rules().refs(), parts[1], parts.length > 2 ? parts[2] : null, input)
        : ToolInput.call(ToolKind.of(tool, toolName), input);
  }

  private static @Nullable Integer exitCode(HookFields fields) {
    JsonNode result = fields.result();
    Long code = Json.number(result, "exitCode");
    code = code == null ? Json.number(result, "exit_code") : code;
    code = code == null ? Json.number(Json.object(result, "metadata"), "exit_code") : code;
    return code == null || code != code.intValue() ? null : Integer.valueOf(code.intValue());
  }

  private static Status statusOf(HookFields fields, boolean failed) {
    if (Json.isTrue(fields.payload(), "is_interrupt")) {
      return Status.INTERRUPTED;
    }
    return switch (Json.text(fields.payload(), "failure_type", "")) {
      case "timeout" -> Status.TIMEOUT;
      case "permission_denied" -> Status.DENIED;
      default -> failed || Json.has(fields.result(), "error") ? Status.ERROR : Status.OK;
    };
  }
}
