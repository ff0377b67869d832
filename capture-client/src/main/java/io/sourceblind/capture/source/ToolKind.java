// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.Tool;
import io.sourceblind.events.ToolClass;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// One of an AI tool's own tools, or what stands for the others.
///
/// @param name its name, from a closed list, else `other` or `mcp`
/// @param toolClass what such a tool does
record ToolKind(String name, ToolClass toolClass) {

  static final ToolKind MCP = new ToolKind("mcp", ToolClass.MCP);
  static final ToolKind OTHER = new ToolKind("other", ToolClass.OTHER);

  private static final Map<Tool, Map<String, ToolClass>> BUILT_IN = new EnumMap<>(Tool.class);

  static {
    built(
        Tool.CLAUDE_CODE,
        """
        read: Read NotebookRead
        search: Grep Glob ToolSearch LS
        edit: Edit MultiEdit NotebookEdit
        create: Write
        shell: Bash PowerShell BashOutput KillBash KillShell Monitor
        web: WebFetch WebSearch
        subagent: Task Agent TaskOutput TaskStop SendMessage
        plan: TodoWrite TaskCreate TaskUpdate TaskList TaskGet EnterPlanMode ExitPlanMode
        other: AskUserQuestion Skill SlashCommand EnterWorktree ExitWorktree
        """);
    built(
        Tool.CODEX,
        """
        read: view_image
        search: tool_search
        edit: apply_patch
        shell: shell shell_command exec_command local_shell write_stdin unified_exec
        web: web_search
        subagent: spawn_agent wait_agent send_input close_agent
        plan: update_plan
        other: image_generation request_user_input
        """);
    built(
        Tool.GEMINI_CLI,
        """
        read: read_file read_many_files
        search: glob search_file_content grep_search list_directory
        edit: replace
        create: write_file
        shell: run_shell_command run_command
        web: web_fetch google_web_search
        subagent: delegate_to_agent codebase_investigator
        plan: write_todos
        other: save_memory ask_user activate_skill
        """);
    built(
        Tool.CURSOR,
        """
        read: Read read_file
        search: Grep Glob LS grep codebase_search file_search list_dir
        edit: StrReplace ApplyPatch Edit edit_file search_replace
        create: Write
        delete: Delete delete_file
        shell: Shell Bash run_terminal_cmd
        web: WebSearch WebFetch web_search
        subagent: Task Agent
        plan: TodoWrite todo_write
        """);
    String copilot =
        """
        read: view read_file
        search: grep glob rg list_dir grep_search file_search semantic_search
        edit: str_replace edit apply_patch replace_string_in_file multi_replace_string_in_file insert_edit_into_file
        create: create create_file
        shell: bash powershell run_in_terminal write_bash read_bash stop_bash list_bash get_terminal_output
        web: web_fetch web_search fetch_webpage
        subagent: task runSubagent
        plan: update_todo manage_todo_list
        other: report_intent ask_user skill
        """;
    built(Tool.COPILOT_CLI, copilot);
    built(Tool.VSCODE_COPILOT, copilot);
    built(
        Tool.OPENCODE,
        """
        read: read
        search: grep glob list lsp codesearch
        edit: edit multiedit patch apply_patch
        create: write
        shell: bash
        web: webfetch websearch
        subagent: task
        plan: todowrite todoread plan_enter plan_exit
        other: skill question
        """);
    built(
        Tool.WINDSURF,
        """
        read: view_file read_terminal
        search: find grep_search list_directory codebase_search
        edit: code_action
        shell: run_command command_status
        web: search_web read_url_content
        mcp: list_resources read_resource mcp_tool
        """);
    built(
        Tool.AMP,
        """
        read: Read
        search: Grep glob finder list_directory
        edit: edit_file undo_edit
        create: create_file
        shell: Bash
        web: web_search read_web_page
        subagent: Task oracle librarian
        plan: todo_write todo_read
        """);
    built(
        Tool.GOOSE,
        """
        read: read
        search: tree
        edit: text_editor edit
        create: write
        shell: shell
        """);
    built(
        Tool.DROID,
        """
        read: Read
        search: Grep Glob LS
        edit: Edit ApplyPatch MultiEdit
        create: Create Write
        shell: Execute Shell
        web: WebSearch FetchUrl
        subagent: Task
        plan: TodoWrite ExitSpecMode
        other: AskUser Skill
        """);
    built(
        Tool.PI,
        """
        read: read
        search: grep find ls
        edit: edit
        create: write
        shell: bash
        """);
  }

  /// Tools that run a command line, among those that have to do with shells.
  private static final Set<String> RUNS =
      Set.of(
          "Bash",
          "PowerShell",
          "shell",
          "shell_command",
          "exec_command",
          "local_shell",
          "run_shell_command",
          "run_command",
          "Shell",
          "run_terminal_cmd",
          "bash",
          "powershell",
          "run_in_terminal",
          "Execute");

  private static final Set<String> STARTS_AGENTS =
      Set.of("Task", "Agent", "task", "spawn_agent", "runSubagent", "delegate_to_agent");

  private static void built(Tool tool, String table) {
    Map<String, ToolClass> names = new HashMap<>();
    for (String line : table.strip().split("\n", -1)) {
      String[] words = line.strip().split("[: ]+", -1);
      ToolClass toolClass = ToolClass.valueOf(words[0].toUpperCase(Locale.ROOT));
      for (int i = 1; i < words.length; i++) {
        names.put(words[i], toolClass);
      }
    }
    BUILT_IN.put(tool, Map.copyOf(names));
  }

  static ToolKind of(Tool tool, String nativeName) {
    ToolClass toolClass = BUILT_IN.getOrDefault(tool, Map.of()).get(nativeName);
    return toolClass == null ? OTHER : new ToolKind(nativeName, toolClass);
  }

  boolean runsCommands() {
    return RUNS.contains(name);
  }

  boolean startsAgents() {
    return STARTS_AGENTS.contains(name);
  }
}
