// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Who decided about a tool call.
public enum PermissionDecider implements Word {
  USER,
  CONFIG,
  HOOK,
  CLASSIFIER,
  POLICY,
  UNKNOWN
}
