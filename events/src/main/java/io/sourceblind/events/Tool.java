// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// An AI coding tool.
public enum Tool implements Word {
  CLAUDE_CODE,
  CODEX,
  GEMINI_CLI,
  CURSOR,
  COPILOT_CLI,
  VSCODE_COPILOT,
  OPENCODE,
  AIDER,
  WINDSURF,
  AMP,
  GOOSE,
  DROID,
  PI,
  OTHER
}
