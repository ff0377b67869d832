// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Why a tool call failed.
public enum ToolError implements Word {
  EXIT_CODE,
  INVALID_INPUT,
  NOT_FOUND,
  PERMISSION,
  TIMEOUT,
  INTERRUPTED,
  NETWORK,
  OTHER
}
