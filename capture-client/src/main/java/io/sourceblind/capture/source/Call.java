// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.command.CommandLine;
import io.sourceblind.events.AgentType;
import io.sourceblind.events.Ref;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is remembered of a tool call until its result comes: numbers and what may leave, nothing of
/// its content.
///
/// @param command the skeleton of what it runs in a shell
/// @param files what it does to files, as far as its input tells
/// @param agentType which sub-agent it starts
record Call(
    ToolKind tool,
    int inputBytes,
    @Nullable CommandLine command,
    boolean background,
    List<FileChange> files,
    @Nullable AgentType agentType,
    @Nullable Ref mcpServer,
    @Nullable Ref mcpTool) {

  Call {
    files = List.copyOf(files);
  }

  static Call of(ToolKind tool, int inputBytes) {
    return new Call(tool, inputBytes, null, false, List.of(), null, null, null);
  }

  Call running(String shellCommand) {
    return new Call(
        tool,
        inputBytes,
        CommandLine.parse(shellCommand),
        background,
        files,
        agentType,
        mcpServer,
        mcpTool);
  }

  Call inBackground(boolean so) {
    return new Call(tool, inputBytes, command, so, files, agentType, mcpServer, mcpTool);
  }

  Call touching(List<FileChange> changes) {
    return new Call(tool, inputBytes, command, background, changes, agentType, mcpServer, mcpTool);
  }

  Call startingAgent(AgentType type) {
    return new Call(tool, inputBytes, command, background, files, type, mcpServer, mcpTool);
  }

  /// The names are the organization's own and leave as refs.
  Call ofServer(Ref server, @Nullable Ref toolRef) {
    return new Call(tool, inputBytes, command, background, files, agentType, server, toolRef);
  }
}
