// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.Status;
import io.sourceblind.events.ToolError;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a tool call ended. The output is counted and looked at for its verdict, and goes no further.
///
/// @param durationMs how long it took; null: as long as between the two records
/// @param files what it did to files where the result tells better than the call
/// @param agent what a sub-agent's run came to
record Answer(
    Status status,
    Output output,
    @Nullable Integer exitCode,
    @Nullable Integer durationMs,
    @Nullable ToolError error,
    @Nullable List<FileChange> files,
    @Nullable AgentRun agent) {

  private static final int START = 300;

  /// @param model the model by its native name
  record AgentRun(
      @Nullable Integer durationMs,
      @Nullable Long toolCalls,
      @Nullable Long tokens,
      @Nullable String model) {}

  static Answer of(Status status, String output) {
    return of(status, Output.of(output));
  }

  static Answer of(Status status, Output output) {
    return new Answer(
        status,
        output,
        null,
        null,
        status == Status.OK ? null : errorOf(status, null, output),
        null,
        null);
  }

  Answer exited(@Nullable Integer code) {
    Status known =
        code == null || (status != Status.OK && status != Status.UNKNOWN)
            ? status
            : code == 0 ? Status.OK : Status.ERROR;
    return new Answer(
        known,
        output,
        code,
        durationMs,
        known == Status.OK ? null : errorOf(known, code, output),
        files,
        agent);
  }

  Answer took(@Nullable Integer millis) {
    return new Answer(status, output, exitCode, millis, error, files, agent);
  }

  Answer touching(@Nullable List<FileChange> changes) {
    return new Answer(status, output, exitCode, durationMs, error, changes, agent);
  }

  Answer by(@Nullable AgentRun run) {
    return new Answer(status, output, exitCode, durationMs, error, files, run);
  }

  static @Nullable ToolError errorOf(Status status, @Nullable Integer exit, Output output) {
    return switch (status) {
      case OK, UNKNOWN -> null;
      case INTERRUPTED -> ToolError.INTERRUPTED;
      case TIMEOUT -> ToolError.TIMEOUT;
      case DENIED -> ToolError.PERMISSION;
      case ERROR -> {
        String text = output.text();
        String start = text.substring(0, Math.min(text.length(), START)).toLowerCase(Locale.ROOT);
        if (exit != null) {
          yield ToolError.EXIT_CODE;
        } else if (start.contains("inputvalidationerror") || start.contains("invalid")) {
          yield ToolError.INVALID_INPUT;
        } else if (start.contains("not found")
            || start.contains("does not exist")
            || start.contains("no such file")) {
          yield ToolError.NOT_FOUND;
        } else if (start.contains("permission")) {
          yield ToolError.PERMISSION;
        } else if (start.contains("econn")
            || start.contains("network")
            || start.contains("socket")) {
          yield ToolError.NETWORK;
        } else {
          yield ToolError.OTHER;
        }
      }
    };
  }
}
