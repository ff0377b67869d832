// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What a tool is for.
public enum ToolClass implements Word {
  READ,
  SEARCH,
  EDIT,
  CREATE,
  DELETE,
  SHELL,
  WEB,
  MCP,
  SUBAGENT,
  PLAN,
  OTHER
}
