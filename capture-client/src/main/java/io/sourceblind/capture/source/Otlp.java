// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes events of the logs that AI tools send as OpenTelemetry: what a model's answer cost, and
/// how a tool call ended. Attributes with people, paths, words or output are not looked at.
public final class Otlp {

  private static final int BILLION = 1_000_000_000;

  private final Reading reading;

  public Otlp(CaptureRules rules, Redactor redactor, Clock clock) {
    this.reading = new Reading(rules, redactor, clock);
  }

  /// The events of one export of logs; empty where the bytes are none.
  public synchronized Optional<List<CapturedEvent>> logs(byte[] protobuf) {
    ExportLogsServiceRequest request;
    try {
      request = ExportLogsServiceRequest.parseFrom(protobuf);
    } catch (InvalidProtocolBufferException _) {
      return Optional.empty();
    }
    List<CapturedEvent> told = new ArrayList<>();
    request.getResourceLogsList().stream()
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .forEach(log -> take(log, told));
    return Optional.of(told);
  }

  private void take(LogRecord log, List<CapturedEvent> told) {
    Map<String, AnyValue> values = new HashMap<>();
    for (KeyValue pair : log.getAttributesList()) {
      values.put(pair.getKey(), pair.getValue());
    }
    String name = nameOf(log, values);
    int dot = name.lastIndexOf('.');
    Tool tool = dot < 0 ? null : toolOf(name.substring(0, dot));
    String session = text(values, "session.id", "conversation.id", "gen_ai.conversation.id");
    if (tool == null || session == null) {
      return;
    }
    Session about = new Session(tool, Source.OTEL, reading, session, told::add);
    about.named(session);
    about.version(text(values, "app.version"));
    Instant at = at(log);
    switch (name.substring(dot + 1)) {
      case "api_request", "api_response" -> used(about, values, at);
      case "tool_result", "tool_call" -> called(about, tool, values, at);
      default -> {
        // Nothing that we keep.
      }
    }
  }

  /// Where a tool writes the short name only, the body holds the long one.
  private static String nameOf(LogRecord log, Map<String, AnyValue> values) {
    String body = log.getBody().getStringValue();
    String attribute = text(values, "event.name");
    String name = attribute == null ? log.getEventName() : attribute;
    return name.indexOf('.') > 0 || !body.endsWith(name) ? name : body;
  }

  private static @Nullable Tool toolOf(String prefix) {
    return switch (prefix) {
      case "claude_code" -> Tool.CLAUDE_CODE;
      case "codex" -> Tool.CODEX;
      case "gemini_cli" -> Tool.GEMINI_CLI;
      default -> null;
    };
  }

  private Instant at(LogRecord log) {
    long nanos = log.getTimeUnixNano() == 0 ? log.getObservedTimeUnixNano() : log.getTimeUnixNano();
    Instant told = nanos <= 0 ? null : Json.sensible(Instant.ofEpochMilli(nanos / 1_000_000));
    return (told == null ? reading.clock().instant() : told).truncatedTo(ChronoUnit.MILLIS);
  }

  private static void used(Session session, Map<String, AnyValue> values, Instant at) {
    String request = text(values, "request_id", "prompt_id");
    String key = request == null ? session.name() + "/" + at : request;
    session.record("answer " + key, at);
    Double cost = decimal(values, "cost_usd");
    session
        .usages()
        .see(
            key,
            text(values, "model"),
            new Usages.Tokens(
                number(values, "input_tokens", "input_token_count"),
                number(values, "output_tokens", "output_token_count"),
                number(values, "cache_read_tokens", "cached_content_token_count"),
                number(values, "cache_creation_tokens"),
                number(values, "thoughts_token_count")),
            Usages.micros(cost));
    session.usages().flush();
  }

  private static void called(Session session, Tool tool, Map<String, AnyValue> values, Instant at) {
    String toolName = text(values, "tool_name", "function_name");
    String id = text(values, "tool_use_id", "call_id");
    if (toolName == null || id == null) {
      return;
    }
    session.record("call " + id, at);
    ToolKind kind = toolName.startsWith("mcp__") ? ToolKind.MCP : ToolKind.of(tool, toolName);
    String success = text(values, "success");
    Status status =
        success == null ? Status.UNKNOWN : success.equals("true") ? Status.OK : Status.ERROR;
    session.emit(
        new CapturedEvent.ToolCompleted(
            session.envelope("tool.completed", session.rules().refs().of("call", id)),
            kind.toolClass(),
            kind.name(),
            status,
            Bounds.millis(number(values, "duration_ms")),
            Bounds.count(number(values, "tool_input_size_bytes"), BILLION),
            Bounds.count(number(values, "tool_result_size_bytes"), BILLION),
            Answer.errorOf(status, null, Output.NONE),
            null,
            null));
  }

  private static @Nullable String text(Map<String, AnyValue> values, String... names) {
    for (String name : names) {
      AnyValue value = values.get(name);
      if (value != null && value.hasStringValue() && !value.getStringValue().isEmpty()) {
        return value.getStringValue();
      }
      if (value != null && value.hasBoolValue()) {
        return String.valueOf(value.getBoolValue());
      }
    }
    return null;
  }

  /// Numbers are written as numbers by some tools and as texts by others.
  private static long number(Map<String, AnyValue> values, String... names) {
    for (String name : names) {
      Double value = decimal(values, name);
      if (value != null) {
        return Math.max(0, Math.round(value));
      }
    }
    return 0;
  }

  private static @Nullable Double decimal(Map<String, AnyValue> values, String name) {
    AnyValue value = values.get(name);
    if (value == null) {
      return null;
    }
    return switch (value.getValueCase()) {
      case INT_VALUE -> (double) value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case STRING_VALUE -> parsed(value.getStringValue());
      default -> null;
    };
  }

  private static @Nullable Double parsed(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
