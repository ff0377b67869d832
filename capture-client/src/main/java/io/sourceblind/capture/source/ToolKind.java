// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.ToolClass;
import java.util.Map;

/// One of Claude Code's own tools, or what stands for the others.
///
/// @param name its name, from a closed list, else `other` or `mcp`
/// @param toolClass what such a tool does
record ToolKind(String name, ToolClass toolClass) {

  private static final Map<String, ToolClass> BUILT_IN =
      Map.ofEntries(
          Map.entry("Read", ToolClass.READ),
          Map.entry("NotebookRead", ToolClass.READ),
          Map.entry("LS", ToolClass.READ),
          Map.entry("Grep", ToolClass.SEARCH),
          Map.entry("Glob", ToolClass.SEARCH),
          Map.entry("ToolSearch", ToolClass.SEARCH),
          Map.entry("Edit", ToolClass.EDIT),
          Map.entry("MultiEdit", ToolClass.EDIT),
          Map.entry("NotebookEdit", ToolClass.EDIT),
          Map.entry("Write", ToolClass.CREATE),
          Map.entry("Bash", ToolClass.SHELL),
          Map.entry("PowerShell", ToolClass.SHELL),
          Map.entry("BashOutput", ToolClass.SHELL),
          Map.entry("KillBash", ToolClass.SHELL),
          Map.entry("KillShell", ToolClass.SHELL),
          Map.entry("Monitor", ToolClass.SHELL),
          Map.entry("WebFetch", ToolClass.WEB),
          Map.entry("WebSearch", ToolClass.WEB),
          Map.entry("Task", ToolClass.SUBAGENT),
          Map.entry("Agent", ToolClass.SUBAGENT),
          Map.entry("TaskOutput", ToolClass.SUBAGENT),
          Map.entry("TaskStop", ToolClass.SUBAGENT),
          Map.entry("SendMessage", ToolClass.SUBAGENT),
          Map.entry("TodoWrite", ToolClass.PLAN),
          Map.entry("TaskCreate", ToolClass.PLAN),
          Map.entry("TaskUpdate", ToolClass.PLAN),
          Map.entry("TaskList", ToolClass.PLAN),
          Map.entry("TaskGet", ToolClass.PLAN),
          Map.entry("EnterPlanMode", ToolClass.PLAN),
          Map.entry("ExitPlanMode", ToolClass.PLAN),
          Map.entry("AskUserQuestion", ToolClass.OTHER),
          Map.entry("Skill", ToolClass.OTHER),
          Map.entry("SlashCommand", ToolClass.OTHER),
          Map.entry("EnterWorktree", ToolClass.OTHER),
          Map.entry("ExitWorktree", ToolClass.OTHER));

  static ToolKind of(String nativeName) {
    if (nativeName.startsWith("mcp__")) {
      return new ToolKind("mcp", ToolClass.MCP);
    }
    ToolClass toolClass = BUILT_IN.get(nativeName);
    return toolClass == null
        ? new ToolKind("other", ToolClass.OTHER)
        : new ToolKind(nativeName, toolClass);
  }

  boolean isShellRun() {
    return name.equals("Bash") || name.equals("PowerShell");
  }

  boolean isSubagentRun() {
    return name.equals("Task") || name.equals("Agent");
  }
}
