// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.command.CommandLine;
import io.sourceblind.events.AgentType;
import io.sourceblind.events.Ref;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is remembered of a tool call until its result comes: numbers and what may leave, nothing of
/// its content.
record PendingCall(
    ToolKind tool,
    Instant at,
    int inputBytes,
    @Nullable String path,
    @Nullable CommandLine command,
    boolean background,
    int linesAdded,
    int linesRemoved,
    int hunks,
    int contentBytes,
    @Nullable AgentType agentType,
    @Nullable Ref mcpServer,
    @Nullable Ref mcpTool,
    @Nullable Ref turn) {}
