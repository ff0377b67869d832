// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.hooks;

import io.sourceblind.events.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A tool that can be given hooks: where its settings are, which of its hooks we want, and how one
/// is written down.
public enum HookedTool {
  /// Programs are started without a shell in between, and nobody waits for them.
  CLAUDE_CODE(
      Tool.CLAUDE_CODE,
      "CLAUDE_CONFIG_DIR",
      ".claude",
      "settings.json",
      "",
      "SessionStart UserPromptSubmit PostToolUse PostToolUseFailure PostCompact SessionEnd") {
    @Override
    String entry(String shim, String event) {
      return "{ \"hooks\": [{ \"type\": \"command\", \"command\": "
          + quoted(shim)
          + ", \"args\": [\"claude_code\", \""
          + event
          + "\"], \"async\": true, \"timeout\": 10 }] }";
    }
  },

  /// Its hooks run after the engineer accepted them in Codex with `/hooks`.
  CODEX(
      Tool.CODEX,
      "CODEX_HOME",
      ".codex",
      "hooks.json",
      "",
      "SessionStart UserPromptSubmit PostToolUse PostCompact SessionEnd"),

  /// Times are in milliseconds there.
  GEMINI_CLI(
      Tool.GEMINI_CLI,
      "GEMINI_CLI_HOME",
      ".gemini",
      "settings.json",
      "",
      "SessionStart BeforeAgent AfterTool SessionEnd") {
    @Override
    String entry(String shim, String event) {
      return "{ \"hooks\": [{ \"type\": \"command\", \"command\": "
          + quoted(line(shim, event))
          + ", \"timeout\": 3000 }] }";
    }
  },

  /// A flat list, and a hook that fails must not stop the tool.
  CURSOR(
      Tool.CURSOR,
      "",
      ".cursor",
      "hooks.json",
      "\"version\": 1",
      "sessionStart beforeSubmitPrompt postToolUse postToolUseFailure sessionEnd") {
    @Override
    String entry(String shim, String event) {
      return "{ \"command\": "
          + quoted(line(shim, event))
          + ", \"timeout\": 3, \"failClosed\": false }";
    }
  },

  /// It reads every file of a folder, so ours stands there alone.
  COPILOT_CLI(
      Tool.COPILOT_CLI,
      "",
      ".copilot",
      "hooks/sourceblind-capture.json",
      "\"version\": 1",
      "SessionStart UserPromptSubmit PostToolUse SessionEnd") {
    @Override
    String entry(String shim, String event) {
      return "{ \"type\": \"command\", \"bash\": "
          + quoted(line(shim, event))
          + ", \"timeoutSec\": 3 }";
    }
  },

  /// As Claude Code, with a shell.
  DROID(
      Tool.DROID,
      "",
      ".factory",
      "settings.json",
      "",
      "SessionStart UserPromptSubmit PostToolUse SessionEnd");

  private final Tool tool;
  private final String variable;
  private final String folder;
  private final String file;
  private final String head;
  private final String events;

  HookedTool(Tool tool, String variable, String folder, String file, String head, String events) {
    this.tool = tool;
    this.variable = variable;
    this.folder = folder;
    this.file = file;
    this.head = head;
    this.events = events;
  }

  /// The tool by the name that people type, such as `claude-code`.
  public static Optional<HookedTool> named(String name) {
    return List.of(values()).stream()
        .filter(tool -> tool.word().equals(name.toLowerCase(Locale.ROOT).replace('-', '_')))
        .findFirst();
  }

  /// Its name as it stands on the wire.
  public String word() {
    return tool.word();
  }

  Path folder(Path home, Map<String, String> environment) {
    String named = variable.isEmpty() ? null : environment.get(variable);
    if (named == null || named.isBlank()) {
      return home.resolve(folder);
    }
    // What Gemini calls its home is where its folder lies, not the folder.
    return this == GEMINI_CLI ? Path.of(named).resolve(folder) : Path.of(named);
  }

  Path settings(Path home, Map<String, String> environment) {
    return folder(home, environment).resolve(file);
  }

  List<String> events() {
    return List.of(events.split(" ", -1));
  }

  /// What a file that we make must begin with.
  String head() {
    return head;
  }

  /// One hook as JSON.
  String entry(String shim, String event) {
    return "{ \"hooks\": [{ \"type\": \"command\", \"command\": "
        + quoted(line(shim, event))
        + ", \"timeout\": 3 }] }";
  }

  /// The command for tools that hand it to a shell.
  String line(String shim, String event) {
    return shellWord(shim) + " " + word() + " " + event;
  }

  /// One word for a shell, whatever is in it.
  static String shellWord(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').append((char) c);
          } else if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
          } else {
            quoted.append((char) c);
          }
        });
    return quoted.append('"').toString();
  }
}
