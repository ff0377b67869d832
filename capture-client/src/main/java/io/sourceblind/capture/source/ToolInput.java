// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.AgentType;
import io.sourceblind.events.FileOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes a call of what a tool was given. Each tool has its own names for the same few things; they
/// are counted here, and only a path and the skeleton of a command may go on.
final class ToolInput {

  private static final int BILLION = 1_000_000_000;

  private static final List<String> PATHS =
      List.of(
          "file_path",
          "filePath",
          "notebook_path",
          "absolute_path",
          "path",
          "target_file",
          "relative_workspace_path");
  private static final List<String> WRITTEN =
      List.of("content", "contents", "file_text", "new_content", "new_source");
  private static final List<String> REPLACED =
      List.of("old_string", "oldString", "old_str", "oldText");
  private static final List<String> REPLACING =
      List.of("new_string", "newString", "new_str", "newText", "code_edit", "new_source");
  private static final List<String> EDITS = List.of("edits", "replacements");
  private static final List<String> PATCHES = List.of("patch", "input", "command", "patchText");

  private ToolInput() {}

  static Call call(ToolKind tool, @Nullable JsonNode input) {
    Call call = Call.of(tool, input == null ? 0 : Bounds.count(Json.bytes(input), BILLION));
    if (input == null) {
      return call;
    }
    if (tool.runsCommands()) {
      String command = command(input);
      boolean background =
          Json.isTrue(input, "run_in_background")
              || Json.isTrue(input, "isBackground")
              || Json.isTrue(input, "is_background");
      return (command == null ? call : call.running(command)).inBackground(background);
    }
    if (tool.startsAgents()) {
      return call.startingAgent(
              agentType(Json.text(input, "subagent_type", Json.text(input, "agent_type", ""))))
          .inBackground(Json.isTrue(input, "run_in_background"));
    }
    return call.touching(files(tool, input));
  }

  /// A call of a tool of an MCP server; both go on as refs only.
  ///
  /// @param tool null where the record names the server alone
  static Call mcp(Refs refs, String server, @Nullable String tool, @Nullable JsonNode input) {
    return call(ToolKind.MCP, input)
        .ofServer(refs.of("mcp_server", server), tool == null ? null : refs.of("mcp_tool", tool));
  }

  private static @Nullable String command(JsonNode input) {
    for (String name : List.of("command", "cmd")) {
      String text = Json.text(input, name);
      if (text != null) {
        return text;
      }
      JsonNode words = Json.array(input, name);
      if (words != null) {
        return joined(words);
      }
    }
    return null;
  }

  /// `["bash", "-lc", script]` is the script; other words are quoted so that the shell lexer sees
  /// the same words again.
  static String joined(JsonNode words) {
    List<String> all = new ArrayList<>();
    for (JsonNode word : words) {
      all.add(word.isString() ? word.asString() : "");
    }
    if (all.size() == 3
        && all.get(0).matches("(?:.*/)?(?:ba|z|da|k)?sh")
        && all.get(1).matches("-l?i?c")) {
      return all.get(2);
    }
    StringBuilder line = new StringBuilder();
    for (String word : all) {
      line.append(line.isEmpty() ? "" : " ");
      line.append(
          word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }

  static List<FileChange> files(ToolKind tool, JsonNode input) {
    FileOperation op =
        switch (tool.toolClass()) {
          case READ -> FileOperation.READ;
          case CREATE -> FileOperation.CREATE;
          case EDIT -> FileOperation.EDIT;
          case DELETE -> FileOperation.DELETE;
          default -> null;
        };
    if (op == null) {
      return List.of();
    }
    if (op == FileOperation.EDIT) {
      for (String name : PATCHES) {
        String patch = Json.text(input, name);
        if (patch != null && patch.contains("*** Begin Patch")) {
          return Patch.files(patch);
        }
      }
    }
    String path = first(input, PATHS);
    JsonNode replacements = Json.array(input, "replacements");
    if (path == null && replacements != null && !replacements.isEmpty()) {
      path = first(replacements.get(0), PATHS);
    }
    if (path == null || path.isEmpty()) {
      return List.of();
    }
    return switch (op) {
      case READ -> List.of(FileChange.read(path, null));
      case DELETE -> List.of(FileChange.of(op, path, 0, 0, 0));
      case CREATE -> {
        String written = firstOf(input, WRITTEN);
        Integer bytes = written == null ? null : Json.size(input, written);
        yield List.of(
            FileChange.of(op, path, lines(input, WRITTEN), 0, 1)
                .withBytesAfter(bytes == null ? 0 : bytes));
      }
      default -> List.of(edited(path, input));
    };
  }

  private static FileChange edited(String path, JsonNode input) {
    int added = 0;
    int removed = 0;
    int hunks = 0;
    for (String name : EDITS) {
      JsonNode edits = Json.array(input, name);
      if (edits != null) {
        for (JsonNode edit : edits) {
          added += lines(edit, REPLACING);
          removed += lines(edit, REPLACED);
          hunks++;
        }
      }
    }
    if (hunks == 0) {
      added = lines(input, REPLACING);
      removed = lines(input, REPLACED);
      hunks = 1;
      if (added + removed == 0) {
        // Tools that edit by writing the whole file anew.
        added = lines(input, WRITTEN);
      }
    }
    return FileChange.of(FileOperation.EDIT, path, added, removed, hunks);
  }

  private static int lines(JsonNode input, List<String> names) {
    String name = firstOf(input, names);
    Integer lines = name == null ? null : Json.lines(input, name);
    return lines == null ? 0 : lines;
  }

  static @Nullable String path(JsonNode input) {
    return first(input, PATHS);
  }

  private static @Nullable String first(JsonNode input, List<String> names) {
    String name = firstOf(input, names);
    return name == null ? null : Json.text(input, name);
  }

  /// The first of the names by which the input has a text.
  private static @Nullable String firstOf(JsonNode input, List<String> names) {
    for (String name : names) {
      JsonNode value = input.get(name);
      if (value != null && value.isString()) {
        return name;
      }
    }
    return null;
  }

  static AgentType agentType(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "general-purpose" -> AgentType.GENERAL_PURPOSE;
      case "explore" -> AgentType.EXPLORE;
      case "plan" -> AgentType.PLAN;
      case "statusline-setup" -> AgentType.STATUSLINE_SETUP;
      case "output-style-setup" -> AgentType.OUTPUT_STYLE_SETUP;
      case "claude-code-guide" -> AgentType.CLAUDE_CODE_GUIDE;
      case "code-reviewer" -> AgentType.CODE_REVIEWER;
      default -> AgentType.CUSTOM;
    };
  }
}
