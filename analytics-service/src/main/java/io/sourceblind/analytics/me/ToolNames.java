// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

/// AI tools by the names that their makers gave them.
final class ToolNames {
  private ToolNames() {}

  static String of(String tool) {
    return switch (tool) {
      case "claude_code" -> "Claude Code";
      case "codex" -> "Codex";
      case "gemini_cli" -> "Gemini CLI";
      case "cursor" -> "Cursor";
      case "copilot_cli" -> "Copilot CLI";
      case "vscode_copilot" -> "Copilot in VS Code";
      case "opencode" -> "OpenCode";
      case "aider" -> "Aider";
      case "windsurf" -> "Windsurf";
      case "amp" -> "Amp";
      case "goose" -> "Goose";
      case "droid" -> "Droid";
      case "pi" -> "Pi";
      default -> "Another tool";
    };
  }
}
